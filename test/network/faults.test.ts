/**
 * Faults of a network: for each command that its script runs, the command fails, a signal arrives there, or the script is
 * killed there and `clean` is run; and each ifconfig(8) is killed, with the script or without it, when it has made an
 * interface and described none. Afterwards the host is as it was. BHYVEC_FULL=1 runs all combinations.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import type { HostOptions } from '../host/host.ts';
import { Bench, everything } from './networks.ts';

const kinds = [
  'fails',
  'fails afterwards',
  'TERM',
  'INT',
  'HUP',
  'KILL',
  'KILL afterwards',
  'KILL midway',
  'ends midway',
] as const;
type Kind = (typeof kinds)[number];
const signals = {
  TERM: 'SIGTERM',
  INT: 'SIGINT',
  HUP: 'SIGHUP',
  KILL: 'SIGKILL',
  'KILL afterwards': 'SIGKILL',
  'KILL midway': 'SIGKILL',
} as const;

const scenarios: readonly { title: string; text: string; options: HostOptions; target?: string }[] = [
  { title: 'all that there is', text: everything, options: {} },
  {
    title: 'a bridge for one VLAN, before bridges filter',
    text: `<network><name>lab</name><forward mode='bridge' dev='em0'/><vlan><tag id='20'/></vlan></network>`,
    options: {},
    target: 'freebsd-14.3',
  },
  {
    title: 'a bridge with an interface and VLANs',
    text: `<network><name>lab</name><forward mode='bridge' dev='em1'/><bridge name='bridge7'/>
      <portgroup name='dmz'><vlan><tag id='20'/></vlan></portgroup></network>`,
    options: { taps: ['em1'] },
  },
];

const benches: Bench[] = [];
afterAll(() => {
  for (const { host } of benches) host.dispose();
});

/** Starts and stops the network, disturbed at a command; gives what is not as it was. */
async function disturb(bench: Bench, nth: number, kind: Kind): Promise<string> {
  const { host, script } = bench;
  host.reset();
  const after = kind.endsWith('afterwards');
  const problems: string[] = [];
  if (kind === 'fails' || kind === 'fails afterwards') {
    host.fail(nth, { after });
    await host.run(script, ['start']);
    await host.run(script, ['destroy']);
  } else {
    const isMidway = kind.endsWith('midway');
    host.pause(nth, isMidway ? { pattern: 'midway ifconfig *' } : { after });
    const running = host.start('sh', ['-c', '"$0" start; "$0" destroy', script], {});
    const paused = await host.pausedOrOver(running);
    if (paused !== null) {
      // The script is what has called the command, or a shell that it has made for its answer.
      if (kind !== 'ends midway') for (const pid of callersOf(paused.pid, script)) signal(pid, signals[kind]);
      host.release({ abort: isMidway });
    }
    await running.done;
  }
  host.disarm();
  const clean = await host.run(script, ['clean']);
  if (clean.status !== 0) problems.push(`clean: ${String(clean.status)} ${clean.stderr}`);
  const found = bench.look();
  if (found !== bench.before) problems.push(difference(bench.before, found));
  return problems.join('; ');
}

/** The processes above a command that run the script, the first one first: it, and a shell that it has made for an answer. */
function callersOf(pid: number, script: string): readonly number[] {
  const found: number[] = [];
  for (let at = pid; at > 1;) {
    const read = (name: string): string => {
      try {
        return readFileSync(`/proc/${String(at)}/${name}`, 'latin1');
      } catch {
        return '';
      }
    };
    const words = read('cmdline').split('\0');
    const isOther = words.includes('-c') || words.some((word) => word.endsWith('/lockf'));
    if (at !== pid && words.includes(script) && !isOther) found.push(at);
    const stat = read('stat');
    at = Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[1] ?? 0);
  }
  return found.toReversed();
}

/** Of a process that has ended meanwhile there is nothing to signal. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it is gone
  }
}

function difference(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const gone = a.filter((line) => !b.includes(line)).map((line) => `- ${line}`);
  return [...gone, ...b.filter((line) => !a.includes(line)).map((line) => `+ ${line}`)].join('\n');
}

describe.each(oneOf(2, scenarios))('$title', ({ text, options, target = 'freebsd-15.1' }) => {
  test('leaves the host as it was, whatever fails', async () => {
    const make = (): Bench => {
      const made = new Bench(text, options, target);
      benches.push(made);
      return made;
    };
    let bench = make();
    expect((await bench.verb('start')).status).toBe(0);
    expect((await bench.verb('destroy')).status).toBe(0);
    expect(bench.look()).toBe(bench.before);
    const commands = bench.host.history().map(({ argv }, i) => ({ nth: i + 1, words: argv.join(' ') }));
    const creates = commands.filter(({ words }) => /^ifconfig \S+ create$/.test(words));
    const disturbed = kinds.flatMap((kind, k) =>
      kind.endsWith('midway')
        ? creates.map(({ words }, i) => ({ command: { nth: i + 1, words }, kind }))
        : commands.filter((_, i) => full || (i + k) % 60 === 0).map((command) => ({ command, kind })),
    );
    const chosen = disturbed.filter(({ kind }) => full || kind !== 'ends midway');
    const failures: string[] = [];
    for (const { command, kind } of chosen) {
      const problem = await disturb(bench, command.nth, kind);
      if (problem === '') continue;
      failures.push(`${String(command.nth)} ${command.words}: ${kind}: ${problem}`);
      bench = make();
    }
    if (full) console.log(`${String(chosen.length)} combinations of ${String(commands.length)} commands`, ...failures);
    expect(failures).toEqual([]);
  });
});
