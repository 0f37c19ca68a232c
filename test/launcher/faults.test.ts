/**
 * Faults: for each command that the launcher runs, the command fails, a signal arrives there, or the launcher is killed
 * there and `clean` is run; and ifconfig(8) is killed, with the launcher or without it, when it has made an interface and
 * described none. Afterwards the host is as it was. BHYVEC_FULL=1 runs all combinations, `npm test` each fault at each step
 * of a run once.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { full } from '../full.ts';
import type { Plan } from '../../src/ir/plan.ts';
import type { Host, Running } from '../host/host.ts';
import { scenarios, steps, type Scenario } from './fault-scenarios.ts';
import { guestXml, hostFor, install, planOf } from './guests.ts';

const kinds = ['fails', 'fails afterwards', 'TERM', 'INT', 'HUP', 'KILL', 'KILL afterwards'] as const;
const midway = ['KILL midway', 'ends midway'] as const;
type Kind = (typeof kinds | typeof midway)[number];

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
  const isMidway = kind.endsWith('midway');
  if (kind.startsWith('fails')) host.fail(nth, { after });
  else host.pause(nth, isMidway ? { pattern: 'midway ifconfig *' } : { after });
  const running = bench.start();
  if (kind.startsWith('fails')) {
    const status = await bench.end(running);
    if (status === 0 && host.received('g').length === 0) problems.push('status 0 without a guest');
  } else {
    const end = bench.end(running);
    const paused = await host.pausedOrOver(running);
    if (paused !== null) {
      const [signal] = kind.split(' ');
      if (signal !== 'ends') running.kill(`SIG${signal as 'TERM'}`);
      if (signal === 'KILL') await running.done;
      host.release({ abort: isMidway });
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

/** A command of an undisturbed run. */
interface HostCommand {
  readonly nth: number;
  readonly words: string;
}

/** The commands of an undisturbed run that are worth disturbing: sleeps are all alike. */
async function commandsOf(bench: Bench, scenario: Scenario): Promise<readonly HostCommand[]> {
  bench.begin();
  const status = await bench.end(bench.start());
  if (status !== scenario.status) throw new Error(`an undisturbed run ends with ${String(status)}`);
  if (bench.look() !== bench.before) throw new Error(difference(bench.before, bench.look()));
  const history = bench.host.history().map(({ argv }, i) => ({ nth: i + 1, words: argv.join(' ') }));
  return history.filter(
    ({ words }, i) => !words.startsWith('sleep') || i === history.findIndex((other) => other.words.startsWith('sleep')),
  );
}

/** A scenario with its host, and what is disturbed there. */
interface Prepared {
  readonly plan: Plan;
  readonly bench: Bench;
  readonly commands: readonly HostCommand[];
  readonly chosen: { readonly command: HostCommand; readonly kind: Kind }[];
}

/** The commands that make an interface, by their number among those. */
function createsOf(commands: readonly HostCommand[]): readonly HostCommand[] {
  return commands
    .filter(({ words }) => /^ifconfig \S+ create$/.test(words))
    .map(({ words }, i) => ({ nth: i + 1, words }));
}

async function prepare(scenario: Scenario): Promise<Prepared> {
  const plan = planOf(guestXml(scenario.guest), scenario.target);
  const bench = new Bench(scenario, plan);
  return { plan, bench, commands: await commandsOf(bench, scenario), chosen: [] };
}

/** One of the faults at each second step: in another scenario each time that has such a step, at another one of its commands. */
function choose(all: readonly Prepared[]): void {
  const stepOf = ({ words }: HostCommand): string =>
    steps.find(([, pattern]) => pattern.test(`${words} `))?.[0] ?? words;
  const known = steps.map(([step]) => step);
  const seen = new Set(all.flatMap(({ commands }) => commands.map(stepOf)));
  expect([...seen].toSorted(), 'the steps, and the commands that belong to none').toEqual(known.toSorted());
  for (const [s, step] of known.entries()) {
    const having = all.filter(({ commands }) => commands.some((command) => stepOf(command) === step));
    for (const [k, kind] of kinds.entries()) {
      if ((s + k) % (2 * kinds.length) !== 0) continue;
      const one = having[(s + k) % having.length];
      const ofStep = one?.commands.filter((command) => stepOf(command) === step) ?? [];
      const command = ofStep[(s + 3 * k) % ofStep.length];
      if (command !== undefined) one?.chosen.push({ command, kind });
    }
  }
}

let prepared: readonly Prepared[] = [];
beforeAll(async () => {
  prepared = await Promise.all(scenarios.map(prepare));
  if (!full) {
    choose(prepared);
    const one = prepared.find(({ commands }) => createsOf(commands).length > 1);
    const command = createsOf(one?.commands ?? [])[1];
    if (command !== undefined) one?.chosen.push({ command, kind: 'KILL midway' });
    // Whether an ifconfig(8) that fails has made something nobody knows.
    const first = one?.commands.find(({ words }) => words === createsOf(one.commands)[0]?.words);
    if (first !== undefined) one?.chosen.push({ command: first, kind: 'fails afterwards' });
  } else
    for (const { commands, chosen } of prepared) {
      for (const command of commands) for (const kind of kinds) chosen.push({ command, kind });
      for (const command of createsOf(commands)) for (const kind of midway) chosen.push({ command, kind });
    }
});
afterAll(() => {
  console.log(`${String(combinations)} combinations of scenario, command and fault`);
});

describe.concurrent.each(scenarios.map((scenario, i) => ({ ...scenario, i })))('$title', ({ i, ...scenario }) => {
  test('leaves the host as it was, whatever fails', async ({ expect: expected }) => {
    const one = prepared[i];
    if (one === undefined) throw new Error('was not prepared');
    let { bench } = one;
    const failures: string[] = [];
    for (const { command, kind } of one.chosen) {
      const problems = await disturb(bench, command.nth, kind).catch((error: unknown) => [String(error)]);
      if (problems.length === 0) continue;
      failures.push(`${String(command.nth)} ${command.words}: ${kind}: ${problems.join('; ')}`);
      bench.host.dispose();
      bench = new Bench(scenario, one.plan);
    }
    bench.host.dispose();
    if (full) console.log(`${scenario.title}: ${String(one.chosen.length)} combinations`, ...failures);
    expected(failures).toEqual([]);
  });
});
