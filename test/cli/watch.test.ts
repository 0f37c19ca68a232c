/** `bhyvec build --watch`: a process that builds again, and what it looks at. */
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changedFiles, createWatched, isSameLook } from '../../src/documents/watched.ts';
import { openWorkshop, guestXml } from '../build/workshop.ts';
import { until } from '../until.ts';
import { buildProgram, type Program } from './program.ts';

let program: Program;
let folder: string;
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  program = await buildProgram();
  folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-watch-'));
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true });
});

test('builds again when something changes, goes on after mistakes, and ends with 0 when asked to', async () => {
  mkdirSync(at('vm'));
  const file = at('vm/web.xml');
  writeFileSync(file, guestXml('web'));
  const words = [program.main, 'build', 'vm', '-o', 'out', '--watch', '--no-project'];
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let all = '';
  let seen = 0;
  child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()));
  /** What is printed up to the next wait. */
  const printed = async (): Promise<string> => {
    const end = 'Ctrl-C ends it\n';
    await until(
      () => all.includes(end, seen),
      () => all,
    );
    const start = seen;
    seen = all.indexOf(end, seen) + end.length;
    return all.slice(start, seen);
  };
  try {
    expect(await printed()).toMatch(/1 guest in out, \d+ files changed[^]*watching 2 files/);
    writeFileSync(file, guestXml('web').replace('512', '1024'));
    expect(await printed()).toMatch(/vm\/web\.xml has changed\n1 guest in out, \d+ files changed[^]*memory/);
    writeFileSync(file, '<domain>');
    expect(await printed()).toMatch(/error[^]*nothing was written/);
    writeFileSync(file, guestXml('web').replace('512', '1024'));
    expect(await printed()).toContain('1 guest in out, 0 files changed');
    writeFileSync(at('vm/db.xml'), guestXml('db'));
    expect(await printed()).toMatch(/vm\/db\.xml has changed\n2 guests in out/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});

test('looks at the project, profiles, documents, what they name, the lock and the passwords, and at nothing but their content', async () => {
  const root = at('project');
  for (const name of ['', 'domains', 'hosts']) mkdirSync(path.join(root, name), { recursive: true });
  const cloud = `<metadata><b:cloud-init xmlns:b='https://bhyvec.org/xmlns/domain/1.0'><b:user-data file='user.yaml'/></b:cloud-init></metadata>`;
  const project = { version: 1, hosts: { alpha: { profile: 'hosts/alpha.json', domains: ['domains/*.xml'] } } };
  const files = {
    'bhyvec.json': JSON.stringify(project),
    'hosts/alpha.json': '{}',
    'domains/web.xml': guestXml('web', '', cloud),
    'domains/user.yaml': '#cloud-config\n',
    'alpha.lock': '{}',
    'passwords.json': '{}',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  const look = createWatched([root], { schema: 'error' }, [path.join(root, 'passwords.json')]);
  let before = await look();
  for (const [name, text] of Object.entries({ ...files, 'domains/new.xml': '' })) {
    writeFileSync(path.join(root, name), `${text} `);
    const now = await look();
    expect(changedFiles(before, now)).toEqual([path.join(root, name)]);
    before = now;
  }
  // A file whose time alone is new, and one that nobody has named.
  utimesSync(path.join(root, 'domains/web.xml'), 1, 1);
  writeFileSync(path.join(root, 'domains/other.yaml'), '');
  expect(isSameLook(before, await look())).toBe(true);
  rmSync(path.join(root, 'domains/new.xml'));
  expect(changedFiles(before, await look())).toEqual([path.join(root, 'domains/new.xml')]);

  // A guest that is built alone is on the networks of the project.
  const net = path.join(root, 'domains/net.xml');
  writeFileSync(net, '<network/>');
  const one = createWatched([path.join(root, 'domains/web.xml')], { schema: 'error', project: root }, []);
  before = await one();
  writeFileSync(net, '<network> </network>');
  expect(changedFiles(before, await one())).toEqual([net]);
});

test('is refused where it makes no sense', async () => {
  const workshop = openWorkshop();
  const file = workshop.put('web');
  expect(await workshop.build([file], { watch: true, check: true })).toMatchObject({ status: 2 });
  expect(await workshop.build([file], { watch: true, format: 'json' })).toMatchObject({ status: 2 });
  expect(await workshop.build(['-'], { watch: true })).toMatchObject({
    status: 2,
    err: '--watch reads again what has changed, and standard input can be read once',
  });
  expect(await workshop.build(['/dev/null'], { watch: true })).toMatchObject({ status: 2 });
  expect(await workshop.build([file], { watch: true, host: '-' })).toMatchObject({ status: 2 });
  workshop.remove();
});
