/** `bhyvec build` and `rehearse` as programs: the same bytes everywhere, other users, full disks, the stand-in host. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { full } from '../full.ts';
import { programWithHost, type Program } from '../cli/program.ts';
import { guestXml, openWorkshop, vnc, type Workshop } from './workshop.ts';

let program: Program;
let shop: Workshop;
beforeAll(async () => {
  program = await programWithHost();
  shop = openWorkshop();
  for (const folder of [program.folder, shop.folder]) chmodSync(folder, 0o755);
  shop.put('web.xml', guestXml('web', vnc('Tr0ub4d0') + nic('br0')));
  shop.put('db.xml', guestXml('db', nic('br1'), '<on_poweroff>restart</on_poweroff>'));
  shop.put('old.xml', guestXml('old').replace(" firmware='efi'", ''));
});
afterAll(() => {
  program.remove();
  shop.remove();
});

function nic(bridge: string): string {
  return `<interface type='bridge'><source bridge='${bridge}'/><model type='virtio'/></interface>`;
}

interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Commands of sh before the program runs. */
  readonly before?: string;
  readonly uid?: number;
}

/** Runs the program under sh in given surroundings. */
function run(words: readonly string[], { cwd = shop.folder, env = {}, before = ':', uid }: Surroundings = {}) {
  const main = path.join(program.folder, 'dist/bhyvec.mjs');
  // What libxml2 says as well is no matter here, and takes as long as all the rest.
  const all = words[0] === 'build' ? [...words, '--no-xmllint'] : words;
  const { PATH = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', `${before}; exec "$0" "$@"`, process.execPath, main, ...all],
    {
      cwd,
      env: { PATH, ...env },
      encoding: 'utf8',
      ...(uid === undefined ? {} : { uid, gid: uid }),
    },
  );
  return { status, out: stdout, err: stderr };
}

