/** The weaknesses of libvirt's driver, W15 to W23: those that concern the host, the definition and the secrets. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { full } from '../full.ts';
import { isFit, validateHost } from '../../src/host/validation/validate.ts';
import { good } from '../host-commands/good-host.ts';
import { xmlOf } from './harness.ts';
import { nextKeeper, reboot, stage, strike } from './stage.ts';

afterEach(strike);
const wait = true;

test.runIf(full)(
  'W15: two guests with one VNC port: the second is refused, the first keeps it; automatic ports differ',
  async () => {
    const s = await stage({ names: ['a', 'b'], guest: { devices: "<graphics type='vnc' port='5905'/>" } });
    await s.start('a');
    await expect(s.keeper.call('domain.start', { domain: 'b', wait })).rejects.toThrow(/5905/);
    expect(s.keeper.view('a')?.state).toBe('running');
    await s.keeper.call('domain.shutdown', { domain: 'a', wait });
    for (const name of ['a', 'b']) await s.keeper.define(name, { devices: "<graphics type='vnc' port='-1'/>" });
    await Promise.all(['a', 'b'].map((name) => s.start(name)));
    const ports = ['a', 'b'].map(
      (name) => /tcp=127\.0\.0\.1:(\d+)/.exec(s.host.received(name).at(-1)?.join(' ') ?? '')?.[1],
    );
    expect(new Set(ports).size).toBe(2);
  },
);

test.runIf(full)('W16: a guest whose limits cannot be set does not run without them', async () => {
  const domain = '<blkiotune><device><path>*</path><read_iops_sec>100</read_iops_sec></device></blkiotune>';
  const s = await stage({ guest: { domain } });
  s.host.fail(1, { pattern: 'rctl' });
  await s.keeper.call('domain.start', { domain: 'a', wait }).catch(() => undefined);
  await s.shows('a', 'shut off', { reason: 'failed' });
  expect(s.starts('a')).toBe(0);
  await s.start('a');
  expect(s.host.state()).toContain('process:PID:readiops:throttle=100');
});

test('W17: a VNC password is in no command line, no log, and not in what dumpxml shows', async () => {
  const secret = 'Gh3imn1s';
  const s = await stage({ guest: { devices: `<graphics type='vnc' port='-1' passwd='${secret}'/>` } });
  await s.start('a');
  expect(JSON.stringify(s.host.history())).not.toContain(secret);
  const { log, db, guests } = s.keeper.paths;
  for (const name of readdirSync(log)) expect(readFileSync(path.join(log, name), 'utf8')).not.toContain(secret);
  expect(s.keeper.logged.join()).not.toContain(secret);
  expect((await s.keeper.call('domain.xml', { domain: 'a', inactive: false, secrets: false })).xml).toBe(
    xmlOf('a', { devices: "<graphics type='vnc' port='-1'/>" }),
  );
  expect((await s.keeper.call('domain.xml', { domain: 'a', inactive: false, secrets: true })).xml).toContain(secret);
  expect([
    statSync(db).mode & 0o777,
    statSync(s.keeper.paths.journal).mode & 0o777,
    statSync(guests).mode & 0o777,
  ]).toEqual([0o700, 0o600, 0o700]);
  expect(readFileSync(path.join(guests, 'a/domain.xml'), 'utf8')).not.toContain(secret);
});

test.runIf(full)('W18: firmware and loader together are refused; the first disk is the one that boots', async () => {
  const s = await stage({ guest: { boot: 'freebsd' } });
  const both = xmlOf('z').replace('<os ', '<bootloader>/usr/local/sbin/grub-bhyve</bootloader><os ');
  await expect(s.keeper.call('domain.define', { xml: both, name: 'z.xml' })).rejects.toThrow(/not by both/);
  const second = "<disk type='file' device='disk'><source file='/vm/b.img'/><target dev='vdb' bus='virtio'/></disk>";
  writeFileSync(s.host.path('/vm/b.img'), '');
  await s.keeper.define('a', { boot: 'freebsd', devices: second });
  await s.start('a');
  const loader = s.host.received('a').find(([program]) => program === 'bhyveload') ?? [];
  expect(loader).toContain('/vm/a.img');
  expect(loader).not.toContain('/vm/b.img');
});

test.runIf(full)('W19: autostart has an order, delays, dependencies, and tries again', async () => {
  const s = await stage({ names: ['a', 'b', 'c'] });
  const after =
    "<metadata><b:start xmlns:b='https://bhyvec.org/xmlns/domain/1.0'><b:after guest='a'/></b:start></metadata>";
  const xml = xmlOf('c').replace('</name>', `</name>${after}`);
  expect((await s.keeper.call('domain.define', { xml, name: 'c.xml' })).created).toBe(false);
  expect(s.keeper.view('c')?.startAfter).toEqual(['a']);
  for (const [domain, order, delaySeconds] of [
    ['a', 2, 0.3],
    ['b', 1, 0],
    ['c', 1, 0],
  ] as const) {
    await s.keeper.call('domain.autostart', { domain, enable: true, order, delaySeconds });
  }
  await s.keeper.end();
  writeFileSync(s.keeper.paths.boot, 'another run of the kernel\n');
  s.host.fail(1, { pattern: 'ifconfig * addm *' });
  const next = await nextKeeper(s);
  for (const name of ['a', 'b', 'c']) await next.shows(name, 'running');
  const told = next.keeper.logged.map((line) => line.split(': ').slice(0, 2).join(' '));
  expect(told.filter((line) => line.startsWith('b '))).toEqual([
    'b starting',
    'b stopped',
    'b waiting',
    'b starting',
    'b started',
  ]);
  const begun = ['b starting', 'a starting', 'a started', 'c starting'].map((line) => told.indexOf(line));
  expect(begun).toEqual(begun.toSorted((one, other) => one - other));
});

test.runIf(full)(
  'W20: a virtual machine that is left in the kernel without a process does not stop a start',
  async () => {
    const s = await stage();
    await s.host.run('kldload', ['vmm']);
    await s.host.run('bhyvectl', ['--vm=a', '--create']);
    expect(existsSync(s.host.path('/dev/vmm/a'))).toBe(true);
    await s.start('a');
  },
);

test.runIf(full)('W21: a device that is not bound to ppt is found out before the start', async () => {
  const devices =
    "<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='2' slot='0' function='0'/></source></hostdev>";
  const domain = '<memoryBacking><locked/></memoryBacking>';
  const s = await stage({ guest: { devices, domain }, host: { ppt: [], pci: ['2/0/0=em0'] } });
  await expect(s.keeper.call('domain.start', { domain: 'a', wait })).rejects.toThrow(/ppt/);
  expect(s.starts('a')).toBe(0);
  await s.clean();
});

test('W22: a new definition is taken at the next cold start, and until then the guest says that it differs', async () => {
  const s = await stage({ guest: { onReboot: 'restart' } });
  await s.start('a');
  await s.keeper.define('a', { onReboot: 'restart', memory: '1024' });
  expect(s.keeper.view('a')).toMatchObject({ changedSinceStart: true });
  const memory = (): string => /-m (\w+)/.exec(s.host.received('a').at(-1)?.join(' ') ?? '')?.[1] ?? '';
  await reboot(s.keeper);
  await s.host.waitRunning('a');
  expect([memory(), s.keeper.view('a')?.changedSinceStart]).toEqual(['512M', true]);
  await reboot(s.keeper, true);
  await s.host.waitRunning('a');
  expect([memory(), s.keeper.view('a')?.changedSinceStart]).toEqual(['1024M', false]);
});

test('W23: host validation asks for what works, not for names of files', () => {
  const tap = validateHost(good).find(({ id }) => id === 'tap-module');
  expect([isFit(validateHost(good)), tap?.result, tap?.subject]).toEqual([true, 'pass', 'for if_tuntap module']);
});
