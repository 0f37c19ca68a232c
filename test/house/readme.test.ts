/** What README.md and CONTRIBUTING.md show is what the program prints, and the commands that they name are there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/bundling.mjs';
import { formatCommands } from '../../src/backends/argv/format.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { commandsOf, compileBytes } from '../../src/compile/compile.ts';
import type { CompileOptions } from '../../src/compile/stages.ts';
import { renderDiagnostic } from '../../src/diagnostics/render.ts';
import { defaultTarget } from '../../src/host/default-target.ts';
import { targetProfile } from '../../src/host/targets.ts';
import { exitStatus, openTerminal } from '../../src/system/terminal.ts';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const host = targetProfile(defaultTarget);
if (host === null) throw new Error('no host');
const options: CompileOptions = { host, dialect: 'bhyvec', schema: 'error', strict: false };

/** The text of the block that comes behind these words. */
function blockBehind(words: string): string {
  const [, rest = ''] = readme.split(words);
  return /^```\w*\n(.*?)\n```$/ms.exec(rest)?.[1] ?? '';
}

test('the commands of the example are those that README.md shows', () => {
  const name = 'examples/freebsd.xml';
  expect(readme).toContain(`npx bhyvec argv --format wrapped ${name}`);
  const compilation = compileBytes(name, readFileSync(path.join(root, name)), options);
  const lines = formatCommands(commandsOf(compilation), 'wrapped').trimEnd().split('\n');
  const shown = blockBehind("prints the loader's and bhyve's command of a FreeBSD guest:").split('\n');
  const left = shown.indexOf('...');
  expect(shown.slice(0, left)).toEqual(lines.slice(0, left));
  expect(shown.slice(left + 1)).toEqual(lines.slice(left + 1 - shown.length));
});

test('the mistake that README.md shows is told like that', () => {
  const shown = blockBehind('## Mistakes are explained');
  const [, target = ''] = /^11 \| (.*)$/m.exec(shown) ?? [];
  const document = `<domain type='bhyve'>
  <name>web</name>
  <memory unit='MiB'>512</memory>
  <os firmware='efi'>
    <type>hvm</type>
  </os>
  <devices>
    <emulator>/usr/sbin/bhyve</emulator>
    <disk type='file'>
      <source file='/vm/web.img'/>
${target}
    </disk>
  </devices>
</domain>
`;
  const { diagnostics } = compileBytes('web.xml', new TextEncoder().encode(document), options);
  expect(diagnostics.map((one) => renderDiagnostic(one).trimEnd())).toEqual([shown]);
});

test('each command that README.md names is one', () => {
  const program = buildProgram(openTerminal(), () => undefined, []);
  const named = [...readme.matchAll(/^\| `bhyvec (?<first>.*?)\|/gm)].flatMap(({ groups: { first = '' } = {} }) =>
    `bhyvec ${first}`.split('`').flatMap((part, nth) => {
      const words = part.replace(/^bhyvec /, '').split(' ');
      return nth % 2 === 0 && /^[a-z]/.test(part) ? [words.filter((word) => /^[a-z][a-z-]*$/.test(word))] : [];
    }),
  );
  expect(named.length).toBeGreaterThan(15);
  const missing = named.filter(([first = '', second]) => {
    const command = program.commands.find((one) => one.name() === first);
    const below = command?.commands.map((one) => one.name()) ?? [];
    return command === undefined || (second !== undefined && below.length > 0 && !below.includes(second));
  });
  // `probe` of `host validate`, `probe`, and `free` of `lock rename`, `free`, stand by themselves.
  expect(
    missing.filter(([first = '']) => !program.commands.some((one) => one.commands.some((two) => two.name() === first))),
  ).toEqual([]);
});

test('the exit statuses are those of README.md', () => {
  const { done, mistakes, usage, bug } = exitStatus;
  const said = `status is ${String(done)} when all was done, ${String(mistakes)} for mistakes in the input, ${String(usage)} for wrong usage and ${String(bug)} for a bug of ours`;
  expect(readme.replaceAll('\n', ' ')).toContain(said);
});

test('each script of npm that the pages name is one', () => {
  const pages = `${readme}${readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8')}`;
  const named = [...pages.matchAll(/npm run (?:-s |--silent )?([\w:]+)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
});
