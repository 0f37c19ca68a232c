/** Hooks as libvirt calls them, always in pairs; and automatic ports of guests that start at the same moment. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import { Guest, hosts, limits } from './guest.ts';
import { guestXml, hostFor, install, planOf } from './guests.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

/** A hook that writes down how it was called and what it read, and refuses one operation. */
function hook(guest: Guest, refuses = 'nothing'): Readonly<Record<string, string>> {
  const script = guest.host.path('/var/log/hook');
  const text = `#!/bin/sh
read -r first || first=-
node=gone
[ ! -e "$BHYVEC_ROOT/dev/vmm/g" ] || node=there
printf '%s %s %s %s %s %s\\n' "$@" "$node" "$first" >>"$BHYVEC_ROOT/var/log/hooks"
[ "$2" != ${refuses} ]
`;
  writeFileSync(script, text, { mode: 0o755 });
  writeFileSync(guest.host.path('/var/log/g.xml'), '<domain/>\n');
  return { ...limits, BHYVEC_HOOKS: script, BHYVEC_HOOK_XML: guest.host.path('/var/log/g.xml') };
}

function calls(guest: Guest): readonly string[] {
  const file = guest.host.path('/var/log/hooks');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

const begins = ['g prepare begin - gone <domain/>', 'g start begin - gone <domain/>'];
const started = 'g started begin - there <domain/>';
const ends = ['g stopped end - gone <domain/>', 'g release end - gone <domain/>'];

describe.concurrent('hooks', () => {
  test('are called in every turn, with the XML on their input', async () => {
    const guest = new Guest();
    guest.host.script('g', 'after:1:exit:0', 'after:1:exit:1');
    expect((await guest.host.run(guest.launch, ['run'], { env: hook(guest) })).status).toBe(0);
    expect(calls(guest)).toEqual([...begins, started, ...ends, ...begins, started, ...ends]);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('start comes after the loader', async () => {
    const guest = new Guest({ boot: 'freebsd' });
    guest.host.script('g', 'after:1:exit:1');
    expect((await guest.host.run(guest.launch, ['once', '1'], { env: hook(guest) })).status).toBe(0);
    expect(calls(guest)).toEqual([begins[0], 'g start begin - there <domain/>', started, ...ends]);
  });

  test.each(oneOf(2, ['prepare', 'start', 'started']))('%s refuses the run', async (operation) => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const { status, stderr } = await guest.host.run(guest.launch, ['once', '1'], { env: hook(guest, operation) });
    expect([status, stderr]).toEqual([1, expect.stringContaining(`refused the operation ${operation}\n`)]);
    const all = [...begins, started];
    expect(calls(guest)).toEqual([...all.slice(0, ['prepare', 'start', 'started'].indexOf(operation) + 1), ...ends]);
    expect(guest.look()).toBe(guest.before);
  });

  test.each(oneOf(2, ['stopped', 'release']))('%s can only complain', async (operation) => {
    const guest = new Guest();
    guest.host.script('g', 'exit:1');
    const { status, stderr } = await guest.host.run(guest.launch, ['once', '1'], { env: hook(guest, operation) });
    expect([status, stderr]).toEqual([0, expect.stringContaining(`failed (${operation})\n`)]);
    expect(calls(guest).slice(-2)).toEqual(ends);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('clean calls those that a killed launcher owes, by the name in the journal', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const running = guest.host.start(guest.launch, ['once', '1'], { env: hook(guest) });
    await guest.host.waitFor(() => calls(guest).length === 3);
    running.kill('SIGKILL');
    await running.done;
    expect((await guest.verb('clean')).status).toBe(0);
    expect(calls(guest)).toEqual([...begins, started, ...ends]);
    expect((await guest.verb('clean')).status).toBe(0);
    expect(calls(guest)).toHaveLength(5);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a hook that is not there is none', async () => {
    const guest = new Guest();
    guest.host.script('g', 'exit:1');
    const env = { ...hook(guest), BHYVEC_HOOKS: '/nowhere' };
    expect(await guest.host.run(guest.launch, ['once', '1'], { env })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('automatic ports', () => {
  test.runIf(full)('guests that start at the same moment take different ones', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const xmlOf = (name: string): string =>
      guestXml({ name, nics: 0, devices: "<graphics type='vnc' port='-1'/>" }).replaceAll('nmdm-g.', `nmdm-${name}.`);
    const plans = names.map((name) => planOf(xmlOf(name)));
    const [first] = plans;
    if (first === undefined) throw new Error('there is a first guest');
    const host = hostFor(first, { ports: ['127.0.0.1:5901'] });
    hosts.push(host);
    const look = (): string => host.state({ without: ['modules', 'nmdm'], ignore: /^var\/(?:log|db)\b|libexec/ });
    const launchers = plans.map((plan) => install(host, plan));
    for (const name of names) host.script(name, 'run');
    const before = look();
    const running = launchers.map((launch) => host.start(launch, ['once', '1'], { env: limits }));
    for (const name of names) await host.waitRunning(name);
    const ports = names.map((name) => /tcp=127\.0\.0\.1:(\d+)/.exec(host.received(name).join(' '))?.[1]);
    expect(new Set(ports).size).toBe(names.length);
    expect(ports.toSorted()).toEqual(['5900', '5902', '5903', '5904', '5905', '5906']);
    for (const launcher of running) launcher.kill('SIGTERM');
    for (const launcher of running) expect((await launcher.done).stderr).toBe('');
    expect(look()).toBe(before);
  });

  test.runIf(full)('the claim of a launcher that is gone is worth nothing, that of a living one counts', async () => {
    const guest = new Guest({ devices: "<graphics type='vnc' port='-1'/>" });
    guest.host.script('g', 'exit:1', 'exit:1');
    const state = guest.host.path('/var/run/bhyvec');
    await guest.host.run('mkdir', ['-p', state]);
    const living = guest.host.start('sh', ['-c', 'sleep 60; :', 'launch', 'once', '1']);
    const stale = `${state}/port 5900.999999999`;
    const held = `${state}/port 5901.${String(living.pid)}`;
    writeFileSync(stale, 'held /x/launch\n');
    writeFileSync(held, 'held launch\n');
    expect((await guest.verb('once')).status).toBe(0);
    rmSync(stale);
    writeFileSync(`${state}/port 5900.${String(living.pid)}`, 'held launch\n');
    expect((await guest.verb('once')).status).toBe(0);
    const ports = guest.host.received('g').map((words) => /tcp=127\.0\.0\.1:(\d+)/.exec(words.join(' '))?.[1]);
    expect(ports).toEqual(['5900', '5902']);
    living.kill('SIGKILL');
  });
});
