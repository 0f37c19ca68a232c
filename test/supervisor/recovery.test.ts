/** Real kill -9 of the supervisor at many points: afterwards guests are adopted, never started twice, and nothing leaks. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { GuestView } from '../../src/control/vocabulary.ts';
import type { Host } from '../host/host.ts';
import { bhyves, hostForGuests, killPid, leftFiles, look, starts, writtenBeforeKill } from './harness.ts';
import { full } from '../full.ts';
import { found, until } from '../until.ts';
import { buildPrograms, supervise, type Programs, type Supervised } from './process.ts';

let programs: Programs;
const hosts: Host[] = [];
let running: Supervised[] = [];

beforeAll(async () => {
  programs = await buildPrograms();
});
afterEach(async () => {
  for (const one of running) await one.kill();
  running = [];
});
afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
  programs.remove();
});

function hostWith(...args: Parameters<typeof hostForGuests>): { readonly host: Host; readonly before: string } {
  const host = hostForGuests(...args);
  hosts.push(host);
  return { host, before: look(host) };
}

async function start(host: Host): Promise<Supervised> {
  const one = await supervise(programs, host);
  running.push(one);
  return one;
}

async function info(one: Supervised, domain: string): Promise<GuestView> {
  return await one.call('domain.info', { domain });
}

/** Waits for a state that `list` shows. */
async function shows(one: Supervised, domain: string, state: GuestView['state'], more = {}): Promise<GuestView> {
  const last: { view: GuestView | null } = { view: null };
  const look = async (): Promise<GuestView | undefined> => {
    const view = await info(one, domain);
    last.view = view;
    const fits = Object.entries({ ...more, state }).every(([key, value]) => Reflect.get(view, key) === value);
    return fits ? view : undefined;
  };
  return await found(look, () => `${domain} is ${JSON.stringify(last.view)}, not ${state}\n${one.said()}`);
}

/** Stops the guest and compares the host with what it was. */
async function endsClean(one: Supervised, domain: string, before: string): Promise<void> {
  if ((await info(one, domain)).state !== 'shut off') await one.call('domain.destroy', { domain });
  await shows(one, domain, 'shut off');
  await until(() => look(one.host) === before, 'the host as it was');
  await until(() => leftFiles(one.paths).length === 0, 'no files');
  expect(bhyves(one.host, domain)).toEqual([]);
}

test.runIf(full)('killed before the launcher was started: the next one starts it, once', async () => {
  const { host, before } = hostWith(['a']);
  const first = await start(host);
  await first.define('a');
  await first.kill();
  const request = { method: 'start', guest: 'a', wait: true } as const;
  writtenBeforeKill(first.paths.journal, { kind: 'request', id: 'x.1', request, at: Date.now() });
  const second = await start(host);
  const view = await shows(second, 'a', 'running');
  await host.waitRunning('a');
  expect(bhyves(host, 'a')).toEqual([view.id]);
  expect(starts(host, 'a')).toBe(1);
  await endsClean(second, 'a', before);
});

test('killed while guests run: adopted with the same process; shutdown and reboot work afterwards', async () => {
  const { host, before } = hostWith(['a', 'b']);
  const first = await start(host);
  for (const name of ['a', 'b']) await first.define(name, { onReboot: 'restart' });
  const ids = [];
  for (const domain of ['a', 'b']) ids.push((await first.call('domain.start', { domain, wait: true })).id);
  await first.kill();
  const second = await start(host);
  const views = (await second.call('domain.list', {})).domains;
  expect(views.map(({ state, id }) => [state, id])).toEqual(ids.map((id) => ['running', id]));
  const again = await second.call('domain.reboot', { domain: 'a', wait: true, cold: false });
  expect(again.id).not.toBe(ids[0]);
  await host.waitRunning('a');
  expect([starts(host, 'a'), starts(host, 'b')]).toEqual([2, 1]);
  expect(await second.call('domain.shutdown', { domain: 'a', wait: true })).toMatchObject({ means: 'press' });
  expect(await second.call('domain.shutdown', { domain: 'b', wait: true })).toMatchObject({ means: 'press' });
  await endsClean(second, 'b', before);
});

