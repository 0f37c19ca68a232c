/** The self-test as a script: its size, what a linter and the shells say, and what its parts make of the long texts. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { capabilities, facts, isCapability, releases } from '../../src/host/releases.ts';
import { base } from '../../src/selftest/places.ts';
import { resetBytes, romBytes, romGaps, romNames } from '../../src/selftest/roms.ts';
import { releaseSets } from '../../src/selftest/sets.ts';
import { full, oneOf } from '../full.ts';
import { filesBelow } from '../house/tree.ts';
import { writeScript } from './suite.ts';
import { forAllTests } from '../lend.ts';

const shells = [['sh'], ['dash'], ['busybox', 'ash'], ['mksh'], ['bash', '--posix'], ['posh']].filter(
  ([program = '', ...words]) => spawnSync(program, [...words, '-c', ':']).status === 0,
);
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
/** A sample is the releases whose files differ most. */
const compiled = full ? releases : (['11.0', '13.1', '15.0', 'main'] as const);

// Each set is compiled anew: a sample has the newest.
const sets = releaseSets(full ? compiled : ['main']);
const isListed = (name: string): boolean => sets.some((set) => set.name === name);
const script = forAllTests(
  () => writeScript(compiled),
  (it) => {
    it.remove();
  },
);
test('it is shorter than 200 kB, and of ASCII', () => {
  expect(script().text.length).toBeLessThan(200_000);
  expect(/[^\t\n -~]/.exec(script().text)).toBeNull();
});

