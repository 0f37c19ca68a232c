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
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createHost, type Host, type Result } from '../host/host.ts';
import { full, oneOf } from '../full.ts';
import { hostFor, install } from '../launcher/guests.ts';
import { directory, guest, made, onVolume, scriptOf, volume, zfs, type Documents } from './storage.ts';

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
function installed(of: Documents = documents): {
  readonly host: Host;
  readonly run: (...words: readonly string[]) => Promise<Result>;
} {
  const own = createHost({ zvols: ['zroot/vm/other'] });
  host = own;
  mkdirSync(own.path('/srv/media'), { recursive: true });
  const script = own.path('/create-volumes');
  writeFileSync(script, scriptOf(of));
  chmodSync(script, 0o755);
  return { host: own, run: (...words) => own.run(script, words) };
}

const lines = ({ stdout }: Result): readonly string[] => stdout.trimEnd().split('\n');
const namesIn = (own: Host): readonly string[] => readdirSync(own.path('/srv/media')).toSorted();

test('it makes what is missing, once', async () => {
  const { host: own, run } = installed();
  const dry = await run('-n');
  expect(dry).toMatchObject({ status: 0, stderr: '' });
  expect(lines(dry)).toEqual([
    'tank/data: would be made: zfs create -s -V 67108864 -o volmode=dev -o refreservation=16777216 zroot/vm/data',
    'tank/root: would be made: zfs create -V 67108864 -o volmode=dev zroot/vm/root',
    `media/${trap}: would be made: /srv/media/${trap}, 67108864 bytes`,
    'media/plain.img: would be made: /srv/media/plain.img, 67108864 bytes',
  ]);
  expect(namesIn(own)).toEqual([]);
  expect(own.history().some(({ argv }) => argv[1] === 'create' || argv[0] === 'truncate')).toBe(false);

  const first = await run();
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(lines(first)).toEqual([
    'tank/data: made: zroot/vm/data, 67108864 bytes',
    'tank/root: made: zroot/vm/root, 67108864 bytes',
    `media/${trap}: made: /srv/media/${trap}, 67108864 bytes`,
    'media/plain.img: made: /srv/media/plain.img, 67108864 bytes',
  ]);
  expect(namesIn(own)).toEqual([trap, 'plain.img'].toSorted());
  const file = statSync(own.path(`/srv/media/${trap}`));
  expect([file.size, file.mode & 0o7777, file.nlink, file.blocks]).toEqual([67_108_864, 0o640, 1, 0]);
  expect(statSync(own.path('/srv/media/plain.img')).mode & 0o7777).toBe(0o600);
  expect(own.history().find(({ argv }) => argv[0] === 'chown')?.argv[1]).toBe(':80');
  expect(own.state()).toMatch(/zroot\/vm\/data volume 67108864 dev/);

  writeFileSync(own.path('/srv/media/plain.img'), 'a guest was here', { flag: 'r+' });
  const count = own.history().length;
  const second = await run();
  expect(second).toMatchObject({ status: 0, stderr: '' });
  expect(lines(second)).toEqual([
    'tank/data: is there',
    'tank/root: is there',
    `media/${trap}: is there`,
    'media/plain.img: is there',
  ]);
  expect(readFileSync(own.path('/srv/media/plain.img')).subarray(0, 16).toString()).toBe('a guest was here');
  const changing = own
    .history()
    .slice(count)
    .filter(({ argv }) => ['truncate', 'ln', 'rm', 'chmod', 'chown'].includes(argv[0] ?? '') || argv[1] === 'create');
  expect(changing).toEqual([]);
});

