/** The script that makes volumes, on the stand-in host: it makes what is missing, and changes nothing that is there. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { createHost, type Host, type Result } from '../host/host.ts';
import { full } from '../full.ts';
import { directory, scriptOf, volume, zfs, type Documents } from './storage.ts';

let host: Host | null = null;
afterEach(() => {
  host?.dispose();
  host = null;
});

const trap = "it's $HOME `id` *.img";
const documents: Documents = {
  tank: zfs('tank', 'zroot/vm'),
  media: directory('media', '/srv/media'),
  a: volume('root', 'tank'),
  b: volume('data', 'tank', '<allocation unit="MiB">16</allocation>'),
  c: volume(trap, 'media', '<target><permissions><mode>0640</mode><group>80</group></permissions></target>'),
  d: volume('plain.img', 'media'),
};

/** A host with the script, where the dataset and the directory of the pools are. */
function install(of: Documents = documents): {
  readonly host: Host;
  readonly run: (...words: readonly string[]) => Promise<Result>;
} {
  const made = createHost({ zvols: ['zroot/vm/other'] });
  host = made;
  mkdirSync(made.path('/srv/media'), { recursive: true });
  const script = made.path('/create-volumes');
  writeFileSync(script, scriptOf(of));
  chmodSync(script, 0o755);
  return { host: made, run: (...words) => made.run(script, words) };
}

const lines = ({ stdout }: Result): readonly string[] => stdout.trimEnd().split('\n');
const namesIn = (made: Host): readonly string[] => readdirSync(made.path('/srv/media')).toSorted();

test('it makes what is missing, once', async () => {
  const { host: made, run } = install();
  const dry = await run('-n');
  expect(dry).toMatchObject({ status: 0, stderr: '' });
  expect(lines(dry)).toEqual([
    'tank/data: would be made: zfs create -s -V 67108864 -o volmode=dev -o refreservation=16777216 zroot/vm/data',
    'tank/root: would be made: zfs create -V 67108864 -o volmode=dev zroot/vm/root',
    `media/${trap}: would be made: /srv/media/${trap}, 67108864 bytes`,
    'media/plain.img: would be made: /srv/media/plain.img, 67108864 bytes',
  ]);
  expect(namesIn(made)).toEqual([]);
  expect(made.history().some(({ argv }) => argv[1] === 'create' || argv[0] === 'truncate')).toBe(false);

  const first = await run();
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(lines(first)).toEqual([
    'tank/data: made: zroot/vm/data, 67108864 bytes',
    'tank/root: made: zroot/vm/root, 67108864 bytes',
    `media/${trap}: made: /srv/media/${trap}, 67108864 bytes`,
    'media/plain.img: made: /srv/media/plain.img, 67108864 bytes',
  ]);
  expect(namesIn(made)).toEqual([trap, 'plain.img'].toSorted());
  const file = statSync(made.path(`/srv/media/${trap}`));
  expect([file.size, file.mode & 0o7777, file.nlink, file.blocks]).toEqual([67_108_864, 0o640, 1, 0]);
  expect(statSync(made.path('/srv/media/plain.img')).mode & 0o7777).toBe(0o600);
  expect(made.history().find(({ argv }) => argv[0] === 'chown')?.argv[1]).toBe(':80');
  expect(made.state()).toMatch(/zroot\/vm\/data volume 67108864 dev/);

  writeFileSync(made.path('/srv/media/plain.img'), 'a guest was here', { flag: 'r+' });
  const count = made.history().length;
  const second = await run();
  expect(second).toMatchObject({ status: 0, stderr: '' });
  expect(lines(second)).toEqual([
    'tank/data: is there',
    'tank/root: is there',
    `media/${trap}: is there`,
    'media/plain.img: is there',
  ]);
  expect(readFileSync(made.path('/srv/media/plain.img')).subarray(0, 16).toString()).toBe('a guest was here');
  const changing = made
    .history()
    .slice(count)
    .filter(({ argv }) => ['truncate', 'ln', 'rm', 'chmod', 'chown'].includes(argv[0] ?? '') || argv[1] === 'create');
  expect(changing).toEqual([]);
});

