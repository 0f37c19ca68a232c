/** The supervisor's runtime on the stand-in host: the life of guests from their definition to their end. */
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Host } from '../host/host.ts';
import { bhyves, hostForGuests, journalState, keep, leftFiles, look, starts, type Keeper } from './harness.ts';

const hosts: Host[] = [];
const keepers: Keeper[] = [];

function hostWith(...args: Parameters<typeof hostForGuests>): Host {
  const host = hostForGuests(...args);
  hosts.push(host);
  return host;
}

async function keeperOn(...args: Parameters<typeof keep>): Promise<Keeper> {
  const keeper = await keep(...args);
  keepers.push(keeper);
  return keeper;
}

afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.end();
});
afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

describe('one guest', () => {
  test('define, start, shutdown, undefine: each answer, and nothing is left', async () => {
    const host = hostWith(['a']);
    const before = look(host);
    const keeper = await keeperOn(host);
    await keeper.define('a');
    const started = await keeper.call('domain.start', { domain: 'a', wait: true });
    expect(await host.waitRunning('a')).toBe(started.id);
    expect(bhyves(host, 'a')).toEqual([started.id]);
    expect(keeper.view('a')).toMatchObject({ state: 'running', id: started.id });
    expect(await keeper.call('domain.shutdown', { domain: 'a', wait: true })).toEqual({ name: 'a', means: 'press' });
    expect(keeper.view('a')).toMatchObject({ state: 'shut off', reason: 'shutdown', id: null });
    expect(look(host)).toBe(before);
    await keeper.until(() => leftFiles(keeper.paths).length === 0);
    expect(journalState(keeper.paths)).toEqual([keeper.view('a')]);
    await keeper.call('domain.undefine', { domain: 'a', nvram: 'remove' });
    expect(keeper.view('a')).toBeUndefined();
    expect(starts(host, 'a')).toBe(1);
  });
});