test.runIf(full).each(['ifconfig', 'kldload', 'bhyve'])(
  'killed while the launcher is at %s: the guest comes up once',
  async (pattern) => {
    const { host, before } = hostWith(['a']);
    const first = await start(host);
    await first.define('a');
    host.pause(1, { pattern });
    void first.call('domain.start', { domain: 'a', wait: true }).catch(() => undefined);
    await host.paused();
    await first.kill();
    const second = await start(host);
    expect(['starting', 'running']).toContain((await info(second, 'a')).state);
    host.disarm();
    host.release();
    const view = await shows(second, 'a', 'running');
    await host.waitRunning('a');
    expect(bhyves(host, 'a')).toEqual([view.id]);
    expect(starts(host, 'a')).toBe(1);
    await endsClean(second, 'a', before);
  },
);

test.runIf(full)(
  'killed while a guest is being stopped: it ends, and its waiter is not left in the next journal',
  async () => {
    const { host, before } = hostWith(['a']);
    host.script('a', 'slow-term:1');
    const first = await start(host);
    await first.define('a');
    await first.call('domain.start', { domain: 'a', wait: true });
    await host.waitRunning('a');
    void first.call('domain.shutdown', { domain: 'a', wait: true }).catch(() => undefined);
    await shows(first, 'a', 'in shutdown');
    await first.kill();
    const second = await start(host);
    await shows(second, 'a', 'shut off', { reason: 'shutdown' });
    await endsClean(second, 'a', before);
  },
);

/** How a guest ends while nobody is there, and what the next supervisor makes of it. */
const endings = [
  ['exit:0', { onReboot: 'restart' }, 'running', 2],
  ['exit:0', { onReboot: 'destroy' }, 'shut off', 1],
  ['exit:1', {}, 'shut off', 1],
  ['exit:3', { onCrash: 'restart' }, 'running', 2],
  ['exit:3', { onCrash: 'destroy' }, 'crashed', 1],
  ['signal:SEGV', { onCrash: 'destroy' }, 'crashed', 1],
  ['exit:3', { onCrash: 'preserve' }, 'preserved', 1],
] as const;

test.runIf(full).each(endings)(
  'nobody there when the guest ends by %s with %j: %s',
  async (entry, options, state, count) => {
    const { host, before } = hostWith(['a'], options);
    host.script('a', `after:60:${entry}`);
    const first = await start(host);
    await first.define('a', options);
    await first.call('domain.start', { domain: 'a', wait: true });
    await host.waitRunning('a');
    const launcher = Number(/launcher (\d+)/.exec(readFileSync(first.paths.report('a', 1), 'utf8'))?.[1]);
    await first.kill();
    host.play('a', entry);
    await until(() => !existsSync(`/proc/${String(launcher)}`), 'the end of the launcher');
    const second = await start(host);
    await shows(second, 'a', state);
    if (state === 'running') await host.waitRunning('a');
    expect(starts(host, 'a')).toBe(count);
    if (state !== 'crashed') await endsClean(second, 'a', before);
    else await until(() => look(host) === before, 'the host as it was');
  },
);

test.runIf(full)('launcher and supervisor are killed: bhyve is adopted without them and can be shut down', async () => {
  const { host, before } = hostWith(['a']);
  const first = await start(host);
  await first.define('a');
  const { id } = await first.call('domain.start', { domain: 'a', wait: true });
  await host.waitRunning('a');
  const launcher = Number(/launcher (\d+)/.exec(readFileSync(first.paths.report('a', 1), 'utf8'))?.[1]);
  await first.kill();
  killPid(launcher);
  const second = await start(host);
  const view = await shows(second, 'a', 'running', { reason: 'adopted without its launcher' });
  expect(view.id).toBe(id);
  await second.kill();
  // Once more, as an orphan from the start.
  const third = await start(host);
  expect(await info(third, 'a')).toMatchObject({ state: 'running', id });
  await third.call('domain.shutdown', { domain: 'a', wait: true });
  expect(starts(host, 'a')).toBe(1);
  await endsClean(third, 'a', before);
});

test.runIf(full)('killed during a clean-up: the next one finishes it', async () => {
  const { host, before } = hostWith(['a']);
  const first = await start(host);
  await first.define('a');
  await first.call('domain.start', { domain: 'a', wait: true });
  const pid = await host.waitRunning('a');
  const launcher = Number(/launcher (\d+)/.exec(readFileSync(first.paths.report('a', 1), 'utf8'))?.[1]);
  killPid(launcher);
  await shows(first, 'a', 'running', { reason: 'adopted without its launcher' });
  host.pause(1, { pattern: 'ifconfig' });
  killPid(pid);
  await host.paused();
  await first.kill();
  const second = await start(host);
  await shows(second, 'a', 'in shutdown');
  host.disarm();
  host.release();
  await shows(second, 'a', 'crashed');
  await until(() => look(host) === before, 'the host as it was');
});

