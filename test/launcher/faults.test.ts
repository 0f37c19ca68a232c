/**
 * Faults: for each command that the launcher runs, the command fails, a signal arrives there, or the launcher is killed
 * there and `clean` is run. Afterwards the host is as it was. BHYVEC_FULL=1 runs all combinations, `npm test` a part.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, test } from 'vitest';
import { full } from '../full.ts';
import type { Plan } from '../../src/ir/plan.ts';
import type { Host, Running } from '../host/host.ts';
import { guestXml, hostFor, install, planOf, type GuestOptions } from './guests.ts';

/** One guest and what becomes of it. */
interface Scenario {
  readonly title: string;
  readonly guest: GuestOptions;
  readonly target?: string;
  readonly script: readonly string[];
  /** Sent once the guest runs, where it does not end by itself. */
  readonly stop?: NodeJS.Signals;
  /** The exit status of an undisturbed run. */
  readonly status: number;
  readonly verb?: 'run' | 'once';
  /** Whether there is a hook; it calls a command of the host, which is disturbed too. */
  readonly hasHook?: boolean;
}

const scenarios: readonly Scenario[] = [
  { title: 'UEFI, 1 NIC, power-off', guest: { nics: 1 }, script: ['exit:1'], status: 0 },
  { title: 'UEFI, 0 NICs, crash', guest: { nics: 0 }, script: ['exit:3'], status: 1 },
  { title: 'UEFI, 4 NICs, reboot', guest: { nics: 4 }, script: ['exit:0', 'exit:2'], status: 0 },
  { title: 'UEFI, 1 NIC, stopped', guest: { nics: 1 }, script: ['term:1'], stop: 'SIGTERM', status: 0 },
  { title: 'UEFI, 1 NIC, hangs', guest: { nics: 1 }, script: ['hang'], stop: 'SIGTERM', status: 0 },
  { title: 'FreeBSD, 1 NIC, power-off', guest: { boot: 'freebsd', nics: 1 }, script: ['exit:1'], status: 0 },
  { title: 'FreeBSD, 0 NICs, reboot', guest: { boot: 'freebsd', nics: 0 }, script: ['exit:0', 'exit:1'], status: 0 },
  {
    title: 'FreeBSD 12.4, 4 NICs, crash',
    guest: { boot: 'freebsd', nics: 4 },
    target: 'freebsd-12.4',
    script: ['signal:ABRT'],
    status: 1,
  },
  { title: 'grub, 1 NIC, power-off', guest: { boot: 'grub', nics: 1 }, script: ['exit:2'], status: 0 },
  { title: 'grub, 4 NICs, reboot', guest: { boot: 'grub', nics: 4 }, script: ['exit:0', 'exit:1'], status: 0 },
  {
    title: 'grub, 0 NICs, stopped',
    guest: { boot: 'grub', nics: 0 },
    script: ['slow-term:0.2:1'],
    stop: 'SIGHUP',
    status: 0,
  },
  {
    title: 'UEFI with secrets, limits, a channel and two restarts after crashes',
    guest: {
      nics: 1,
      onCrash: 'restart',
      domain: '<blkiotune><device><path>*</path><read_iops_sec>100</read_iops_sec></device></blkiotune>',
      devices:
        "<graphics type='vnc' port='-1' passwd='secret'/>" +
        "<channel type='unix'><source mode='bind' path='/var/run/g.sock'/><target type='virtio' name='agent.0'/></channel>",
    },
    script: ['exit:3', 'exit:4', 'exit:1'],
    status: 0,
  },
  {
    title: 'once: UEFI, 1 NIC, an automatic port and a hook, reboot',
    guest: { nics: 1, devices: "<graphics type='vnc' port='-1'/>" },
    script: ['exit:0'],
    status: 0,
    verb: 'once',
    hasHook: true,
  },
  {
    title: 'once: FreeBSD, 1 NIC, stopped',
    guest: { boot: 'freebsd', nics: 1 },
    script: ['run'],
    stop: 'SIGTERM',
    status: 0,
    verb: 'once',
  },
  {
    title: 'UEFI, 0 NICs, a managed device, reboot',
    guest: {
      nics: 0,
      devices:
        "<hostdev mode='subsystem' type='pci' managed='yes'><source><address bus='2' slot='0' function='0'/></source></hostdev>",
    },
    script: ['exit:0', 'exit:1'],
    status: 0,
  },
  {
    title: 'UEFI, 0 NICs, a hook, reboot',
    guest: { nics: 0 },
    script: ['exit:0', 'exit:1'],
    status: 0,
    hasHook: true,
  },
];

