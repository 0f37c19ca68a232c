/**
 * `bhyvec rehearse` as a program. `expected.txt` is what it prints for the guests in `domains`: a change of the launcher
 * shows there, and `npx vitest run test/rehearsal -u` writes it anew.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { full, oneOf } from '../full.ts';
import { guestXml, openWorkshop, vnc, type Workshop } from '../build/workshop.ts';
import { programWithHost, type Program } from '../cli/program.ts';

/** The guests in `domains`, copied: a build writes its lock beside them. */
let domains: string;
let copied: Workshop;
/** The same for launchers that are to end by themselves. */
const limit = ['--limit', '600'];

let program: Program;
let shop: Workshop;
beforeAll(async () => {
  program = await programWithHost();
  shop = openWorkshop();
  copied = openWorkshop();
  domains = copied.at('domains');
  cpSync(path.join(import.meta.dirname, 'domains'), domains, { recursive: true });
  shop.put('web.xml', guestXml('web', vnc('Tr0ub4d0')));
  shop.put('old.xml', guestXml('old').replace(" firmware='efi'", ''));
  build('guests', ['web.xml', 'old.xml']);
});
afterAll(() => {
  program.remove();
  shop.remove();
  copied.remove();
});

function build(folder: string, files: readonly string[], ...words: readonly string[]): void {
  const named = files.map((file) => (path.isAbsolute(file) ? file : shop.at(file)));
  const all = ['build', ...named, '-o', shop.at(folder), '--target', 'freebsd-14.3', '--no-xmllint', ...words];
  const { status, err } = program.run(all);
  expect([status, status === 0 ? '' : err]).toEqual([0, '']);
}

function rehearse(folder: string, ...words: readonly string[]): { status: number | null; out: string; err: string } {
  const { status, out, err } = program.run(['rehearse', shop.at(folder), ...words]);
  return { status, out, err: err.replaceAll(shop.folder, '') };
}

/** A copy of the build that a test may spoil. */
function copy(name: string): string {
  cpSync(shop.at('guests'), shop.at(name), { recursive: true });
  return name;
}

/** A sample compares with what earlier rehearsals said; two of one build are equal when both are equal to that. */
test('two rehearsals are equal to the byte, and what they say of several kinds of guests', async () => {
  build('kinds', readdirSync(domains).filter((file) => file.endsWith('.xml')).map((file) => path.join(domains, file))); // prettier-ignore
  const first = rehearse('kinds', ...limit);
  if (full) expect(rehearse('kinds', ...limit)).toEqual(first);
  expect([first.status, first.err]).toEqual([1, '']);
  await expect(first.out).toMatchFileSnapshot('expected.txt');
});

test.runIf(full)('as JSON it fits the published schema, and says the same each time', () => {
  build('few', ['left.xml', 'own.xml', 'again.xml'].map((file) => path.join(domains, file))); // prettier-ignore
  const first = rehearse('few', '--format', 'json', ...limit);
  if (full) expect(rehearse('few', '--format', 'json', ...limit)).toEqual(first);
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const fits = ajv.compile(
    JSON.parse(readFileSync(path.join(root, 'schemas/rehearsal.schema.json'), 'utf8')) as object,
  );
  const value: unknown = JSON.parse(first.out);
  expect([fits(value), ajv.errorsText(fits.errors)]).toEqual([true, 'No errors']);
  expect(value).toMatchObject({
    good: false,
    guests: [
      { guest: 'again', good: true, runs: [{ verb: 'run', status: 0 }, { verb: 'stop', status: 0 }] },
      { guest: 'left', good: false, changes: ['+var/left/port.sock socket'] },
      { guest: 'own', good: true },
    ],
  }); // prettier-ignore
});

test.runIf(full)('guests that are named, in the order in which they start; --quiet tells what went wrong only', () => {
  build('some', ['left.xml', 'own.xml', 'grub.xml'].map((file) => path.join(domains, file))); // prettier-ignore
  const named = rehearse('some', 'own', 'grub', ...limit);
  expect([named.status, named.out.match(/^\w+ on FreeBSD/gm)]).toEqual([0, ['grub on FreeBSD', 'own on FreeBSD']]);
  expect(rehearse('some', 'own', 'grub', '-q', ...limit)).toEqual({ status: 0, out: '', err: '' });
  const quiet = rehearse('some', '--quiet', ...limit);
  expect([quiet.status, quiet.out.match(/^\w+ (?:on FreeBSD|of)/gm)]).toEqual([1, ['left on FreeBSD', '2 of']]);
});