test('the same bytes wherever, whenever and in whatever order', () => {
  const names = ['web.xml', 'db.xml', 'old.xml'];
  expect(run(['build', ...names, '-o', 'plain']).err).toMatch(
    /^(?:.*\n)*3 guests in plain, \d+ files changed\n(?:.*\n)*3 guests: 3 host only\n$/,
  );
  const surroundings: readonly (readonly [string, readonly string[], Surroundings])[] = [
    ['order', names.toReversed(), {}],
    ['away', names.map((name) => shop.at(name)), { cwd: '/', env: { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8' } }],
    ['umask', names, { before: 'umask 077', env: { HOME: '/nonexistent', USER: 'nobody' } }],
    ['open', names, { before: 'umask 000' }],
  ];
  const expected = shop.snapshot('plain');
  for (const [folder, files, one] of surroundings) {
    expect(run(['build', ...files, '-o', shop.at(folder)], one).status).toBe(0);
    expect(shop.snapshot(folder)).toEqual(expected);
    for (const name of [folder, `${folder}/web`]) expect(statSync(shop.at(name)).mode & 0o777).toBe(0o755);
  }
  expect(run(['build', '.', '-o', 'plain', '--check'])).toEqual({
    status: 0,
    out: '',
    err: expect.any(String) as string,
  });
});

test.runIf(full)('git takes the diff of --check for a patch, and a checkout is up to date', () => {
  const { status, out } = run(['build', 'old.xml', '-o', 'patched', '--check']);
  expect([status, existsSync(shop.at('patched'))]).toEqual([1, false]);
  mkdirSync(shop.at('patched'));
  const { status: applied, stderr } = spawnSync('git', ['apply', '-'], { cwd: shop.at('patched'), input: out });
  expect([applied, stderr.toString()]).toEqual([0, '']);
  run(['build', 'old.xml', '-o', 'real']);
  expect(Object.values(shop.snapshot('patched'))).toEqual(Object.values(shop.snapshot('real')));
  // git has made 0755 of 0555.
  expect(shop.files('patched')).not.toEqual(shop.files('real'));
  expect(run(['build', 'old.xml', '-o', 'patched', '--check'])).toMatchObject({ status: 0, out: '' });
});

test.runIf(full)('a folder that cannot be written or read gives a message and exit status 1', () => {
  mkdirSync(shop.at('closed'));
  expect(run(['build', 'old.xml', '-o', '/proc/bhyvec']).status).toBe(1);
  // Only root can become somebody else; who is not root is refused as he is.
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;
  chmodSync(shop.at('closed'), 0o555);
  const other = uid === undefined ? {} : { uid };
  const refused = {
    status: 1,
    out: '',
    err: expect.stringMatching(/^bhyvec: closed.*: permission denied\nbhyvec: nothing was written\n$/) as string,
  };
  expect(run(['build', 'old.xml', '-o', 'closed'], other)).toEqual(refused);
  expect(readdirSync(shop.at('closed'))).toEqual([]);
  chmodSync(shop.at('closed'), 0o000);
  expect(run(['build', 'old.xml', '-o', 'closed'], other)).toEqual(refused);
  expect(run(['build', 'old.xml', '-o', 'closed', '--check'], other)).toMatchObject({ status: 1 });
  chmodSync(shop.at('closed'), 0o755);
});

test.runIf(full)('a disk that fills up in the middle leaves nothing, or what was there', () => {
  // A limit for the size of files: argv fits, what launchers share does not.
  const full = { before: "trap '' XFSZ; ulimit -f 4" };
  const first = run(['build', 'old.xml', '-o', 'full/deep'], full);
  expect([first.status, first.err]).toEqual([
    1,
    expect.stringMatching(/full\/deep\/\S+: the file would be too large\nbhyvec: nothing/),
  ]);
  expect(existsSync(shop.at('full'))).toBe(false);
  run(['build', 'old.xml', '-o', 'full', '--target', 'freebsd-14.3']);
  const before = shop.snapshot('full');
  expect(run(['build', 'old.xml', 'web.xml', '-o', 'full', '--target', 'freebsd-13.2'], full).status).toBe(1);
  expect(shop.snapshot('full')).toEqual(before);
  expect(readdirSync(shop.at('full')).toSorted()).toEqual([
    expect.stringMatching(/^launcher-/),
    'manifest.json',
    'old',
  ]);
});

test.runIf(full)('rehearse prints the history of the host, and that it ended as it began', () => {
  run(['build', 'web.xml', 'db.xml', 'old.xml', '-o', 'guests', '--target', 'freebsd-14.3']);
  const all = run(['rehearse', 'guests']);
  expect([all.status, all.err]).toEqual([0, '']);
  for (const name of ['web', 'db', 'old']) {
    expect(all.out).toMatch(
      new RegExp(
        `^${name} on FreeBSD 14[.]3 [(]amd64[)]\n(?:  .*\n)+${name}: exit status 0, \\d+ commands, the host is as it was\n`,
        'm',
      ),
    );
  }
  expect(all.out).toMatch(/^3 of 3 guests went well$/m);
  expect(all.out).toMatch(/^ {2}bhyve -c .*(?:\n {6}.*)*# 1: powered off$/m);
  expect(all.out).not.toContain('bhyvec-rehearsal-');
  expect(all.out).not.toContain('Tr0ub4d0');
});

test.runIf(full)('rehearse shows how a managed device is bound and given back', () => {
  const hostdev =
    "<hostdev type='pci' managed='yes'><source><address bus='3' slot='0' function='0'/></source></hostdev>";
  writeFileSync(shop.at('gpu.xml'), guestXml('gpu', hostdev));
  run(['build', 'gpu.xml', '-o', 'gpus', '--target', 'freebsd-14.3']);
  const { status, out } = run(['rehearse', 'gpus']);
  expect([status, out]).toEqual([
    0,
    expect.stringMatching(/devctl set driver -f pci0:3:0:0 ppt\n(?:.*\n)*.*devctl clear driver/),
  ]);
});

test.runIf(full)('rehearse has a bridge whose MTU fits', () => {
  const nic = "<interface type='bridge'><source bridge='jumbo'/><model type='virtio'/><mtu size='9000'/></interface>";
  writeFileSync(shop.at('big.xml'), guestXml('big', nic));
  run(['build', 'big.xml', '-o', 'bigs', '--target', 'freebsd-14.3']);
  expect(run(['rehearse', 'bigs']).out).toMatch(/^1 of 1 guests went well$/m);
});

test.runIf(full)("rehearse gives the host what only the user's own words name", () => {
  const own = guestXml('own').replace(
    '</domain>',
    "<bhyve:commandline xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>" +
      "<bhyve:arg value='-s'/><bhyve:arg value='20,virtio-blk,/dev/zvol/tank/own'/>" +
      "<bhyve:arg value='-s'/><bhyve:arg value='21,ahci-cd,/iso/own.iso'/>" +
      "<bhyve:arg value='-s'/><bhyve:arg value='22,virtio-9p,own=/srv/own'/></bhyve:commandline></domain>",
  );
  writeFileSync(shop.at('own.xml'), own);
  run(['build', 'own.xml', '-o', 'own', '--target', 'freebsd-14.3']);
  expect(run(['rehearse', 'own'])).toMatchObject({ status: 0, err: '' });
});

test.runIf(full)('rehearse one guest on another release, and what cannot be rehearsed', () => {
  run(['build', 'web.xml', 'old.xml', '-o', 'some', '--target', 'freebsd-15.1']);
  const old = run(['rehearse', 'some', 'old', '--release', '13.0']);
  expect([old.status, old.out]).toEqual([0, expect.stringContaining('old on FreeBSD 13.0 (amd64)')]);
  expect(old.out).not.toContain('web on');
  // bhyve of 13.0 has no -k.
  const web = run(['rehearse', 'some', 'web', '--release', '13.0']);
  expect([web.status, web.out]).toEqual([1, expect.stringMatching(/0 of 1 guests went well\n$/)]);
  expect(run(['rehearse', 'some', 'mail']).err).toContain("there is no guest 'mail' in this build; there are old, web");
  expect(run(['rehearse', 'some', '--release', '9']).err).toContain('not a FreeBSD release: 9');
  expect(run(['rehearse', 'nowhere']).err).toBe('bhyvec: nowhere/manifest.json: no such file or directory\n');
  writeFileSync(
    shop.at('some/manifest.json'),
    '{"version": 1, "target": "x", "release": null, "guests": {"../x": {}}}',
  );
  expect(run(['rehearse', 'some'])).toMatchObject({
    status: 1,
    err: expect.stringContaining('is not a manifest') as string,
  });
  run(['build', 'old.xml', '-o', 'bare', '--backend', 'argv']);
  expect(run(['rehearse', 'bare'])).toMatchObject({
    status: 1,
    err: 'bhyvec: bare/old: was built without its launcher\n',
  });
});