test('every shell can read it', () => {
  for (const [program = '', ...words] of oneOf(3, shells))
    expect(spawnSync(program, [...words, '-n', script().file], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
});

test.runIf(full && hasShellcheck)('the linter has nothing to say', () => {
  const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-f', 'gcc', script().file], { encoding: 'utf8' });
  expect(stdout).toBe('');
});

/** Runs the script as far as its functions, and then other commands, below a root of its own. */
function within(shell: readonly string[], commands: string, look: (place: string) => void): void {
  const place = mkdtempSync(path.join(tmpdir(), 'bhyvec-parts-'));
  const text = script().text.replace(
    /main "\$@"\nexit\n$/,
    `mkdir -p "$root$base/roms" "$root$base/guests"\n${commands}`,
  );
  const [program = '', ...words] = shell;
  try {
    const result = spawnSync(program, [...words, '-s'], {
      input: text,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], BHYVEC_ROOT: place },
    });
    expect([result.status, result.stderr]).toEqual([0, '']);
    look(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

const named = shells.map((shell) => ({ title: shell.join(' '), shell }));

test.each(oneOf(3, named))('$title writes the boot ROMs as they are', ({ shell }) => {
  within(shell, 'make_roms\n', (place) => {
    for (const name of romNames) {
      const [gap, end] = romGaps(name);
      const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
      const bytes = Buffer.from([...romBytes(name), ...zeros(gap), ...resetBytes, ...zeros(end)]);
      expect(readFileSync(path.join(place, base, `roms/${name}.rom`)).equals(bytes)).toBe(true);
    }
  });
});

const some = full ? named : named.slice(-1);

test.each(some)('$title unpacks the files of each release as they were packed', ({ shell }) => {
  for (const set of full ? sets : sets.slice(-1)) {
    within(shell, `chosen=${set.name}\nunpack\n`, (place) => {
      for (const { path: file, text } of set.files)
        expect(readFileSync(path.join(place, base, 'guests', file), 'utf8')).toBe(text);
    });
  }
});

test.each([
  ['11.0-RELEASE-p2', '11.0'],
  ['13.0-RELEASE', '11.0'],
  ['13.1-STABLE', '13.1'],
  ['14.3-RELEASE-p5', '13.1'],
  ['15.0-RELEASE', '15.0'],
  ['15.2-PRERELEASE', '15.0'],
  ['16.0-CURRENT', 'main'],
])('a host of %s takes the files of %s', (release, name) => {
  within(['sh'], `release=${release}\nchoose_set\nprintf '%s' "$chosen" >"$root/chosen"\n`, (place) => {
    // All releases have sets between these, which then are the newest that is not newer.
    if (!full) expect(readFileSync(path.join(place, 'chosen'), 'utf8')).toBe(name);
    else expect(isListed(readFileSync(path.join(place, 'chosen'), 'utf8'))).toBe(true);
  });
});

test('a port is one at which nobody listens; none where nobody tells', () => {
  const listening = ['*:5900', '127.0.0.1:5901', '[::1]:5903', '*:59020'].map(
    (at) => `root sshd 1 3 tcp4 ${at} *:*\\n`,
  );
  const calls = `sockstat() { printf '${listening.join('')}'; }
find_port 5900 && printf '%s ' "$port" >"$root/ports"
find_port 5903 && printf '%s ' "$port" >>"$root/ports"
sockstat() { return 1; }
find_port 5900 || printf 'none' >>"$root/ports"
`;
  within(['sh'], `mkdir "$work"\n${calls}`, (place) => {
    expect(readFileSync(path.join(place, 'ports'), 'utf8')).toBe('5902 5904 none');
  });
});

test('a guest hears of its button once it has left its first exits behind, or where nobody counts them', () => {
  const counted = ['3', '1234', ''].map(
    (count) =>
      `count='${count}'\nif has_exits; then printf 'yes ' >>"$root/heard"; else printf 'no ' >>"$root/heard"; fi`,
  );
  const bhyvectl = `bhyvectl() { [ -z "$count" ] || printf '%-40s\\t%s\\n' 'total number of vm exits' "$count" 'Resident memory' 9; }`;
  within(['sh'], `vm=x\n${bhyvectl}\n${counted.join('\n')}\n`, (place) => {
    expect(readFileSync(path.join(place, 'heard'), 'utf8')).toBe('no yes yes ');
  });
});

/** The files of the checkout that a place means: a file, or all in a folder. */
function textsOf(place: string): string {
  const file = path.join(root, place);
  if (!existsSync(file)) return '';
  if (statSync(file).isFile()) return readFileSync(file, 'utf8');
  return filesBelow(place)
    .map((name) => readFileSync(path.join(root, name), 'utf8'))
    .join('\n');
}

test('what hangs on a fact is there: FILE, or FILE: NAMES', () => {
  const text = filesBelow('src/selftest/sh')
    .map((name) => readFileSync(path.join(root, name), 'utf8'))
    .join('\n');
  const places = [...text.matchAll(/'((?:src|test|templates)\b[^'\n]*)'/g)].flatMap(([, all = '']) => all.split('; '));
  expect(places.length).toBeGreaterThan(10);
  const lost = places.filter((place) => {
    const [file = '', names = ''] = place.split(': ');
    const found = textsOf(file);
    return found === '' || !names.split(', ').every((name) => found.includes(name));
  });
  expect(lost).toEqual([]);
});

/** Doubts of the table that no probe can end, and why. */
const unasked = {
  'long-names': 'the test has one name for all its machines',
  bootindex: 'bhyve passes over keys that it does not know',
  'slirp-open': 'bhyve passes over keys that it does not know',
  netgraph: 'needs a node of ng_bridge(4)',
  'virtio-blk-serial': 'bhyve passes over keys that it does not know',
  'virtio-scsi': 'needs ctl(4); the fact devices has it',
  'virtio-scsi-targets': 'needs ctl(4)',
  smbios: 'bhyve passes over keys that it does not know',
  tuntap: 'the fact modules has it',
};

test('each capability that is tried is one of the table', () => {
  const probes = readFileSync(path.join(root, 'src/selftest/sh/probes.sh'), 'utf8');
  const tried = [...probes.matchAll(/\btries(?:_port)? ([a-z][a-z0-9-]+) /g)].map(([, name = '']) => name);
  expect(tried.length).toBeGreaterThan(10);
  expect(tried.filter((name) => !isCapability(name))).toEqual([]);
  // What the table leaves open is asked, or cannot be.
  const open = capabilities.filter((name) => facts[name].doubt !== null && !tried.includes(name));
  expect(open).toEqual(Object.keys(unasked));
});