test('what is there is left as it is, and what cannot be made is told', async () => {
  const { host: own, run } = installed({
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
  await own.run('zfs', ['create', 'zroot/vm/folder']);
  writeFileSync(own.path('/srv/media/small.img'), 'small');
  mkdirSync(own.path('/srv/media/folder.img'));
  symlinkSync('/nowhere', own.path('/srv/media/link.img'));
  symlinkSync('/dev/null', own.path('/srv/media/node.img'));
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
  expect(readFileSync(own.path('/srv/media/small.img'), 'utf8')).toBe('small');
  expect(existsSync(own.path('/srv/away'))).toBe(false);
});

test('words that it does not know make nothing', async () => {
  const { host: own, run } = installed();
  expect(await run('--force')).toMatchObject({ status: 64, stdout: '' });
  expect(await run('help')).toMatchObject({ status: 0 });
  expect(namesIn(own)).toEqual([]);
});

/** What a disturbed run may leave: volumes that are whole, and drafts that the next run takes away. */
function faultsIn(own: Host, label: string): readonly string[] {
  return namesIn(own)
    .filter((name) => !name.startsWith('.'))
    .filter((name) => {
      const { size: bytes, mode } = statSync(own.path(`/srv/media/${name}`));
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
      const { host: own, run } = installed();
      await disturb(own, nth, kind);
      problems.push(...faultsIn(own, `at ${String(nth)}`));
      const again = await run();
      problems.push(...faultsIn(own, `at ${String(nth)}, then again`));
      if (again.status !== 0) problems.push(`at ${String(nth)}: ${again.stderr}`);
      const left = namesIn(own).join(' ');
      if (left !== [trap, 'plain.img'].toSorted().join(' ')) problems.push(`at ${String(nth)}: ${left}`);
      own.dispose();
    }
    expect(problems).toEqual([]);
  },
);

/** One run, in which a command fails, or the script is killed at it. */
async function disturb(own: Host, nth: number, kind: keyof typeof sample): Promise<void> {
  const after = kind.endsWith('afterwards');
  if (kind.startsWith('fails')) {
    own.fail(nth, { after });
    await own.run(own.path('/create-volumes'));
  } else {
    own.pause(nth, { after });
    const running = own.start(own.path('/create-volumes'));
    const state = { over: false };
    const done = running.done.finally(() => (state.over = true));
    const file = own.path('/.host/paused');
    await own.waitFor(() => state.over || (existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')));
    if (!state.over) {
      running.kill('SIGKILL');
      own.release({ abort: true });
    }
    await done;
  }
  own.disarm();
}

test('a launcher that misses a volume names the script, and is content once that has run', async () => {
  const of = {
    media: directory('media', '/srv/media'),
    a: volume('g.img', 'media'),
    b: guest('g', onVolume('media', 'g.img')),
  };
  const [plan] = made(of).plans;
  if (plan === undefined) throw new Error('the guest has no plan');
  host = hostFor(plan, { disks: [] });
  const launch = install(host, plan);
  const script = path.join(path.dirname(launch), '../create-volumes');
  writeFileSync(script, scriptOf(of), { mode: 0o755 });
  mkdirSync(host.path('/srv/media'), { recursive: true });
  expect(await host.run(launch, ['check'])).toMatchObject({
    status: 6,
    stderr: 'g: the disk /srv/media/g.img is not there: create-volumes of its build makes it\n',
  });
  expect(await host.run(script)).toMatchObject({ status: 0 });
  expect(await host.run(launch, ['check'])).toMatchObject({ status: 0, stderr: '' });
});

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const shells = [['sh'], ['dash'], ['busybox', 'ash'], ['bash', '--posix']].filter(([program = '']) => has(program));

test.each(oneOf(4, shells).map((words) => [words.join(' '), words] as const))(
  '%s runs it',
  async (_, [program = '', ...words]) => {
    const { host: own } = installed();
    const result = await own.run(program, [...words, own.path('/create-volumes')]);
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(namesIn(own)).toEqual([trap, 'plain.img'].toSorted());
  },
);

test.runIf(full && has('shellcheck'))('shellcheck has nothing to say', () => {
  const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: scriptOf(documents), encoding: 'utf8' });
  expect(stdout).toBe('');
});
