// No signal is lost on the stand-in, at whatever moment it comes: what a test of a launcher sees does not hang on luck.

import { afterEach, expect, test } from 'vitest';
import { size } from '../full.ts';
import { spend } from '../until.ts';
import { createHost, type Host } from './host.ts';

let host: Host;
afterEach(() => {
  host.dispose();
});

const ROM = '/usr/local/share/uefi-firmware/BHYVE_UEFI.fd';
const WORDS = ['-A', '-H', '-m', '512M', '-l', `bootrom,${ROM}`, '-s', '0,hostbridge', '-s', '31,lpc', 'g'];

test.each([
  ['the power button', 'run', 1],
  ['the power button of a guest with a status of its own', 'term:2', 2],
  ['the power button in the middle of a nap', 'after:1000', 1],
])('%s, pressed as soon as the guest is seen', async (_, entry, expected) => {
  host = createHost({ modules: ['vmm'] });
  host.warm(WORDS);
  host.script('*', entry);
  const count = size(8, 1500);
  for (let i = 0; i < count; i += 1) {
    const guest = host.start('bhyve', WORDS);
    await host.waitRunning('g');
    spend((3 * i) / count);
    guest.kill('SIGTERM');
    expect(await guest.done).toMatchObject({ status: expected, signal: null });
  }
});

test('an event right behind another one is not lost, and who tells of it knows that it was heard', async () => {
  host = createHost({ modules: ['vmm'] });
  host.warm(WORDS);
  for (let i = 0; i < size(5, 500); i += 1) {
    const guest = host.start('bhyve', WORDS);
    await host.waitRunning('g');
    host.play('g', 'stuck');
    guest.kill('SIGTERM');
    await host.run('bhyvectl', ['--vm=g', '--force-poweroff']);
    expect(guest.child.exitCode).toBeNull();
    guest.kill('SIGKILL');
    expect((await guest.done).signal).toBe('SIGKILL');
  }
  for (let i = 0; i < size(5, 500); i += 1) {
    const guest = host.start('bhyve', WORDS);
    await host.waitRunning('g');
    await Promise.all([host.run('bhyvectl', ['--vm=g', '--force-poweroff']), guest.done]);
    await host.run('bhyvectl', ['--vm=g', '--destroy']);
    expect((await guest.done).status).toBe(1);
  }
});

test('a daemon forwards SIGTERM at every moment of its start', async () => {
  host = createHost({ release: '14.3' });
  for (let i = 0; i < size(5, 300); i += 1) {
    await host.run('daemon', ['-f', '-P', '/var/run/d.pid', '-p', '/var/run/c.pid', 'sleep', '1000']);
    spend(i % 15);
    await host.waitFor(() => host.processes().length === 1);
    process.kill(host.processes()[0]?.pid ?? -1, 'SIGTERM');
    await host.waitFor(() => host.processes().length === 0);
  }
  expect(host.history().some(({ argv }) => argv[0] === 'sleep')).toBe(true);
});
