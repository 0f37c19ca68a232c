/** A build is killed at each of its calls to the system: the next one ends with the right tree, and nothing is left. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildProgram } from '../cli/program.ts';
import { full, size } from '../full.ts';
import { guestXml, openWorkshop, vnc } from './workshop.ts';
import { forAllTests, forEachTest } from '../lend.ts';

const preload = fileURLToPath(new URL('../supervisor/signal-at.mjs', import.meta.url));
const hasStrace = spawnSync('strace', ['-V']).status === 0;

const program = forAllTests(buildProgram, (it) => {
  it.remove();
});
const shop = forEachTest(openWorkshop, (it) => {
  it.remove();
});
/** The tree that a build makes, with the folders that are empty. */
type Tree = Readonly<Record<string, string>>;

function treeNow(): Tree {
  const folders = readdirSync(shop().at('out'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  return {
    ...shop().snapshot(),
    folders: folders.map((one) => path.relative(shop().at('out'), path.join(one.parentPath, one.name))).join(' '),
  };
}

/** Two builds for one folder: `web` changes, `db` with its password goes, `api` comes. */
interface Builds {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** What each makes in an empty folder. */
  readonly trees: readonly [before: Tree, after: Tree];
  /** The lock after the second one. */
  readonly lock: Tree;
}

/** The lock, and whatever a build has left beside it. */
function lockNow(): Tree {
  const names = readdirSync(shop().folder).filter(
    (name) => name.startsWith('bhyvec.lock') || name.startsWith('.bhyvec'),
  );
  return Object.fromEntries(names.map((name) => [name, shop().read(name)]));
}

async function builds(): Promise<Builds> {
  const before = [shop().put('web.xml'), shop().put('db.xml', guestXml('db', vnc('sesame')))];
  const changed = shop().put('changed.xml', guestXml('web', vnc('sesame', 5902)));
  const after = [changed, shop().put('api.xml')];
  const trees: Tree[] = [];
  for (const files of [before, after]) {
    rmSync(shop().at('out'), { recursive: true, force: true });
    expect((await shop().build(files)).status).toBe(0);
    trees.push(treeNow());
  }
  const [first = {}, second = {}] = trees;
  return { before, after, trees: [first, second], lock: lockNow() };
}

/** The tree as it was before, whole. */
async function again({ before, trees }: Builds): Promise<void> {
  rmSync(shop().at('out'), { recursive: true, force: true });
  rmSync(shop().at('bhyvec.lock'), { force: true });
  await shop().build(before);
  expect(treeNow()).toEqual(trees[0]);
}

/** Builds as a process of its own; `words` stand before node, which gets `options`. */
function build(files: readonly string[], words: readonly string[], options: readonly string[], env: object) {
  const [command = '', ...rest] = [
    ...words,
    process.execPath,
    ...options,
    program().main,
    'build',
    '--no-xmllint',
    ...files,
  ];
  const output = ['--output', shop().at('out'), '--target', 'freebsd-14.3'];
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'] as const;
  const {
    status,
    signal,
    output: said,
  } = spawnSync(command, [...rest, ...output], {
    env: { ...process.env, ...env },
    stdio: [...stdio],
    encoding: 'utf8',
  });
  return { status, signal, told: said[3] ?? '' };
}

/** After a death: what `--check` and the next build make of it, be it the same build or the one before. */
async function mends({ before, after, trees, lock }: Builds, back: boolean, where: string): Promise<void> {
  const check = await shop().build(after, { check: true });
  expect([where, check.status, check.err]).toEqual([where, expect.any(Number), expect.not.stringContaining('bhyvec:')]);
  // A note of what is ours may stay, and nothing that was to be secret.
  const staging = shop().at('out/.bhyvec-build');
  const left = existsSync(staging) ? readdirSync(staging).filter((name) => !/^manifest.*[.]json$/.test(name)) : [];
  expect([where, left]).toEqual([where, []]);
  const next = await shop().build(back ? before : after);
  expect([where, next.status, treeNow()]).toEqual([where, 0, trees[back ? 0 : 1]]);
  // Going back frees no place; of guests that are built the lock says the same as without the death.
  if (back) expect([where, Object.keys(lockNow())]).toEqual([where, Object.keys(lock)]);
  else expect([where, lockNow()]).toEqual([where, lock]);
}

test('killed before each of its calls', async () => {
  const all = await builds();
  await again(all);
  const { told } = build(all.after, [], ['--import', preload], { SIGNAL_AT_CALL: '0' });
  const calls = Number(/calls (\d+)/.exec(told)?.[1]);
  expect(calls).toBeGreaterThan(40);
  const step = size(Math.ceil(calls / 2), 1, 4);
  for (let call = full ? 1 : calls % step || step; call <= calls; call += step) {
    await again(all);
    const env = { SIGNAL_AT_CALL: String(call), SIGNAL_AT_NAME: 'SIGKILL' };
    expect(build(all.after, [], ['--import', preload], env).signal).toBe('SIGKILL');
    await mends(all, call % 3 === 0, `call ${String(call)}`);
  }
});

test.runIf(full)('killed again and again, it still knows what is its own', async () => {
  const all = await builds();
  await again(all);
  const { told } = build(all.after, [], ['--import', preload], { SIGNAL_AT_CALL: '0' });
  const calls = Number(/calls (\d+)/.exec(told)?.[1]);
  await again(all);
  const step = size(Math.ceil(calls / 2), 5, 20);
  for (let back = 0; back < calls - 40; back += step) {
    const files = back % 2 === 0 ? all.after : all.before;
    const env = { SIGNAL_AT_CALL: String(calls - back), SIGNAL_AT_NAME: 'SIGKILL' };
    build(files, [], ['--import', preload], env);
  }
  await mends(all, false, 'after many');
});

test.runIf(full)(
  'the first build of a strict user, killed: folders have their modes, and nothing lies beside them',
  async () => {
    const all = await builds();
    const strict = ['sh', '-c', 'umask 077; exec "$@"', 'sh'];
    const place = shop().at('out');
    const remake = (call: number): string | null => {
      rmSync(place, { recursive: true, force: true });
      const env = { SIGNAL_AT_CALL: String(call), SIGNAL_AT_NAME: 'SIGKILL' };
      return build(all.after, strict, ['--import', preload], env).told;
    };
    const calls = Number(/calls (\d+)/.exec(remake(0) ?? '')?.[1]);
    const step = size(calls, 1, 4);
    for (let call = 1; call <= calls; call += step) {
      remake(call);
      await mends(all, false, `call ${String(call)}`);
      expect(readdirSync(shop().folder).filter((name) => name.startsWith('.'))).toEqual([]);
      const folders = [place, ...readdirSync(place).map((name) => path.join(place, name))];
      for (const folder of folders) {
        const status = statSync(folder);
        if (status.isDirectory()) expect([call, folder, status.mode & 0o777]).toEqual([call, folder, 0o755]);
      }
    }
  },
);

/** The calls of the kernel that change something, or open it. */
const kernelCalls = [
  ...[
    '?mkdir',
    '?mkdirat',
    '?rmdir',
    '?unlink',
    '?unlinkat',
    '?rename',
    '?renameat',
    '?renameat2',
    '?chmod',
    '?fchmod',
  ],
  ...['?fchmodat', 'write', '?pwrite64', '?copy_file_range', '?sendfile', '?ftruncate', 'openat', 'close'],
].join(',');

test.runIf(full && hasStrace)('killed by strace at each call of the kernel', async () => {
  const all = await builds();
  let deaths = 0;
  const step = size(1, 1, 8);
  for (let call = 1; ; call += step) {
    await again(all);
    const inject = `inject=${kernelCalls}:signal=KILL:when=${String(call)}`;
    const strace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${kernelCalls}`, '-e', inject];
    const { status, signal } = build(all.after, strace, [], {});
    if (status === 0) break;
    deaths += 1;
    expect(signal).toBe('SIGKILL');
    await mends(all, call % 3 === 0, `kernel call ${String(call)}`);
  }
  expect(deaths).toBeGreaterThan(60 / step);
});
