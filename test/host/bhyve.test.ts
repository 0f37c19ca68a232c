// bhyve(8) of the stand-in host: grammar by release, host resources, life cycle. Reference sections 1 to 5.

import { existsSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import { createHost, type Host, type HostOptions } from './host.ts';

let host: Host;
afterEach(() => {
  host.dispose();
});

const ROM = '/usr/local/share/uefi-firmware/BHYVE_UEFI.fd';
const BASE = ['-A', '-H', '-c', '1', '-m', '512M', '-l', `bootrom,${ROM}`, '-s', '0,hostbridge', '-s', '31,lpc'];
const make = (options: HostOptions = {}): Host =>
  (host = createHost({ modules: ['vmm', 'nmdm'], disks: ['/vm/a.img'], taps: ['tap0'], ...options }));
const bhyve = async (...words: string[]) => host.run('bhyve', words);
const status = async (...words: string[]): Promise<number | null> => (await bhyve(...words)).status;
const node = (name = 'g'): boolean => existsSync(host.path(`/dev/vmm/${name}`));

test.each(
  oneOf(12, [
    ['13.0', ['-k', 'f'], 1],
    ['13.0', ['-o', 'a=b'], 1],
    ['13.2', ['-o', 'a='], 64],
    ['13.1', ['-K', 'fr'], 1],
    ['13.2', ['-b'], 1],
    ['14.3', ['-n', 'id=0'], 1],
    ['14.3', ['-M'], 1],
    ['14.3', ['-m', 'x'], 64],
    ['14.3', ['-c', '0'], 64],
    ['14.3', ['-c', 'cpus=4,cores=2'], 4],
    ['13.0', ['-c', 'cpus=4,sockets=1,cores=2'], 64],
    ['14.3', ['-p', 'x'], 64],
    ['14.3', ['-s', '3'], 4],
    ['14.3', ['-s', '0:0,virtio-rnd'], 4],
    ['14.3', ['-s', '3,nope'], 4],
    ['14.3', ['-s', '32,virtio-rnd'], 4],
    ['14.3', ['-s', '1:3:0,virtio-rnd'], 4],
    ['14.3', ['-s', '3,virtio-blk,/no/such'], 4],
    ['14.3', ['-s', '3,ahci,/vm/a.img'], 4],
    ['14.3', ['-s', '3,virtio-net,tap9'], 4],
    ['14.3', ['-s', '3,virtio-net,foo0'], 4],
    ['14.3', ['-s', '3,virtio-net,tap0,mac=01:00:00:00:00:00'], 4],
    ['14.3', ['-s', '3,fbuf,tcp=5900,w=4000'], 4],
    ['14.3', ['-s', '3,passthru,2/0/0'], 4],
    ['14.3', ['-l', 'com9,stdio'], 64],
    ['12.4', ['-l', 'com3,stdio'], 64],
    ['14.3', ['-l', 'com1,/etc/rc.conf'], 4],
    ['14.2', ['-l', 'tpm,swtpm,/s'], 64],
    ['15.0', ['-o', 'tpm.type=passthru', '-o', 'tpm.path=/dev/tpm0'], 134],
    ['12.4', ['-s', '3,virtio-9p,t=/tmp'], 4],
    ['13.0', ['-s', '3,virtio-blk,/vm/a.img,nonsense'], 4],
    ['11.0', ['-s', '3,nope'], 1],
    ['14.3', ['second'], 1],
  ] as const),
)('%s refuses %j with %i', async (release, words, expected) => {
  make({ release });
  host.script('*', 'exit:0');
  expect(await status(...BASE, ...words, 'g')).toBe(expected);
});

test.each(
  oneOf(12, [
    ['14.3', ['-s', '3,virtio-blk,/vm/a.img,nonsense']],
    ['14.3', ['-Y', '-s', '1:3:0,virtio-rnd']],
    ['15.0', ['-n', 'id=0,size=512M']],
    ['15.0', ['-s', '3,fbuf,tcp=5900,w=3840,h=2160']],
    ['14.3', ['-l', 'com1,/dev/nmdm-x.1A', '-s', '3,virtio-net,tap0,mac=58:9c:fc:00:00:01']],
    ['12.2', ['-b', '-D', '-s', '3,nvme,/vm/a.img']],
  ] as const),
)('%s accepts %j', async (release, words) => {
  make({ release });
  host.script('*', 'exit:2');
  expect(await status(...BASE, ...words, 'g')).toBe(2);
});

test('help lists, also for the empty string, and exits 0', async () => {
  make();
  expect((await bhyve('-s', '')).stdout).toContain('virtio-net\n');
  expect(await bhyve('-l', 'help')).toMatchObject({ status: 0, stdout: expect.stringContaining('com4\n') as string });
  expect(await bhyve('-h')).toMatchObject({ status: 0, stdout: '' });
  expect(node()).toBe(false);
});

test('the configuration from the command line equals the one from a file, key by key', async () => {
  make();
  host.script('*', 'exit:1');
  await bhyve(
    ...BASE,
    '-u',
    '-s',
    '3,ahci,hd:/vm/a.img,ro',
    '-s',
    '4,virtio-net,tap0,mac=58:9c:fc:00:00:01',
    '-p',
    '0:1',
    '-p',
    '0:2',
    'g',
  );
  const lines = host.config('g');
  expect(lines).toContain('pci.0.3.0.port.0.ro=true');
  expect(lines).toContain('vcpu.0.cpuset=1,2');
  writeFileSync(host.path('/g.conf'), `# comment\n${lines.join('\n')}`);
  expect(await status('-k', '/g.conf')).toBe(1);
  expect(host.config('g')).toEqual(lines);
  expect(
    (await bhyve('-k', '/g.conf', '-o', 'config.dump=1')).stdout
      .split('\n')
      .filter((line) => line !== 'config.dump=1' && line !== ''),
  ).toEqual(lines);
});

test.runIf(full)('later settings win; a key is a value or a parent', async () => {
  make();
  host.script('*', 'exit:1');
  await bhyve(...BASE, '-m', '1G', '-o', 'memory.size=2G', 'g');
  expect(host.config('g')).toContain('memory.size=2G');
  expect(await status('-o', 'a.b=1', '-o', 'a=1', ...BASE, 'g')).toBe(4);
  expect(await status(...BASE, '-o', 'x86.strictmsr=maybe', 'g')).toBe(4);
});

test('percent signs expand, backslashes quote only next to a percent sign', async () => {
  make({ disks: ['/vm/g.img', '/vm/a\\b.img', '/vm/50%.img'] });
  host.script('*', 'exit:1');
  expect(await status(...BASE, '-s', '3,virtio-blk,/vm/%(name).img', 'g')).toBe(1);
  expect(await status(...BASE, '-s', '3,virtio-blk,/vm/a\\b.img', 'g')).toBe(1);
  expect(await status(...BASE, '-s', '3,virtio-blk,/vm/50\\%.img', 'g')).toBe(1);
  expect((await bhyve(...BASE, '-s', '3,virtio-blk,/vm/50%.img', 'g')).stderr).toContain('Stray %');
});

test('words arrive byte for byte', async () => {
  make();
  const words = ['-x y', 'a\nb', "'", '"', '$(x)', '`', '\\', 'é€', '', '-', '%s', '*', 'g'];
  host.script('g', 'exit-at-once:7');
  expect(await status(...words)).toBe(7);
  expect(host.received('g')).toEqual([['bhyve', ...words]]);
  expect(host.history()[0]).toMatchObject({ sequence: 1, status: '7' });
});

test.runIf(full)('the object stays after any end, until it is destroyed', async () => {
  make();
  host.script('g', 'exit:0', 'exit:1', 'signal:KILL');
  expect(await status(...BASE, 'g')).toBe(0);
  expect(node()).toBe(true);
  expect(await status(...BASE, 'g')).toBe(1);
  expect((await bhyve(...BASE, 'g')).signal).toBe('SIGKILL');
  expect((await host.run('bhyvectl', ['--vm=g', '--destroy'])).status).toBe(0);
  expect(node()).toBe(false);
  expect(await host.run('bhyvectl', ['--vm=g', '--destroy'])).toMatchObject({
    status: 1,
    stdout: 'VM:g is not created.\n',
  });
});

test.runIf(full)('-D destroys on power-off only', async () => {
  make();
  host.script('g', 'exit:0', 'exit:1');
  await bhyve('-D', ...BASE, 'g');
  expect(node()).toBe(true);
  await bhyve('-D', ...BASE, 'g');
  expect(node()).toBe(false);
});

test('SIGTERM presses the power button in ACPI mode and kills otherwise', async () => {
  make();
  const ends = [];
  for (const [words, entry] of [
    [BASE, 'run'],
    [BASE, 'hang'],
    [BASE.slice(1), 'run'],
    [BASE, 'term:0'],
  ] as const) {
    host.script('g', entry);
    const running = host.start('bhyve', [...words, 'g']);
    await host.waitRunning('g');
    running.kill('SIGTERM');
    const { status: code, signal } = await running.done;
    ends.push(signal ?? code);
  }
  expect(ends).toEqual([1, 'SIGTERM', 'SIGTERM', 0]);
});

test('bhyvectl ends a guest that ignores the button', async () => {
  make();
  for (const [action, expected] of [
    ['--force-poweroff', 1],
    ['--force-reset', 0],
    ['--destroy', 4],
  ] as const) {
    host.script('g', 'ignore-term');
    const running = host.start('bhyve', [...BASE, 'g']);
    await host.waitRunning('g');
    running.kill('SIGTERM');
    await host.run('bhyvectl', ['--vm=g', action]);
    expect((await running.done).status).toBe(expected);
  }
  expect(node()).toBe(false);
});

test('taps and ports belong to one running bhyve, and fall with it', async () => {
  make();
  const words = [...BASE, '-s', '3,virtio-net,tap0', '-s', '4,fbuf,tcp=127.0.0.1:5901'];
  const running = host.start('bhyve', [...words, 'g']);
  await host.waitRunning('g');
  await host.waitFor(() => host.state().includes('127.0.0.1:5901 bhyve'));
  expect(host.state()).toMatch(/tap0 .* up .*open=yes/);
  expect((await host.run('sockstat', ['-4', '-l', '-P', 'tcp', '-p', '5900-5999'])).stdout).toContain('127.0.0.1:5901');
  expect((await host.run('ifconfig', ['tap0', 'destroy'])).status).toBe(1);
  expect((await bhyve(...BASE, '-s', '3,virtio-net,tap0', 'h')).stderr).toContain('Device busy');
  expect((await bhyve(...BASE, '-s', '3,fbuf,tcp=0.0.0.0:5901', 'h')).stderr).toContain('Address already in use');
  expect(await status(...BASE, 'g')).toBe(4);
  running.kill('SIGKILL');
  await running.done;
  expect(host.state()).toMatch(/tap0 .* down .*open=no/);
  expect(host.state()).not.toContain('5901');
});

test.runIf(full)('console sockets are made, stay, and a stale one is an error', async () => {
  make();
  host.script('*', 'exit:1');
  const words = [...BASE, '-s', '3,virtio-console,agent=/var/run/g.sock', 'g'];
  expect(await status(...words)).toBe(1);
  expect(host.state()).toContain('var/run/g.sock socket');
  expect(await status(...words)).toBe(4);
});

test('without a ROM a loader must have filled the object', async () => {
  make();
  host.script('*', 'exit:1');
  const words = ['-A', '-m', '512M', '-s', '0,hostbridge', '-s', '3,virtio-blk,/vm/a.img', 'g'];
  expect(await bhyve(...words)).toMatchObject({
    status: 4,
    stderr: expect.stringContaining('cannot be booted') as string,
  });
  expect(node()).toBe(true);
  expect((await host.run('bhyveload', ['-m', '512M', '-d', '/vm/a.img', 'g'])).status).toBe(0);
  expect(await status(...words)).toBe(1);
  expect(await status(...words)).toBe(3);
  expect((await host.run('bhyveload', ['-m', '256M', '-d', '/vm/a.img', 'g'])).status).toBe(0);
  expect(await status(...words)).toBe(4);
  expect(host.received('g').map(([command]) => command)).toEqual([
    'bhyve',
    'bhyveload',
    'bhyve',
    'bhyve',
    'bhyveload',
    'bhyve',
  ]);
});

test.runIf(full)('a loader reads sizes as bhyve does', async () => {
  make();
  const load = (size: string) => host.run('bhyveload', ['-m', size, '-d', '/vm/a.img', 'g']);
  for (const size of [' 8G', '+512', '0x200', '010M', '0x10M', '8GB', '536870912b', '524288k']) {
    host.script('g', 'exit:1');
    // bhyve refuses another size than the loader's.
    expect([size, (await load(size)).status, await status('-m', size, '-s', '0,hostbridge', 'g')]).toEqual([
      size,
      0,
      1,
    ]);
    await host.run('bhyvectl', ['--vm=g', '--destroy']);
  }
  for (const size of ['', 'x', '0', '8 G', '-8G', '8X', '09M']) {
    expect([size, (await load(size)).status]).toEqual([size, 64]);
  }
});

test('grub-bhyve reads its device map and does not reuse an object', async () => {
  make();
  writeFileSync(host.path('/g.map'), '(hd0) /vm/a.img\n(cd0) /no.iso\n');
  const grub = async (root: string) =>
    (await host.run('grub-bhyve', ['-r', root, '-m', '/g.map', '-M', '512M', '-c', '/dev/nmdm-g.1A', 'g'])).status;
  expect(await grub('cd0')).toBe(1);
  expect(await grub('hd0,msdos1')).toBe(0);
  expect(await grub('hd0,msdos1')).toBe(1);
  await host.run('bhyvectl', ['--vm=g', '--destroy']);
  host.loaderScript('g', 'exit:1');
  expect(await grub('hd0')).toBe(1);
});

test('pass-through wants wired memory and the ppt driver', async () => {
  make({ pci: ['2/0/0=em1'] });
  host.script('*', 'exit:1');
  const words = [...BASE, '-S', '-s', '5,passthru,2/0/0', 'g'];
  expect(await status(...words)).toBe(4);
  expect((await host.run('devctl', ['set', 'driver', 'pci0:2:0:0', 'ppt'])).status).toBe(1);
  expect((await host.run('devctl', ['set', 'driver', '-f', 'pci0:2:0:0', 'ppt'])).status).toBe(0);
  expect((await host.run('pciconf', ['-l'])).stdout).toMatch(/^ppt0@pci0:2:0:0:\t/);
  expect(await status(...words)).toBe(1);
  await host.run('devctl', ['clear', 'driver', '-f', 'pci0:2:0:0']);
  expect(host.state()).toContain('2:0:0 em1');
});
