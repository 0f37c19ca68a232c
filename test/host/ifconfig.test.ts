// ifconfig(8), kldstat(8), kldload(8), sysctl(8) of the stand-in host: reference sections 6.1 to 6.4.

import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { full } from '../full.ts';
import { createHost, type Host, type HostOptions } from './host.ts';

let host: Host;
afterEach(() => {
  host.dispose();
});

const make = (options: HostOptions = {}): Host => (host = createHost({ bridges: ['vmbr0'], ...options }));
const ifconfig = async (words: string): Promise<string> => {
  const { status, stdout, stderr } = await host.run('ifconfig', words.split(' '));
  return `${status} ${stdout}${stderr}`.trim();
};

test('numbers are picked from the lowest free unit and printed, asked-for names are not', async () => {
  make();
  expect(await ifconfig('tap create')).toBe('0 tap0');
  expect(await ifconfig('tap create')).toBe('0 tap1');
  expect(await ifconfig('tap10 create')).toBe('0');
  expect(await ifconfig('tap10 create')).toBe('1 ifconfig: interface tap10 already exists');
  expect(await ifconfig('tap0 destroy')).toBe('0');
  expect(await ifconfig('tap create')).toBe('0 tap0');
  expect(await ifconfig('-l')).toBe('0 em0 lo0 tap0 tap1 tap10 vmbr0');
});

test('what is there is not made, and from 13.0 on the words behind are for it, whoever made it', async () => {
  make({ taps: ['tap10'] });
  expect(await ifconfig('tap10 create name mine mtu 1400')).toBe('0 mine');
  expect(await ifconfig('tap10 create')).toBe('1 ifconfig: interface tap10 already exists');
  expect(await ifconfig('mine')).toMatch(/^0 mine: .* mtu 1400/);
  host.dispose();
  make({ release: '12.4', taps: ['tap10'] });
  expect(await ifconfig('tap10 create name mine')).toBe('1 ifconfig: create: bad value');
  expect(await ifconfig('tap10 name mine')).toBe('0 mine');
  expect(await ifconfig('tap10 create')).toBe('1 ifconfig: SIOCIFCREATE2: File exists');
});

test('a rename prints the new name and keeps the unit taken', async () => {
  make();
  expect(await ifconfig('tap0 create name tapdemo0 group bhyve mtu 1400 up')).toBe('0 tapdemo0');
  expect(await ifconfig('tap create')).toBe('0 tap1');
  expect(await ifconfig('-g bhyve')).toBe('0 tapdemo0');
  expect(await ifconfig('tap1 name tapdemo0')).toMatch(/^1 ifconfig: ioctl SIOCSIFNAME .*File exists/);
  expect(await ifconfig('tap1 name sixteencharacter')).toMatch(/^1 /);
  expect(await ifconfig('tap1 group vm1')).toMatch(/may not end in a digit/);
  expect(await ifconfig('nope0')).toBe('1 ifconfig: interface nope0 does not exist');
  expect(await ifconfig('nope0 destroy')).toBe('1 ifconfig: interface nope0 does not exist');
});

test('one that was killed with the lock of the interfaces does not keep it from those who wait', async () => {
  make({ taps: ['tap0'] });
  const holder = spawn('sleep', ['600']);
  writeFileSync(host.path('/.host/lock/if.1'), `${holder.pid}\n`);
  const waiting = host.start('ifconfig', ['tap0', 'mtu', '1400']);
  await host.waitFor(() => existsSync(`/proc/${waiting.pid}/fd/7`));
  holder.kill('SIGKILL');
  expect((await waiting.done).status).toBe(0);
});

test('a failing word leaves what came before it', async () => {
  make();
  expect(await ifconfig('tap create description x group bad1')).toMatch(/^1 tap0/);
  expect(host.state()).toContain('tap0 | kind=tap unit=tap0 mtu=1500 down | groups=tap | ');
  expect(host.state()).toContain('description="x"');
});

test('a description keeps every byte', async () => {
  make();
  const text = 'it\'s "x" $(y) `z` \\n\n  end é';
  await host.run('ifconfig', ['tap0', 'create', 'description', text]);
  expect(host.state()).toContain(`description=${JSON.stringify(text)}`);
  expect((await host.run('ifconfig', ['tap0'])).stdout).toContain(`\tdescription: ${text}\n`);
});

test('an interface is a member of one bridge, once', async () => {
  make({ bridges: ['vmbr0', 'vmbr1'], taps: ['tap0'] });
  expect(await ifconfig('vmbr0 addm tap0')).toBe('0');
  expect(await ifconfig('vmbr0 addm tap0')).toBe('1 ifconfig: BRDGADD tap0: File exists');
  expect(await ifconfig('vmbr1 addm tap0')).toBe('1 ifconfig: BRDGADD tap0: Device busy');
  expect(await ifconfig('vmbr1 addm tap9')).toBe('1 ifconfig: BRDGADD tap9: No such file or directory');
  expect(await ifconfig('vmbr1 deletem tap0')).toBe('1 ifconfig: BRDGDEL tap0: No such file or directory');
  expect(await ifconfig('vmbr0 private tap0')).toBe('0');
  expect(await ifconfig('tap0 destroy')).toBe('0');
  expect(host.state()).toMatch(/vmbr0 .* members=em0 /);
});