const kinds = ['fails', 'fails afterwards', 'TERM', 'INT', 'HUP', 'KILL', 'KILL afterwards'] as const;
type Kind = (typeof kinds)[number];

/** Limits that make waiting short. */
const env = {
  BHYVEC_STOP_LIMIT: '1',
  BHYVEC_PRESS_EVERY: '1',
  BHYVEC_FORCE_LIMIT: '1',
  BHYVEC_RESTART_DELAY: '0',
  BHYVEC_NODE_LIMIT: '2',
};

const nvram = '/var/db/bhyvec/nvram/g_VARS.fd';
let combinations = 0;

/** A host and what it looks like before and after. */
class Bench {
  readonly host: Host;
  readonly launch: string;
  readonly before: string;
  private readonly scenario: Scenario;
  constructor(scenario: Scenario, plan: Plan) {
    this.scenario = scenario;
    this.host = hostFor(plan, { taps: ['tap9'] });
    this.launch = install(this.host, plan);
    writeFileSync(
      this.host.path('/var/log/hook'),
      '#!/bin/sh\nprintf "%s\\n" "$2" >>"$BHYVEC_ROOT/var/log/hooks"\nlogger "hook $2"\n',
      { mode: 0o755 },
    );
    this.before = this.look();
  }

  /** Modules stay loaded, null modems are the kernel's, limits end with their process, the variable store is kept. */
  look(): string {
    return this.host.state({ without: ['modules', 'nmdm', 'rctl'], ignore: /^var\/(?:log|db)\b/ });
  }

  begin(): void {
    this.host.reset();
    for (const file of ['report', 'hooks']) rmSync(this.host.path(`/var/log/${file}`), { force: true });
    this.host.script('g', ...this.scenario.script);
    rmSync(this.host.path('/var/db/bhyvec'), { recursive: true, force: true });
  }

  start(): Running {
    const { verb = 'run', hasHook = false } = this.scenario;
    const hooks = hasHook ? { BHYVEC_HOOKS: this.host.path('/var/log/hook') } : {};
    const report = { BHYVEC_REPORT: this.host.path('/var/log/report') };
    return this.host.start(this.launch, [verb], { env: { ...env, ...hooks, ...report } });
  }

  /** What is wrong with the report and with the calls of the hook; a launcher that was killed leaves half a report. */
  *complaints(isKilled: boolean): Generator<string> {
    const report = this.lines('report');
    if (!isKilled && report.at(-1) !== 'undone') yield `the report ends with ${String(report.at(-1))}`;
    const calls = this.lines('hooks').filter((call) => !/^start(?:ed)?$/.test(call));
    // Called again rather than not at all: only where the launcher was killed while the hook ran.
    const once = calls.filter((call, i) => !isKilled || call !== calls[i - 1]).join(' ');
    const again = isKilled ? once.replaceAll(/(stopped release )(?=stopped)/g, '') : once;
    if (!/^(?:prepare stopped release ?)*$/.test(again)) yield `hooks: ${calls.join(' ')}`;
  }