const labs = [
  ['opnsense', 2, '1 guest and 1 network'],
  ['nat-lab', 11, '10 guests and 1 network'],
] as const;

test.each(oneOf(2, labs))(
  'examples/%s has no mistake, is built with its network, and goes well',
  (name, files, built) => {
    const example = path.join(root, 'examples', name);
    const lock = ['--lock', shop.at(`${name}.lock`)];
    const checked = program.run(['check', '--strict', '--no-xmllint', example, ...lock]);
    expect([checked.status, checked.err]).toEqual([0, `no mistakes in ${String(files)} files\n`]);
    const build = program.run(['build', '--no-xmllint', example, '-o', shop.at(name), ...lock]);
    expect([build.status, build.err]).toEqual([0, expect.stringContaining(`: ${built} in `)]);
    const { status, out } = rehearse(name, ...limit);
    const count = Number.parseInt(built, 10);
    expect([status, out.match(/^\d+ of .*$/gm)]).toEqual([
      0,
      [`${String(count)} of ${String(count)} guests and 1 of 1 networks went well`],
    ]);
    const isOn = new RegExp(`^ {2}ifconfig ${name === 'nat-lab' ? 'natlab0' : 'lan0'} addm tap`, 'm');
    expect(out).toMatch(isOn);
  },
);

test.runIf(full)('the examples for Windows 11 and CoreOS go well', () => {
  const files = ['windows11.xml', 'coreos.xml'].map((file) => path.join(root, 'examples', file));
  const lock = ['--lock', shop.at('examples.lock')];
  const words = [...files, '--target', 'freebsd-15.0', '--no-xmllint', '--strict', ...lock];
  const build = program.run(['build', ...words, '-o', shop.at('examples')]);
  expect([build.status, build.err]).toEqual([0, expect.stringContaining('2 guests in ')]);
  const { status, out } = rehearse('examples', ...limit);
  expect([status, out.match(/^\d+ of .*$/gm)]).toEqual([0, ['2 of 2 guests went well']]);
  expect(out).toContain('swtpm socket --tpm2');
  expect(out).toContain('-f name=opt/com.coreos/config,file=/vm/coreos/config.ign');
});

test.runIf(full)('what a network leaves is its own finding, apart from what a guest leaves', () => {
  shop.put(
    'inner.xml',
    "<network><name>inner</name><forward mode='route'/><ip address='10.9.0.1' prefix='24'/></network>",
  );
  const own = '<interface type="network"><source network="inner"/><model type="virtio"/></interface></devices>';
  const left = readFileSync(path.join(domains, 'left.xml'), 'utf8').replace('</devices>', own);
  shop.put('lodger.xml', left.replace('<name>left<', '<name>lodger<'));
  build('leaves', ['inner.xml', 'lodger.xml', 'web.xml']);
  const script = path.join(shop.at('leaves'), 'networks/inner/net');
  expect(rehearse('leaves', 'web', ...limit).out).not.toContain('inner');
  change(script, ' && rm -f "$state/$1"', '');
  expect(rehearse('leaves')).toMatchObject({
    status: 1,
    err: expect.stringContaining('networks/inner/net: was changed since the build') as string,
  });
  const { status, out } = rehearse('leaves', '--edited', '--format', 'json', ...limit);
  expect(status).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    good: false,
    networks: [
      {
        network: 'inner',
        good: false,
        runs: [
          { verb: 'start', status: 0 },
          { verb: 'stop', status: 0 },
        ],
        changes: [expect.stringContaining('+var/run/bhyvec-networks/forwarding-inet') as string],
      },
    ],
    guests: [
      { guest: 'lodger', good: false, changes: ['+var/left/port.sock socket'] },
      { guest: 'web', good: true, changes: [] },
    ],
  });
});

