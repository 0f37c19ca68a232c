/** A launcher that a user runs: bhyve in monitor mode needs no root, and what root has in /var is in folders of the user. */
import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { Host } from '../host/host.ts';
import { limits } from './guest.ts';
import { compileFor, guestXml, hostFor, install, profileOf } from './guests.ts';

const made: Host[] = [];
afterAll(() => {
  for (const host of made) host.dispose();
});

const run = '/home/vm/run';

/** A guest of the profile, on a host that is not root's. */
function guestOf(privileged: boolean): { readonly host: Host; readonly launch: string } {
  const profile = {
    ...profileOf('freebsd-main'),
    ...{ privileged, runDirectory: run, stateDirectory: run, nvramDirectory: '/home/vm/nvram' },
  };
  const { plan } = compileFor(guestXml({ nics: 0 }), profile);
  if (plan === null) throw new Error('the guest has mistakes');
  const host = hostFor(plan, { release: 'main', user: 1001, modules: ['vmm'] });
  made.push(host);
  return { host, launch: install(host, plan) };
}

test('a user starts and stops a guest, and root is needed for one that is not in monitor mode', async () => {
  const { host, launch } = guestOf(false);
  host.script('g', 'run');
  const verb = async (name: string): Promise<readonly [number | null, string]> => {
    const { status, stderr } = await host.run(launch, [name], { env: limits });
    return [status, stderr];
  };
  expect(await verb('check')).toEqual([0, '']);
  expect(await verb('start')).toEqual([0, '']);
  expect([`${run}/bhyve_g.pid`, `${run}/bhyve_g.log`].map((file) => existsSync(host.path(file)))).toEqual([true, true]);
  expect(['/var/run/bhyve_g.pid', '/var/log/bhyve_g.log'].some((file) => existsSync(host.path(file)))).toBe(false);
  expect(await verb('stop')).toEqual([0, '']);
  expect(existsSync(host.path(`${run}/g`))).toBe(false);
  expect(host.history().some(({ argv }) => argv[0] === 'bhyve' && argv.includes('-M'))).toBe(true);
  const other = guestOf(true);
  const refused = await other.host.run(other.launch, ['check']);
  expect(refused.status).toBe(4);
  expect(refused.stderr).toContain('only root can run guests');
});