  private lines(name: string): readonly string[] {
    const file = this.host.path(`/var/log/${name}`);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  /** Sends the signal of the scenario when the guest runs; gives the exit status. */
  async end(running: Running): Promise<number | null> {
    const { stop } = this.scenario;
    const state = { over: false };
    const done = running.done.finally(() => (state.over = true));
    if (stop !== undefined) {
      await this.host.waitFor(() => state.over || isGuestUp(this.host));
      if (!state.over) running.kill(stop);
    }
    return (await done).status;
  }
}

function isGuestUp(host: Host): boolean {
  return (
    existsSync(host.path('/var/run/bhyvec/g/running')) && host.processes().some(({ label }) => label === 'bhyve g')
  );
}

async function disturb(bench: Bench, nth: number, kind: Kind): Promise<string[]> {
  const { host } = bench;
  bench.begin();
  combinations += 1;
  const problems: string[] = [];
  const after = kind.endsWith('afterwards');
  if (kind.startsWith('fails')) host.fail(nth, { after });
  else host.pause(nth, { after });
  const running = bench.start();
  const state = { over: false };
  void running.done.then(() => (state.over = true));
  if (kind.startsWith('fails')) {
    const status = await bench.end(running);
    if (status === 0 && host.received('g').length === 0) problems.push('status 0 without a guest');
  } else {
    const end = bench.end(running);
    await host.waitFor(
      () =>
        state.over ||
        (existsSync(host.path('/.host/paused')) && readFileSync(host.path('/.host/paused'), 'utf8').endsWith('\n')),
    );
    if (!state.over) {
      const paused = await host.paused();
      running.kill(kind.startsWith('KILL') ? 'SIGKILL' : `SIG${kind as 'TERM'}`);
      if (kind.startsWith('KILL')) await running.done;
      host.release();
      await host.waitFor(() => !existsSync(`/proc/${String(paused.pid)}`) || host.processes().length > 0);
    }
    await end;
    host.disarm();
    if (kind.startsWith('KILL')) {
      const { status, stderr } = await host.run(bench.launch, ['clean'], { env });
      if (status !== 0) problems.push(`clean: ${String(status)} ${stderr}`);
    }
  }
  problems.push(...bench.complaints(kind.startsWith('KILL')));
  const found = bench.look();
  if (found !== bench.before) problems.push(difference(bench.before, found));
  const store = host.path(nvram);
  if (existsSync(store) && readFileSync(store, 'utf8') !== 'BHYVE_UEFI_VARS.fd\n')
    problems.push('half a variable store');
  return problems;
}

function difference(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return [
    ...a.filter((line) => !b.includes(line)).map((l) => `- ${l}`),
    ...b.filter((line) => !a.includes(line)).map((l) => `+ ${l}`),
  ].join('\n');
}

/** The commands of an undisturbed run that are worth disturbing: sleeps are all alike. */
async function commandsOf(
  bench: Bench,
  scenario: Scenario,
): Promise<readonly { readonly nth: number; readonly words: string }[]> {
  bench.begin();
  const status = await bench.end(bench.start());
  if (status !== scenario.status) throw new Error(`an undisturbed run ends with ${String(status)}`);
  if (bench.look() !== bench.before) throw new Error(difference(bench.before, bench.look()));
  const history = bench.host.history().map(({ argv }, i) => ({ nth: i + 1, words: argv.join(' ') }));
  return history.filter(
    ({ words }, i) => !words.startsWith('sleep') || i === history.findIndex((other) => other.words.startsWith('sleep')),
  );
}

afterAll(() => {
  console.log(`${String(combinations)} combinations of scenario, command and fault`);
});

describe.concurrent.each(scenarios.map((scenario, i) => ({ ...scenario, i })))('$title', ({ i, ...scenario }) => {
  test('leaves the host as it was, whatever fails', async ({ expect }) => {
    const plan = planOf(guestXml(scenario.guest), scenario.target);
    let bench = new Bench(scenario, plan);
    const commands = await commandsOf(bench, scenario);
    const all = commands.flatMap((command, c) =>
      kinds.map((kind, k) => ({ ...command, kind, chosen: (c + 3 * k + i) % 37 === 0 })),
    );
    const failures: string[] = [];
    let own = 0;
    for (const { nth, words, kind, chosen } of all) {
      if (!full && !chosen) continue;
      own += 1;
      const problems = await disturb(bench, nth, kind).catch((error: unknown) => [String(error)]);
      if (problems.length === 0) continue;
      failures.push(`${String(nth)} ${words}: ${kind}: ${problems.join('; ')}`);
      bench.host.dispose();
      bench = new Bench(scenario, plan);
    }
    bench.host.dispose();
    if (full)
      console.log(
        `${scenario.title}: ${String(own)} combinations, ${String(failures.length)} left something`,
        ...failures,
      );
    expect(failures).toEqual([]);
  });
});