test.each([
  ['14.3', 0],
  ['15.0', 1],
])('members with addresses on %s', async (release, status) => {
  make({ release, bridges: [] });
  expect(await ifconfig('bridge create')).toBe('0 bridge0');
  expect(await ifconfig('bridge0 addm em0')).toBe(status === 0 ? '0' : '1 ifconfig: BRDGADD em0: Invalid argument');
  if (status === 1) {
    await host.run('sysctl', ['net.link.bridge.member_ifaddrs=1']);
    expect(await ifconfig('bridge0 addm em0')).toBe('0');
  }
});

test.runIf(full)('another MTU is adapted on newer releases and refused on older ones', async () => {
  make({ release: '12.4', taps: ['tap0'] });
  await ifconfig('tap0 mtu 9000');
  expect(await ifconfig('vmbr0 addm tap0')).toBe('1 ifconfig: BRDGADD tap0: Invalid argument');
  host.dispose();
  make({ release: '14.3', taps: ['tap0'] });
  await ifconfig('tap0 mtu 9000');
  expect(await ifconfig('vmbr0 addm tap0')).toBe('0');
  expect(host.state()).toMatch(/tap0 .* mtu=1500/);
});

test('modules: -m sees built-in ones, -n files only; kldload -n is lenient', async () => {
  make();
  const status = async (command: string, ...words: string[]) => (await host.run(command, words)).status;
  expect(await status('kldstat', '-q', '-m', 'vmm')).toBe(1);
  expect(await status('kldload', 'vmm')).toBe(0);
  expect(await status('kldload', 'vmm')).toBe(1);
  expect(await status('kldload', '-n', 'vmm')).toBe(0);
  expect(await status('kldstat', '-q', '-m', 'vmm')).toBe(0);
  expect(await status('kldstat', '-q', '-m', 'if_tuntap')).toBe(0);
  expect(await status('kldstat', '-q', '-n', 'if_tuntap')).toBe(1);
  expect(await status('kldload', 'no_such')).toBe(1);
});

test('sysctl: values, unknown names, tunables', async () => {
  make({ modules: ['vmm'] });
  const sysctl = async (...words: string[]) => host.run('sysctl', words);
  expect((await sysctl('-n', 'kern.osreldate')).stdout).toBe('1403000\n');
  expect(await sysctl('-n', 'no.such')).toMatchObject({ status: 1, stderr: "sysctl: unknown oid 'no.such'\n" });
  expect(await sysctl('-in', 'no.such')).toMatchObject({ status: 0, stdout: '' });
  expect((await sysctl('net.link.tap.up_on_open=1')).stdout).toBe('net.link.tap.up_on_open: 0 -> 1\n');
  expect((await sysctl('kern.racct.enable=1')).status).toBe(1);
});

test.runIf(full)('concurrent creations get different numbers', async () => {
  make();
  const results = await Promise.all(Array.from({ length: 12 }, () => host.run('ifconfig', ['tap', 'create'])));
  expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(12);
  expect(host.forks()).toBe(12);
});

test.runIf(full)('members of a bridge have VLANs from 15.0 on, and lose them when they go', async () => {
  make({ release: '15.0', bridges: ['vmbr0::vlanfilter'], taps: ['tap0'] });
  expect(await ifconfig('vmbr0 untagged tap0 20')).toMatch(/^1 .*No such file or directory/);
  expect(await ifconfig('vmbr0 addm tap0 untagged tap0 20 tagged tap0 10,30-40 private tap0')).toBe('0');
  expect(await ifconfig('vmbr0')).toMatch(
    /bridge flags=1<VLANFILTER>[^]*tap0 .*PRIVATE>\n.* untagged 20 tagged 10,30-40/,
  );
  expect(await ifconfig('vmbr0 -untagged tap0 tagged tap0 5')).toBe('0');
  expect(await ifconfig('vmbr0')).toMatch(/2000000 tagged 5/);
  expect(await ifconfig('vmbr0 untagged tap0 4095')).toBe('1 ifconfig: invalid VLAN identifier: 4095');
  expect(await ifconfig('tap0 destroy')).toBe('0');
  expect(host.state()).toContain('members=em0 | flags=vlanfilter | ');
});

test('before 15.0 nobody knows of VLANs', async () => {
  make({ release: '14.3', taps: ['tap0'] });
  expect(await ifconfig('vmbr0 addm tap0 untagged tap0 20')).toBe('1 ifconfig: untagged: bad value');
  expect(await ifconfig('vmbr0')).not.toContain('bridge flags');
});