test('the script of examples/volumes makes them once; one that does more, or less, is a finding', () => {
  const lock = ['--lock', shop.at('volumes.lock')];
  const example = path.join(root, 'examples/volumes');
  const built = program.run(['build', '--no-xmllint', example, '-o', shop.at('volumes'), ...lock]);
  expect([built.status, built.err]).toEqual([0, expect.stringContaining('store: 2 guests and 5 volumes in ')]);
  expect(readdirSync(shop.at('volumes'))).toContain('create-volumes');
  const { status, out } = rehearse('volumes', ...limit);
  expect([status, out.match(/^\d+ of .*$/gm)]).toEqual([0, ['2 of 2 guests and 1 of 1 scripts of volumes went well']]);
  expect(out.match(/^ {2}# .*/gm)).toEqual([
    '  # create-volumes -n',
    '  # create-volumes',
    '  # create-volumes, again',
  ]);
  expect(out).toContain('  truncate -s 8589934592 /srv/media/.web-cache.img.bhyvec-new.PID\n');
  expect(out).toMatch(/^create-volumes: .*, the host is as it was but for the volumes$/m);
  // A zfs that is given no name makes nothing; the draft of a file stays.
  const script = shop.at('volumes/create-volumes');
  change(script, 'elif zfs create "$@" "$dataset"; then', 'elif zfs destroy "$dataset" || :; then');
  change(script, 'rm -f "$draft" && draft=', 'draft=');
  const spoiled = rehearse('volumes', '--edited', '--format', 'json', ...limit);
  const { volumes: [found] } = JSON.parse(spoiled.out) as { volumes: readonly { good: boolean; changes: readonly string[] }[] }; // prettier-ignore
  expect([spoiled.status, found?.good]).toEqual([1, false]);
  expect(found?.changes).toEqual([
    '+srv/media/.web-cache.img.bhyvec-new.PID 0600 8589934592 -',
    '-/dev/zvol/zroot/guests/db-data of 214748364800 bytes',
    '-/dev/zvol/zroot/guests/db-root of 21474836480 bytes',
    '-/dev/zvol/zroot/guests/web-root of 42949672960 bytes',
    '-srv/media/.web-cache.img.bhyvec-new.PID 0600 8589934592 -',
  ]);
});

test.each([
  [['nope'], "there is no guest 'nope' in this build; there are old, web"],
  [['--release', '99'], 'not a FreeBSD release: 99; known are '],
  [['--release', '14.33'], 'not a FreeBSD release: 14.33; did you mean 14.3?'],
  [['--limit', '0'], "--limit: '0' is not a number of seconds"],
  [['--limit', 'soon'], "--limit: 'soon' is not a number of seconds"],
  [['--format', 'xml'], "argument 'xml' is invalid"],
])('wrong usage: %s', (words, message) => {
  expect(rehearse('guests', ...words)).toMatchObject({ status: 2, err: expect.stringContaining(message) as string });
});

const takes = (change: (takes: Record<string, unknown>) => void) => (folder: string): void => {
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { guests: { web: { takes: Record<string, unknown> } } };
  change(manifest.guests.web.takes);
  writeFileSync(file, JSON.stringify(manifest));
}; // prettier-ignore