test('what is there is left as it is, and what cannot be made is told', async () => {
  const { host: made, run } = install({
    tank: zfs('tank', 'zroot/vm'),
    lost: zfs('lost', 'backup/vm'),
    media: directory('media', '/srv/media'),
    away: directory('away', '/srv/away'),
    a: volume('other', 'tank'),
    b: volume('folder', 'tank'),
    c: volume('x', 'lost'),
    d: volume('small.img', 'media'),
    e: volume('folder.img', 'media'),
    f: volume('link.img', 'media'),
    g: volume('node.img', 'media'),
    h: volume('x.img', 'away'),
    i: volume('setup.iso', 'media', "<target><format type='iso'/></target>"),
    j: volume('good.img', 'media'),
  });
  await made.run('zfs', ['create', 'zroot/vm/folder']);
  writeFileSync(made.path('/srv/media/small.img'), 'small');
  mkdirSync(made.path('/srv/media/folder.img'));
  symlinkSync('/nowhere', made.path('/srv/media/link.img'));
  symlinkSync('/dev/null', made.path('/srv/media/node.img'));
  const result = await run();
  expect(result.status).toBe(1);
  expect(lines(result)).toEqual([
    expect.stringMatching(/^tank\/other: is there with \d+ bytes, where its document says 67108864: left as it is$/),
    'media/good.img: made: /srv/media/good.img, 67108864 bytes',
    'media/node.img: is there, and no file: left as it is',
    'media/small.img: is there with 5 bytes, where its document says 67108864: left as it is',
  ]);
  expect(
    result.stderr
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('zfs: ')),
  ).toEqual([
    'lost/x: there is no dataset backup/vm: zfs create makes it, zpool import brings its pool',
    'tank/folder: zroot/vm/folder is there as a filesystem',
    'away/x.img: there is no directory /srv/away: make it, or mount what it is on',
    'media/folder.img: /srv/media/folder.img is a directory',
    'media/link.img: /srv/media/link.img is a link to nothing',
    'media/setup.iso: /srv/media/setup.iso is not there: it is an image, which has to be put there',
  ]);
  expect(readFileSync(made.path('/srv/media/small.img'), 'utf8')).toBe('small');
  expect(existsSync(made.path('/srv/away'))).toBe(false);
});

test('words that it does not know make nothing', async () => {
  const { host: made, run } = install();
  expect(await run('--force')).toMatchObject({ status: 64, stdout: '' });
  expect(await run('help')).toMatchObject({ status: 0 });
  expect(namesIn(made)).toEqual([]);
});

/** What a disturbed run may leave: volumes that are whole, and drafts that the next run takes away. */
function faultsIn(made: Host, label: string): readonly string[] {
  return namesIn(made)
    .filter((name) => !name.startsWith('.'))
    .filter((name) => {
      const { size: bytes, mode } = statSync(made.path(`/srv/media/${name}`));
      return bytes !== 67_108_864 || (mode & 0o7777) !== (name === trap ? 0o640 : 0o600);
    })
    .map((name) => `${label}: ${name} is not whole`);
}

const commands = Array.from({ length: 24 }, (_, i) => i + 1);
const sample = { fails: [9], 'fails afterwards': [12], killed: [6, 9, 11], 'killed afterwards': [10] } as const;

test.each(['fails', 'fails afterwards', 'killed', 'killed afterwards'] as const)(
  'wherever a command %s, no half volume is there, and the next run makes the rest',
  async (kind) => {
    const problems: string[] = [];
    for (const nth of full ? commands : sample[kind]) {
      const { host: made, run } = install();
      await disturb(made, nth, kind);
      problems.push(...faultsIn(made, `at ${String(nth)}`));
      const again = await run();
      problems.push(...faultsIn(made, `at ${String(nth)}, then again`));
      if (again.status !== 0) problems.push(`at ${String(nth)}: ${again.stderr}`);
      const left = namesIn(made).join(' ');
      if (left !== [trap, 'plain.img'].toSorted().join(' ')) problems.push(`at ${String(nth)}: ${left}`);
      made.dispose();
    }
    expect(problems).toEqual([]);
  },
);

/** One run, in which a command fails, or the script is killed at it. */
async function disturb(made: Host, nth: number, kind: keyof typeof sample): Promise<void> {
  const after = kind.endsWith('afterwards');
  if (kind.startsWith('fails')) {
    made.fail(nth, { after });
    await made.run(made.path('/create-volumes'));
  } else {
    made.pause(nth, { after });
    const running = made.start(made.path('/create-volumes'));
    const state = { over: false };
    const done = running.done.finally(() => (state.over = true));
    const file = made.path('/.host/paused');
    await made.waitFor(() => state.over || (existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')));
    if (!state.over) {
      running.kill('SIGKILL');
      made.release({ abort: true });
    }
    await done;
  }
  made.disarm();
}

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const shells = [['sh'], ['dash'], ['busybox', 'ash'], ['bash', '--posix']].filter(([program = '']) => has(program));

test.each(shells.map((words) => [words.join(' '), words] as const))(
  '%s runs it',
  async (_, [program = '', ...words]) => {
    const { host: made } = install();
    const result = await made.run(program, [...words, made.path('/create-volumes')]);
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(namesIn(made)).toEqual([trap, 'plain.img'].toSorted());
  },
);

test.runIf(has('shellcheck'))('shellcheck has nothing to say', () => {
  const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: scriptOf(documents), encoding: 'utf8' });
  expect(stdout).toBe('');
});