test.runIf(full)(
  'the host was restarted: nothing of before counts, guests with autostart come up in order',
  async () => {
    const { host } = hostWith(['a', 'b']);
    const first = await start(host);
    for (const [order, name] of [
      [2, 'a'],
      [1, 'b'],
    ] as const) {
      await first.define(name);
      await first.call('domain.autostart', { domain: name, enable: true, order, delaySeconds: 0 });
    }
    await first.call('domain.start', { domain: 'a', wait: true });
    const pid = await host.waitRunning('a');
    const launcher = Number(/launcher (\d+)/.exec(readFileSync(first.paths.report('a', 1), 'utf8'))?.[1]);
    await first.kill();
    for (const one of [launcher, pid]) killPid(one);
    await host.run('sh', [
      '-c',
      'rm -rf "$BHYVEC_ROOT"/var/run/* "$BHYVEC_ROOT"/dev/vmm/*; ifconfig vmnet-a destroy; :',
    ]);
    for (const name of (await host.run('ifconfig', ['-g', 'bhyvec'])).stdout.split('\n').filter(Boolean)) {
      await host.run('ifconfig', [name, 'destroy']);
    }
    host.reset();
    const second = await start(host);
    await shows(second, 'a', 'running');
    await shows(second, 'b', 'running');
    for (const name of ['a', 'b']) await host.waitRunning(name);
    const order = host.history().flatMap(({ argv }) => (argv[0] === 'bhyve' ? [argv.at(-1)] : []));
    expect(order).toEqual(['b', 'a']);
  },
);

test.runIf(full)('a second supervisor is refused and named; the claim of a killed one is worth nothing', async () => {
  const { host } = hostWith(['a']);
  const first = await start(host);
  const second = await start(host);
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(`process ${String(first.pid)}`);
  expect(second.said()).not.toContain('    at ');
  expect((await first.call('supervisor.hello', { client: 'test' })).pid).toBe(first.pid);
  await first.kill();
  // A process with the same number that began at another time is not the one that has it.
  writeFileSync(`${first.paths.journal}.lock.1`, 'held Thu Jan  1 00:00:00 1970\n');
  const third = await start(host);
  expect((await third.call('supervisor.hello', { client: 'test' })).pid).toBe(third.pid);
  expect(await third.end()).toBe(0);
});

test.runIf(full)('an upgrade: SIGTERM ends the supervisor, guests go on, the next one has them', async () => {
  const { host, before } = hostWith(['a']);
  const first = await start(host);
  await first.define('a');
  const { id } = await first.call('domain.start', { domain: 'a', wait: true });
  await host.waitRunning('a');
  expect(await first.end()).toBe(0);
  expect(existsSync(first.paths.socket)).toBe(false);
  expect(bhyves(host, 'a')).toEqual([id]);
  const second = await start(host);
  expect(await info(second, 'a')).toMatchObject({ state: 'running', id });
  await endsClean(second, 'a', before);
});

test.runIf(full)(
  'a torn last line is dropped; a broken line in the middle is an error that names it, and guests go on',
  async () => {
    const { host } = hostWith(['a']);
    const first = await start(host);
    await first.define('a');
    const { id } = await first.call('domain.start', { domain: 'a', wait: true });
    await host.waitRunning('a');
    await first.kill();
    appendFileSync(first.paths.journal, '{"sequence":99,"event":{"kind":"ti');
    const second = await start(host);
    expect(await info(second, 'a')).toMatchObject({ state: 'running', id });
    await second.call('domain.autostart', { domain: 'a', enable: true, order: 0, delaySeconds: 0 });
    await second.kill();
    const lines = readFileSync(first.paths.journal, 'utf8').split('\n');
    lines.splice(2, 0, 'rubbish');
    writeFileSync(first.paths.journal, lines.join('\n'));
    const third = await start(host);
    expect(await third.ended).toBe(1);
    expect(third.said()).toContain(`${first.paths.journal}, line 3: `);
    expect(third.said()).not.toContain('    at ');
    expect(bhyves(host, 'a')).toEqual([id]);
  },
);
