/** The weaknesses of libvirt's driver, row by row (W1 to W14; the others are in weaknesses-host.test.ts): each test fails where the supervisor behaves as it does. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import { findOrphan } from '../../src/launches/orphans.ts';
import { exists } from '../../src/system/processes.ts';
import { pathsBelow } from '../../src/supervisor/paths.ts';
import { bhyves, killPid, look } from './harness.ts';
import { nextKeeper, reboot, stage, strike } from './stage.ts';

afterEach(strike);
const wait = true;

test.runIf(full)('W1: a guest that a signal ends without a core dump does not stay "running"', async () => {
  const s = await stage({ script: ['after:60:run'] });
  await s.start('a');
  await s.play('a', 'signal:KILL');
  expect(await s.shows('a', 'crashed')).toMatchObject({ id: null, reason: 'crashed' });
  expect(s.events('a')).toContainEqual({ event: 'crashed', detail: 'crashed', code: null, signal: 9, cause: null });
  await s.clean();
});

test.each(
  oneOf(3, [
    ['exit:0', { onReboot: 'destroy' }, 'shut off', 1],
    ['exit:1', { onPoweroff: 'restart' }, 'running', 2],
    ['exit:3', { onCrash: 'restart' }, 'running', 2],
    ['exit:1', { onPoweroff: 'preserve' }, 'preserved', 1],
  ] as const),
)('W2: on_* is honoured: %s with %j', async (entry, guest, state, count) => {
  const s = await stage({ guest });
  s.host.script('a', entry, 'run');
  await s.keeper.call('domain.start', { domain: 'a', wait: false });
  await s.shows('a', state, state === 'running' ? { reason: 'restarted' } : {});
  await s.keeper.until(() => s.starts('a') === count);
});

test('W2: a device that bhyve refuses is told, and never passes for started', async () => {
  const s = await stage();
  s.host.script('a', 'refused:4');
  await expect(s.keeper.call('domain.start', { domain: 'a', wait })).rejects.toThrow(/a has crashed|did not start/);
  expect(s.events('a').map(({ event }) => event)).not.toContain('started');
  s.host.script('a', 'sets-up:-:run');
  const starting = s.keeper.call('domain.start', { domain: 'a', wait });
  await s.shows('a', 'starting', { reason: 'bhyve sets up its devices' });
  writeFileSync(s.host.path('/.host/vm/a/set-up'), '');
  expect((await starting).id).toBe(bhyves(s.host, 'a')[0]);
});

test.runIf(full)(
  'W3: one event for each change with its exit status; a transient guest that ends is no ghost',
  async () => {
    const s = await stage();
    await s.start('a');
    await s.keeper.call('domain.undefine', { domain: 'a', nvram: 'keep' });
    expect(s.keeper.view('a')).toMatchObject({ persistent: false, state: 'running' });
    await s.play('a', 'exit:2');
    await s.keeper.until(() => s.keeper.view('a') === undefined);
    const told = s.events('a').map(({ event, code }) => [event, code]);
    expect(told).toEqual([
      ['defined', null],
      ['starting', null],
      ['started', null],
      ['shutdown', 2],
      ['undefined', null],
    ]);
  },
);

test.runIf(full)('W4: a reboot that the guest ignored does not turn a later shutdown into a restart', async () => {
  const s = await stage({ script: ['ignore-term'], limits: { reboot: 200 } });
  await s.start('a');
  await expect(reboot(s.keeper)).rejects.toThrow(/did not react to the power button/);
  await s.play('a', 'exit:1');
  await s.shows('a', 'shut off');
  await s.clean();
  expect(s.starts('a')).toBe(1);
});

test.each(
  oneOf(2, [
    ['ignore-term', 'force'],
    ['stuck', 'kill'],
  ] as const),
)('W5: a shutdown that the guest ignores (%s) has an end, and says so', async (entry, means) => {
  const s = await stage({ script: [entry] });
  await s.start('a');
  expect(await s.keeper.call('domain.shutdown', { domain: 'a', wait })).toEqual({ name: 'a', means });
  await s.clean();
});

test('W6: a destroyed guest is not reported off before its process is gone and its taps are removed', async () => {
  const s = await stage({ script: ['stuck'], guest: { nics: 2 } });
  await s.start('a');
  await s.keeper.call('domain.destroy', { domain: 'a' });
  expect([bhyves(s.host, 'a'), look(s.host)]).toEqual([[], s.before]);
});

test.runIf(full)('W7: a guest that crashes again and again is not restarted for ever', async () => {
  const s = await stage({ script: ['exit:3'], guest: { onCrash: 'restart' } });
  await s.keeper.call('domain.start', { domain: 'a', wait: false });
  expect(await s.shows('a', 'crashed', { reason: 'crash loop' })).toMatchObject({ starts: 5 });
  expect(s.starts('a')).toBe(5);
  await s.clean();
});

test.runIf(full)('W8: a loader that hangs stops nobody else, and has a time limit', async () => {
  const s = await stage({
    names: ['a', 'b'],
    guest: { boot: 'freebsd' },
    launcherLimits: { stop: 2, force: 1, loader: 1 },
  });
  s.host.loaderScript('a', 'hang');
  const hung = s.keeper.call('domain.start', { domain: 'a', wait });
  hung.catch(() => undefined);
  await s.start('b');
  expect(s.keeper.view('a')?.state).toBe('starting');
  await expect(hung).rejects.toThrow(/loader did not end within 1 second/);
  expect(s.keeper.view('b')?.state).toBe('running');
});

test.runIf(full)('W9: guests that start at the same time each have their own process', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const s = await stage({ names });
  const ids = await Promise.all(names.map((name) => s.start(name)));
  expect(names.map((name) => bhyves(s.host, name))).toEqual(ids.map((id) => [id]));
});

test.runIf(full)(
  'W10, W11: a start that fails halfway unmakes what it made, touches nothing else, and tells the first error',
  async () => {
    const s = await stage({ guest: { nics: 2 }, host: { taps: ['tap7'] } });
    const with7 = look(s.host);
    s.host.fail(2, { pattern: 'ifconfig * addm *' });
    s.host.fail(1, { pattern: 'ifconfig * destroy *' });
    await expect(s.keeper.call('domain.start', { domain: 'a', wait })).rejects.toThrow(
      /start: cannot join .* to bridge0/,
    );
    expect(look(s.host)).toBe(with7);
    expect(look(s.host)).toContain('tap7');
    expect(s.keeper.view('a')).toMatchObject({
      state: 'shut off',
      reason: 'failed',
      message: expect.stringMatching(/cannot join/) as string,
    });
  },
);

test.runIf(full)('W12: hooks come in pairs, after a failed start and at a reboot', async () => {
  const s = await stage({ guest: { onReboot: 'restart' } });
  const hook = s.keeper.paths.hook;
  mkdirSync(path.dirname(hook), { recursive: true });
  writeFileSync(hook, '#!/bin/sh\nprintf "%s %s\\n" "$2" "$3" >>"$BHYVEC_ROOT/var/log/hooks"\n');
  chmodSync(hook, 0o755);
  const calls = (): string => readFileSync(s.host.path('/var/log/hooks'), 'utf8').replaceAll('\n', ',');
  s.host.fail(1, { pattern: 'ifconfig * addm *' });
  await s.keeper.call('domain.start', { domain: 'a', wait }).catch(() => undefined);
  const failed = 'prepare begin,stopped end,release end,';
  expect(calls()).toBe(failed);
  await s.start('a');
  await s.keeper.until(() => calls().split('started').length === 2);
  await reboot(s.keeper);
  await s.keeper.until(() => calls().split('started').length === 3);
  await s.host.waitRunning('a');
  await s.keeper.call('domain.shutdown', { domain: 'a', wait });
  const turn = 'prepare begin,start begin,started begin,stopped end,release end,';
  expect(calls()).toBe(`${failed}${turn}${turn}`);
});

test.runIf(full)(
  'W13: a guest that ended with its launcher while nobody watched is cleaned up, and its end is told',
  async () => {
    const s = await stage();
    const pid = await s.start('a');
    const launcher = s.launcher('a');
    await s.keeper.end();
    for (const one of [launcher, pid]) killPid(one);
    const next = await nextKeeper(s);
    expect(await next.shows('a', 'crashed')).toMatchObject({ id: null });
    await next.clean();
  },
);

test.runIf(full)(
  'W14: bhyve is recognised before it has its title, and a number that came back is not taken for it',
  async () => {
    const s = await stage();
    s.host.pause(1, { pattern: 'bhyve' });
    const refused = expect(s.keeper.call('domain.start', { domain: 'a', wait })).rejects.toThrow(/launcher was killed/);
    const { pid } = await s.host.paused();
    await s.shows('a', 'starting', { reason: 'bhyve sets up its devices' });
    expect(s.host.processes()).toEqual([]);
    killPid(s.launcher('a'));
    await refused;
    await s.keeper.until(() => !exists(pid));
    s.host.disarm();
    await s.clean();
    const paths = pathsBelow('/nowhere');
    const started = 'Tue Nov 24 11:13:10 2026';
    const seen = (command: string) => ({
      look: (pids: readonly number[]) =>
        Promise.resolve(new Map(pids.includes(7) ? [[7, { pid: 7, started, command }]] : [])),
      all: () => Promise.resolve([{ pid: 7, started, command }]),
    });
    const search = (command: string, known: number) =>
      findOrphan({ paths, processes: seen(command), guest: 'a', known: [known] });
    expect(await search('bhyve: a (bhyve)', 1)).toEqual({ pid: 7, started });
    expect(await search('/usr/sbin/bhyve -k x a', 7)).toEqual({ pid: 7, started });
    expect(await search('/usr/sbin/bhyve -k x a', 1)).toBeNull();
    expect(await search('vi /etc/rc.conf', 7)).toBeNull();
    expect(await search('bhyve: ab (bhyve)', 1)).toBeNull();
  },
);
