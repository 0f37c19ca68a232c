/** The first start after a boot: no module is loaded, /var/run is empty, and the service looks before it launches. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { oneOf } from '../full.ts';
import { Guest, hosts } from './guest.ts';
import type { GuestOptions } from './guests.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const agent = (socket: string): string =>
  `<channel type='unix'><source mode='bind' path='${socket}'/><target type='virtio' name='agent.0'/></channel>`;

const guests: readonly (readonly [why: string, options: GuestOptions, target: string])[] = [
  ['daemon(8) before 12.1 writes no log', {}, 'freebsd-12.0'],
  ['the most virtual CPUs are known once vmm is loaded', { vcpus: 20 }, 'freebsd-14.3'],
  ['a socket lies where the launcher keeps its runs', { devices: agent('/var/run/bhyvec/agent') }, 'freebsd-14.3'],
  ['a socket lies in the folder of this run', { devices: agent('/var/run/bhyvec/g/agent') }, 'freebsd-15.1'],
];

describe.concurrent.each(guests)('%s', (_, options, target) => {
  test('the service starts the guest', async () => {
    const guest = new Guest(options, target);
    guest.host.script('g', 'run');
    const started = await guest.service('onestart');
    expect(started.status, started.stderr + started.stdout).toBe(0);
    await guest.untilUp();
    expect((await guest.service('onestop')).status).toBe(0);
    expect(guest.starts()).toBe(1);
    const log = guest.host.path('/var/log/bhyve_g.log');
    expect([readFileSync(log, 'utf8'), statSync(log).mode & 0o777]).toEqual([
      expect.stringMatching(/^g: starts\n/),
      0o600,
    ]);
    expect(existsSync(guest.host.path('/var/run/bhyvec'))).toBe(false);
  });
});

test('more virtual CPUs than the host allows are a miss, once vmm is loaded', async () => {
  const guest = new Guest({ vcpus: 33 });
  expect((await guest.verb('check')).status).toBe(0);
  expect(await guest.verb('run')).toMatchObject({
    status: 6,
    stderr: expect.stringMatching(/33 virtual CPUs are more than the 32 of this host/) as string,
  });
});

test.each(oneOf(2, ['60s', '08', '-1', '1e3', '123456789']))(
  'a limit of %s is refused before anything is done',
  async (limit) => {
    const guest = new Guest();
    const { status, stderr } = await guest.verb('run', { BHYVEC_STOP_LIMIT: limit });
    expect([status, stderr]).toEqual([2, `g: a limit is a number of seconds, not ${limit}\n`]);
    expect(guest.host.history()).toEqual([]);
  },
);

test('who runs it in the foreground can answer the loader', async () => {
  const guest = new Guest({ boot: 'grub' });
  const loader = guest.host.path('/usr/local/sbin/grub-bhyve');
  writeFileSync(
    loader,
    '#!/bin/sh\nread -r answer\nprintf "%s\\n" "$answer" >"$BHYVEC_ROOT/var/log/answer"\nexec grub-bhyve "$@"\n',
  );
  guest.host.script('g', 'exit:1');
  expect((await guest.host.run(guest.launch, ['run'], { input: 'memdisk\n' })).status).toBe(0);
  expect(readFileSync(guest.host.path('/var/log/answer'), 'utf8')).toBe('memdisk\n');
});
