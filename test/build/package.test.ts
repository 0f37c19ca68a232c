/** The package as other programs get it: packed by npm, unpacked elsewhere, its compiler imported, its types checked. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { full } from '../full.ts';
import { declarations } from '../../scripts/declarations.mjs';
import { buildProgram } from '../cli/program.ts';
import { guestXml } from './workshop.ts';

/** What somebody else writes, in TypeScript. */
const consumer = `
import {
  backends, builtInTargets, checkGuests, commandsOf, compileBytes, defaultTarget, emitBuild, emitGuest, formatCommands,
  readHost, renderDiagnostic, targetProfile, toJson, type Compilation, type CompileOptions, type Diagnostic, type Plan,
} from 'bhyvec';

// Without @types/node: the package asks for no types but its own.
declare const process: { readonly argv: readonly string[] };
declare const console: { log(text: string): void };
declare class TextEncoder { encode(text: string): Uint8Array }

const hash = (content: string | Uint8Array): string => content.length.toString(16);
const host = targetProfile(defaultTarget);
if (host === null || builtInTargets.length === 0) throw new Error('no host');
const options: CompileOptions = { host, dialect: 'bhyvec', schema: 'error', strict: false };
const compilation: Compilation = compileBytes('web.xml', new TextEncoder().encode(process.argv[2] ?? ''), options);
const plans: readonly Plan[] = compilation.plan === null ? [] : [compilation.plan];
const findings: readonly Diagnostic[] = [...compilation.diagnostics, ...checkGuests(plans, options)];
console.log(JSON.stringify({
  findings: findings.map(toJson),
  shown: findings.map((finding) => renderDiagnostic(finding)),
  argv: formatCommands(commandsOf(compilation), 'lines'),
  files: plans.flatMap((plan) => emitGuest(plan, backends)).map((file) => file.path),
  tree: emitBuild(plans, hash).map((file) => file.path),
  profile: readHost({ name: 'host.json', text: '{ "version": 1, "release": "14.3" }' }).profile?.name,
}));
`;

let folder: string;
let installed: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-package-'));
  const package_ = path.join(folder, 'package');
  mkdirSync(package_);
  for (const name of ['package.json', 'schemas', 'docs', 'README.md', 'LICENSE']) {
    cpSync(path.join(root, name), path.join(package_, name), { recursive: true });
  }
  const program = await buildProgram();
  cpSync(path.join(program.folder, 'dist'), path.join(package_, 'dist'), { recursive: true });
  program.remove();
  for (const { path: file, text } of declarations()) {
    const target = path.join(package_, 'dist/types', file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  const packed = run('npm', ['pack', '--ignore-scripts', '--silent', '--cache', path.join(folder, 'cache')], package_);
  installed = path.join(folder, 'user/node_modules/bhyvec');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', path.join(package_, packed.trim()), '--strip-components=1', '-C', installed], folder);
  writeFileSync(path.join(folder, 'user/consumer.ts'), consumer);
  writeFileSync(path.join(folder, 'user/package.json'), '{ "type": "module" }');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string, words: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

/** The consumer in JavaScript; throws what a strict compiler says of it and of all types of the package. */
function compiled(): string {
  const file = path.join(folder, 'user/consumer.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    lib: ['lib.es2023.d.ts'],
    types: [],
  };
  const program = ts.createProgram([file], options);
  const found = ts.getPreEmitDiagnostics(program);
  expect(
    found.map(({ messageText, file: at }) => [at?.fileName, ts.flattenDiagnosticMessageText(messageText, '\n')]),
  ).toEqual([]);
  let text = '';
  program.emit(program.getSourceFile(file), (_name, written) => (text = written));
  return text;
}

test.runIf(full)('a program imports the compiler, with types, and gets the files of a build', () => {
  writeFileSync(path.join(folder, 'user/consumer.js'), compiled());
  const said: unknown = JSON.parse(run(process.execPath, ['consumer.js', guestXml('web')], path.join(folder, 'user')));
  expect(said).toMatchObject({ findings: [], profile: 'freebsd-14.3' });
  expect(said).toHaveProperty('argv', expect.stringMatching(/\nweb\n$/));
  expect(said).toHaveProperty('files', expect.arrayContaining(['argv', 'launch', 'plan.json']));
  expect(said).toHaveProperty('tree', expect.arrayContaining(['web/launch', 'manifest.json']));
  const wrong: unknown = JSON.parse(run(process.execPath, ['consumer.js', '<domain/>'], path.join(folder, 'user')));
  expect(wrong).toMatchObject({
    argv: '',
    files: [],
    findings: expect.arrayContaining([expect.objectContaining({ file: 'web.xml' })]) as unknown,
  });
});

test.runIf(full)('the example of docs/library.md runs, and all functions that the page names are there', () => {
  const page = readFileSync(path.join(installed, 'docs/library.md'), 'utf8');
  const [, example = ''] = /^```js\n(.*?)^```$/ms.exec(page) ?? [];
  const user = path.join(folder, 'user');
  writeFileSync(path.join(user, 'web.xml'), guestXml('web'));
  writeFileSync(path.join(user, 'example.js'), example);
  expect(run(process.execPath, ['example.js'], user)).toMatch(/^bhyve .*web$/ms);
  const rows = [...page.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+(?=`)/g) ?? []);
  writeFileSync(path.join(user, 'names.js'), "import * as all from 'bhyvec'; console.log(Object.keys(all).join(' '));");
  const exported = run(process.execPath, ['names.js'], user).trim().split(' ');
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter((name) => !exported.includes(name))).toEqual([]);
});

test.runIf(full)('the schemas can be imported by name, and nothing inside can', () => {
  const importing = (name: string): string =>
    spawnSync(process.execPath, ['-e', `console.log(require.resolve('${name}'))`], {
      cwd: path.join(folder, 'user'),
      encoding: 'utf8',
    }).stdout.trim();
  for (const name of readdirSync(path.join(root, 'schemas')))
    expect(existsSync(importing(`bhyvec/schemas/${name}`))).toBe(true);
  expect(importing('bhyvec/dist/bhyvec.mjs')).toBe('');
});
