/** Many guests at once, in a small version: npm run bench:supervisor has 200 of them, and the times. */
import { afterEach, expect, test } from 'vitest';
import { full } from '../full.ts';
import { createSlots } from '../../src/supervisor/runtime/slots.ts';
import { bhyves, leftFiles, look } from './harness.ts';
import { stage, strike } from './stage.ts';

afterEach(strike);

test.runIf(full)('ten guests: all start, all reboot, all stop, nothing is left', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `g${String(i)}`);
  const s = await stage({
    names,
    guest: { onReboot: 'restart' },
    preparing: 3,
    launcherLimits: { stop: 20, force: 2, loader: 20 },
  });
  const first = await Promise.all(names.map((name) => s.start(name)));
  expect(names.map((name) => bhyves(s.host, name))).toEqual(first.map((id) => [id]));
  const again = await Promise.all(
    names.map(async (domain) => (await s.keeper.call('domain.reboot', { domain, wait: true, cold: false })).id),
  );
  expect(new Set([...first, ...again]).size).toBe(20);
  for (const name of names) await s.host.waitRunning(name);
  expect(await s.keeper.call('supervisor.close', { limitSeconds: 60, exit: false })).toEqual({ stopped: 10 });
  expect(look(s.host)).toBe(s.before);
  await s.keeper.until(() => leftFiles(s.keeper.paths).length === 0);
  expect(s.keeper.runtime.supervisor.requests.waiting).toBe(0);
});

test('no more than so many launchers prepare at once; the others wait in their order and can be withdrawn', () => {
  const slots = createSlots(2);
  const began: string[] = [];
  for (const key of ['a', 'b', 'c', 'd', 'e']) slots.take(key, () => void began.push(key));
  expect(began).toEqual(['a', 'b']);
  expect([slots.withdraw('c'), slots.withdraw('a')]).toEqual([true, false]);
  slots.give('nobody');
  expect(began).toEqual(['a', 'b']);
  slots.give('b');
  slots.give('b');
  expect(began).toEqual(['a', 'b', 'd']);
  slots.give('a');
  expect(began).toEqual(['a', 'b', 'd', 'e']);
});
