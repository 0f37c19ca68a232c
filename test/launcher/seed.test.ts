/** The volume of cloud-init on a host: a copy for each run that only root reads, gone with the guest. */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Guest, hosts } from './guest.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const metadata =
  "<metadata><b:cloud-init xmlns:b='https://bhyvec.org/xmlns/domain/1.0'>" +
  '<b:user-data>#cloud-config</b:user-data></b:cloud-init></metadata>';
const copy = '/var/run/bhyvec/g.seed.iso';

describe.concurrent('a volume for cloud-init', () => {
  test('is copied before the guest starts, and removed with it', async () => {
    const guest = new Guest({ nics: 0, domain: metadata });
    guest.host.script('g', 'run');
    const running = guest.host.start(guest.launch, ['run']);
    await guest.untilUp();
    const made = guest.host.path(copy);
    expect(statSync(made).mode & 0o777).toBe(0o600);
    expect(readFileSync(made).equals(readFileSync(path.join(path.dirname(guest.launch), 'seed.iso')))).toBe(true);
    expect(guest.host.received('g').flat()).toContainEqual(expect.stringMatching(/ahci,cd:.*g[.]seed[.]iso$/));
    running.kill('SIGTERM');
    expect((await running.done).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test('that is not beside the launcher is told before anything is made', async () => {
    const guest = new Guest({ nics: 0, domain: metadata });
    rmSync(path.join(path.dirname(guest.launch), 'seed.iso'));
    const missed = await guest.verb('check');
    expect([missed.status, missed.stderr]).toEqual([6, expect.stringContaining('copy the whole folder')]);
    expect(existsSync(guest.host.path(copy))).toBe(false);
  });
});