const damages: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
  ['no folder of a guest', (folder) => { rmSync(path.join(folder, 'web'), { recursive: true }); }, /web\/\S+: no such file/],
  ['a file for a folder', (folder) => { rmSync(path.join(folder, 'web'), { recursive: true }); writeFileSync(path.join(folder, 'web'), ''); }, /web: is not a directory/],
  ['a FIFO for the launcher', (folder) => { inPlaceOf(path.join(folder, 'web/launch'), 'mkfifo'); }, /web\/launch: is not a file/],
  ['a FIFO for the manifest', (folder) => { inPlaceOf(path.join(folder, 'manifest.json'), 'mkfifo'); }, /manifest.json: is not a file/],
  ['a FIFO that nobody knows', (folder) => { spawnSync('mkfifo', [path.join(folder, 'web/other')]); }, /^$/],
  ['a link for the launcher', (folder) => { inPlaceOf(path.join(folder, 'web/launch'), 'ln', '-s', '/etc/passwd'); }, /web\/launch: is a symbolic link/],
  ['a link for a folder', (folder) => { inPlaceOf(path.join(folder, 'web'), 'ln', '-s', folder); }, /web: is a symbolic link/],
  ['a folder for a file', (folder) => { inPlaceOf(path.join(folder, 'web/bhyve.conf'), 'mkdir'); }, /web\/bhyve.conf: is not a file/],
  ['another launcher', (folder) => { writeFileSync(path.join(folder, 'web/launch'), '#!/bin/sh\nexit 0\n'); }, /web\/launch: was changed since the build/],
  ['no JSON', (folder) => { writeFileSync(path.join(folder, 'manifest.json'), '{'); }, /manifest.json: is not a manifest/],
  ['a release that nobody knows', (folder) => { change(path.join(folder, 'manifest.json'), '"14.3"', '"99"'); }, /manifest.json: not a FreeBSD release: 99/],
  ['a list that is none', takes((all) => { all['files'] = 'disk'; }), /guests[.]web[.]takes[.]files is not a list/],
  ['a path that is none', takes((all) => { all['files'] = [{ path: 7, purpose: 'disk', access: 'read' }]; }), /files\[0\][.]path is not a text/],
  ['null for an object', takes((all) => { all['nvram'] = [null]; }), /nvram\[0\] is not an object/],
  ['a bridge that leaves the host', takes((all) => { all['bridges'] = ['../../../x']; }), /bridges\[0\] is not the name of an interface/],
  ['a device that is none', takes((all) => { all['ppt'] = ['../x']; }), /ppt\[0\] is not a PCI device/],
  ['a control character', takes((all) => { all['programs'] = ['/bin/\u001b[31mx']; }), /programs\[0\] is not a text of one line/],
  ['more CPUs than there are', takes((all) => { all['vcpus'] = 1e300; }), /vcpus is not a whole number from 1 to 65535/],
]; // prettier-ignore

function inPlaceOf(place: string, command: string, ...words: readonly string[]): void {
  rmSync(place, { recursive: true });
  spawnSync(command, [...words, place]);
}

function change(file: string, from: string, to: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

/** A sample has every other one: some of files and folders, some of what the manifest says. */
const tried = damages.filter((_, nth) => full || nth % 4 === 0);

test.each(tried)('a damaged build: %s', (name, spoil, message) => {
  const folder = copy(`damaged-${name.replaceAll(' ', '-')}`);
  spoil(shop.at(folder));
  const { status, err } = rehearse(folder, ...limit);
  expect([status, err]).toEqual([message.source === '^$' ? 0 : 1, expect.stringMatching(message)]);
});

test('a launcher that hangs is killed with all that it started, and the others still run', () => {
  const folder = copy('hangs');
  // Others may run this test at the same time.
  const mark = `${String(process.pid)}.4321`;
  writeFileSync(shop.at('hangs/web/launch'), `#!/bin/sh\nsetsid sleep ${mark} &\nsleep ${mark}\n`);
  const { status, out } = rehearse(folder, '--edited', '--limit', '3');
  expect(status).toBe(1);
  expect(out).toMatch(/^ {2}launch run did not end within 3 seconds: killed, with all that it started$/m);
  expect(out).toMatch(/^web: was killed, /m);
  expect(out).toMatch(/^old: /m);
  const alive = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(mark));
  expect(alive).toEqual([]);
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

test.runIf(full)('a build that is checked in without its passwords is rehearsed', () => {
  build('bare', ['web.xml'], '--backend', 'argv,launcher,rcd,plan');
  expect(rehearse('bare', ...limit)).toMatchObject({ status: 0, err: '' });
});

test('a path that climbs touches nothing outside, and none climbs too far', () => {
  const precious = shop.at('precious.img');
  writeFileSync(precious, 'mine\n');
  const climb = (count: number): string => `/vm/${'../'.repeat(count)}${precious.slice(1)}`;
  const climbing = (name: string, count: number): string =>
    guestXml(name).replace('/vm/disk-of-guest.img', climb(count));
  shop.put('climbs.xml', climbing('climbs', 12));
  shop.put('far.xml', climbing('far', 500));
  build('climbing', ['climbs.xml']);
  const { status, out } = rehearse('climbing', ...limit);
  expect([status, out]).toEqual([0, expect.stringContaining(`virtio-blk,${climb(12)}`)]);
  build('far', ['far.xml']);
  expect(rehearse('far', ...limit)).toMatchObject({ status: 1, err: 'bhyvec: far: a path of it climbs 500 folders\n' });
  expect(readFileSync(precious, 'utf8')).toBe('mine\n');
});
