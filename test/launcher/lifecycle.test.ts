/** The launcher and the rc.d script through the life of a guest: one at a time, stopping, restarting, keeping, giving up. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import { expectAtLeast } from '../until.ts';
import { Guest, hosts, limits } from './guest.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

describe.concurrent('life of a guest', () => {
  test('start, status, stop: the words, the exit statuses, and nothing left', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    expect(await guest.verb('status')).toMatchObject({ status: 3, stdout: 'g: does not run\n' });
    expect(await guest.verb('start')).toMatchObject({ status: 0, stderr: '' });
    expect((await guest.verb('status')).status).toBe(0);
    expect(await guest.verb('start')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/runs already/) as string,
    });
    expect((await guest.verb('run')).status).toBe(1);
    expect((await guest.verb('check')).status).toBe(0);
    expect((await guest.verb('clean')).status).toBe(1);
    expect((await guest.verb('console')).stdout).toContain('Connected');
    expect(await guest.verb('stop')).toMatchObject({ status: 0, stdout: 'g: stopped\n' });
    expect(await guest.verb('stop')).toMatchObject({ status: 0, stdout: 'g: does not run\n' });
    expect((await guest.verb('console')).status).toBe(7);
    expect((await guest.verb('reset')).status).toBe(7);
    expect((await guest.verb('clean')).status).toBe(0);
    expect(guest.starts()).toBe(1);
    await guest.host.waitFor(() => guest.look() === guest.before);
  });

  test.runIf(full)('usage', async () => {
    const guest = new Guest();
    expect((await guest.verb('help')).status).toBe(0);
    expect((await guest.verb('nonsense')).status).toBe(2);
    expect((await guest.host.run(guest.launch, ['run', 'x'])).status).toBe(2);
    expect((await guest.host.run(guest.launch)).status).toBe(2);
  });

  test.runIf(full)('of many starts at once one gives a guest, the others an error', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const all = Array.from({ length: 8 }, () => guest.host.start(guest.launch, ['run'], { env: limits }));
    await guest.untilUp();
    await guest.host.waitFor(() => all.filter(({ child }) => child.exitCode !== null).length >= 7);
    expect((await guest.verb('stop')).status).toBe(0);
    const results = await Promise.all(all.map(({ done }) => done));
    expect(results.filter(({ status }) => status === 0)).toHaveLength(1);
    expect(results.filter(({ status, stderr }) => status === 1 && stderr.includes('runs already'))).toHaveLength(7);
    expect(guest.starts()).toBe(1);
    expect(guest.look()).toBe(guest.before);
  });

  test('a killed launcher: status tells, start refuses, clean cures', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run', 'run');
    const running = guest.host.start(guest.launch, ['run'], { env: limits });
    await guest.untilUp();
    running.kill('SIGKILL');
    await running.done;
    expect(await guest.verb('status')).toMatchObject({
      status: 4,
      stdout: expect.stringContaining('launch clean') as string,
    });
    expect(await guest.verb('run')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('launch clean') as string,
    });
    expect((await guest.verb('clean')).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
    expect((await guest.verb('status')).status).toBe(3);
  });

  test.runIf(full)('leftovers without a process are removed by the next start', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run', 'exit:1');
    const running = guest.host.start(guest.launch, ['run'], { env: limits });
    await guest.untilUp();
    running.kill('SIGKILL');
    await running.done;
    for (const { pid } of guest.host.processes()) process.kill(pid, 'SIGKILL');
    await guest.host.waitFor(() => guest.host.processes().length === 0);
    expect((await guest.verb('status')).status).toBe(1);
    expect(await guest.verb('run')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('removes what a killed run has left') as string,
    });
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a lock whose number now belongs to another process is stale', async () => {
    const guest = new Guest();
    guest.host.script('g', 'exit:1');
    mkdirSync(guest.host.path('/var/run/bhyvec/g'), { recursive: true });
    writeFileSync(guest.host.path(`/var/run/bhyvec/g/lock.${String(process.pid)}`), `held ${guest.launch}\n`);
    expect((await guest.verb('run')).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('stop presses the power button, then forces, then kills', async () => {
    for (const [entry, seconds] of [
      ['slow-term:0.5:1', 0.4],
      ['ignore-term', 2],
      ['stuck', 3],
    ] as const) {
      const guest = new Guest();
      guest.host.script('g', entry);
      const running = guest.host.start(guest.launch, ['run'], { env: limits });
      await guest.untilUp();
      await expectAtLeast(seconds, async () => {
        const [first, second] = await Promise.all([guest.verb('stop'), guest.verb('stop')]);
        expect([entry, first.status, second.status]).toEqual([entry, 0, 0]);
        expect((await running.done).status).toBe(0);
      });
      expect(guest.look()).toBe(guest.before);
    }
  });

  test.runIf(full)('a guest without ACPI is forced at once', async () => {
    const guest = new Guest({ boot: 'freebsd', features: '' });
    guest.host.script('g', 'run');
    const running = guest.host.start(guest.launch, ['run'], { env: { ...limits, BHYVEC_STOP_LIMIT: '60' } });
    await guest.untilUp();
    expect((await guest.verb('stop')).status).toBe(0);
    expect((await running.done).stdout).toContain('the guest powered off (bhyve: 1)');
    expect(guest.host.history().some(({ argv }) => argv.includes('--force-poweroff'))).toBe(true);
  });

  test.runIf(full)('destroy waits for no guest', async () => {
    const guest = new Guest();
    guest.host.script('g', 'ignore-term');
    const running = guest.host.start(guest.launch, ['run'], { env: { ...limits, BHYVEC_STOP_LIMIT: '86400' } });
    await guest.untilUp();
    expect((await guest.verb('destroy')).status).toBe(0);
    await running.done;
    expect(guest.look()).toBe(guest.before);
    expect((await guest.verb('destroy')).status).toBe(0);
  });

  test.runIf(full)('destroy ends a launcher that does not react', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const running = guest.host.start(guest.launch, ['run'], { env: limits });
    await guest.untilUp();
    running.kill('SIGSTOP');
    expect((await guest.verb('destroy', { BHYVEC_FORCE_LIMIT: '1', BHYVEC_NODE_LIMIT: '1' })).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test('restart stops, and starts what the file now says', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run', 'run');
    const running = guest.host.start(guest.launch, ['run'], { env: limits });
    await guest.untilUp();
    const changed = readFileSync(guest.launch, 'utf8').replaceAll('512M', '1024M');
    rmSync(guest.launch);
    writeFileSync(guest.launch, changed, { mode: 0o755 });
    expect(await guest.verb('restart')).toMatchObject({ status: 0, stdout: 'g: runs again\n' });
    await guest.untilUp();
    expect(guest.host.received('g').at(-1)).toContain('1024M');
    expect((await guest.verb('stop')).status).toBe(0);
    expect((await running.done).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test.each(
    oneOf(2, [
      ['on_reboot=destroy', { onReboot: 'destroy' }, ['exit:0'], 1, 0],
      ['on_poweroff=restart', { onPoweroff: 'restart' }, ['exit:1', 'exit:2', 'exit:3'], 3, 1],
      ['on_crash=restart', { onCrash: 'restart' }, ['exit:3', 'signal:SEGV', 'exit:4', 'exit:1'], 4, 0],
      ['on_crash=destroy', {}, ['signal:KILL'], 1, 1],
      ['a usage error is no power-off', { onPoweroff: 'restart' }, ['exit-at-once:1'], 1, 1],
      ['EX_USAGE never restarts', { onCrash: 'restart' }, ['exit-at-once:64'], 1, 1],
    ] as const),
  )('%s', async (_title, options, script, starts, status) => {
    const guest = new Guest(options);
    guest.host.script('g', ...script);
    expect((await guest.verb('run')).status).toBe(status);
    expect(guest.starts()).toBe(starts);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a crash loop ends', async () => {
    const guest = new Guest({ onCrash: 'restart' });
    guest.host.script('g', ...Array.from({ length: 20 }, () => 'exit:3'));
    const { status, stderr } = await guest.verb('run');
    expect(status).toBe(1);
    expect(stderr).toContain('ended 5 times within 10 seconds of its start: not started again');
    expect(guest.starts()).toBe(5);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('the pause before a restart can be interrupted', async () => {
    const guest = new Guest({ onCrash: 'restart' });
    guest.host.script('g', 'exit:3', 'run');
    const running = guest.host.start(guest.launch, ['run'], { env: { ...limits, BHYVEC_RESTART_DELAY: '600' } });
    await guest.host.waitFor(() => guest.host.history().some(({ argv }) => argv[0] === 'sleep' && argv[1] === '600'));
    running.kill('SIGTERM');
    expect((await running.done).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('preserve keeps all until clean', async () => {
    const guest = new Guest({ onCrash: 'preserve' });
    guest.host.script('g', 'exit:3');
    expect(await guest.verb('run')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('launch clean') as string,
    });
    expect(guest.host.state()).toContain('bhyve g interface tap');
    expect(existsSync(guest.host.path('/dev/vmm/g'))).toBe(true);
    expect((await guest.verb('status')).status).toBe(1);
    expect((await guest.verb('run')).status).toBe(1);
    expect((await guest.verb('clean')).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a loader that hangs is ended with the launcher', async () => {
    const guest = new Guest({ boot: 'freebsd' });
    guest.host.loaderScript('g', 'hang');
    const running = guest.host.start(guest.launch, ['run'], { env: limits });
    await guest.host.waitFor(() => guest.host.processes().some(({ label }) => label.startsWith('bhyveload')));
    running.kill('SIGTERM');
    expect((await running.done).status).toBe(0);
    expect(guest.starts()).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('start shows why the guest did not start', async () => {
    const guest = new Guest({}, 'freebsd-14.3', { disks: [] });
    const { status, stderr } = await guest.verb('start');
    expect(status).toBe(1);
    expect(stderr).toContain('the disk /vm/a.img is not there: truncate -s SIZE');
    expect(await guest.service('onestart')).toMatchObject({ status: 1 });
  });

  test('an automatic port is the first free one, and stays when the guest reboots', async () => {
    const devices = "<graphics type='vnc' port='-1'/>";
    const guest = new Guest({ devices }, 'freebsd-14.3', { ports: ['127.0.0.1:5900', '*:5901'] });
    guest.host.script('g', 'exit:0', 'exit:1');
    expect((await guest.verb('run')).status).toBe(0);
    const words = guest.host.received('g').map((argv) => argv.find((word) => word.includes('fbuf')));
    expect(words).toHaveLength(2);
    for (const word of words) expect(word).toContain('tcp=127.0.0.1:5902');
  });

  test('the service starts, reports, resets and stops', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run', 'run', 'run');
    expect((await guest.service('onestart')).status).toBe(0);
    await guest.untilUp();
    const status = await guest.service('onestatus');
    expect(status).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^g: runs \(launcher \d+\)\n$/) as string,
    });
    expect((await guest.verb('status')).stdout).toBe(status.stdout);
    expect((await guest.service('onestart')).status).toBe(1);
    expect((await guest.service('onereset')).status).toBe(0);
    await guest.host.waitFor(() => guest.starts() === 2);
    await guest.untilUp();
    expect((await guest.service('oneconsole')).stdout).toContain('Connected');
    expect((await guest.service('onestop')).status).toBe(0);
    expect((await guest.service('onestatus')).status).toBe(1);
    expect((await guest.service('onestop')).status).toBe(0);
    expect((await guest.service('onestart')).status).toBe(0);
    await guest.untilUp();
    expect((await guest.service('onepoweroff')).status).toBe(0);
    await guest.host.waitFor(() => guest.look() === guest.before);
    expect(readFileSync(guest.host.path('/var/log/bhyve_g.log'), 'utf8')).toContain('ended on request');
  });
});
