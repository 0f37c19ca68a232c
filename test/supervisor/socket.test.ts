/** Who gets to the control socket of a supervisor: its owner alone, or the members of a group as well. */
import { statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import type { Host } from '../host/host.ts';
import { hostForGuests, keep } from './harness.ts';

const hosts: Host[] = [];
afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

function host(): Host {
  const made = hostForGuests(['a']);
  hosts.push(made);
  return made;
}

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

test('without a group nobody else gets near it', async () => {
  const keeper = await keep(host(), { group: null });
  const { run, socket } = keeper.paths;
  expect([modeOf(run), modeOf(socket)]).toEqual(['700', '600']);
  await keeper.end();
});

test('with a group its members get through the folder to the socket, and to nothing else', async () => {
  const gid = process.getgid?.() ?? 0;
  const place = host();
  const keeper = await keep(place, { group: String(gid) });
  const { run, socket, guests, reports } = keeper.paths;
  expect([run, socket, guests, reports].map(modeOf)).toEqual(['710', '660', '700', '700']);
  expect([statSync(run).gid, statSync(socket).gid]).toEqual([gid, gid]);
  await keeper.end();
  // The next one without a group closes the folder again.
  const next = await keep(place, { group: null });
  expect(modeOf(run)).toBe('700');
  await next.end();
});

test('connections that are over still count in the total', async () => {
  const keeper = await keep(host(), { group: null });
  for (let i = 0; i < 3; i += 1) {
    const client = createConnection(keeper.paths.socket);
    await once(client, 'connect');
    client.end();
    client.resume();
    await once(client, 'close');
  }
  const { text } = await keeper.call('supervisor.metrics', {});
  expect(text).toMatch(/^bhyvec_connections_total 3$/m);
  await keeper.end();
});
