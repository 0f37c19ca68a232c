/**
 * The rehearsal on one host: each launcher runs its guest once, one after the other, while the networks that they are on are up; or
 * the script that makes volumes runs.
 * What comes out is the same for the same build: nothing of it depends on process numbers, times, or on which of two launchers
 * is faster.
 */
import { stripVTControlCharacters } from 'node:util';
import type { BuiltGuest, BuiltNetwork, BuiltVolumes } from './manifest.ts';
import {
  launcherOf,
  makeHost,
  partOf,
  scriptOf,
  type HostCommand,
  type HostNeeds,
  type RehearsalHost,
  type Script,
} from './host.ts';
import { archOf } from './needs.ts';
import { stateDiff, stateToCompare } from './state.ts';
import type { Unit } from './units.ts';
import { runVolumes } from './rehearse-volumes.ts';
import type { EndedRun, Outcome, Stage, Verb } from './stage.ts';

/** A command of a launcher. */
export interface Command {
  readonly argv: readonly string[];
  /** Exit status or `signal:NAME`; null where it was killed or became another program. */
  readonly status: string | null;
}

/** One launcher or other script that ran. */
export interface Run {
  readonly verb: Verb;
  /** Null where it was killed. */
  readonly status: number | null;
  readonly isLate: boolean;
  readonly commands: readonly Command[];
  /** What it said, line by line. */
  readonly said: readonly string[];
}

/** Whom a rehearsal is about. */
export type Subject = BuiltGuest | BuiltNetwork | BuiltVolumes;

/** What became of each on one host. */
export type Rehearsals = ReadonlyMap<Subject, Rehearsal>;

/** What became of a guest, a network, or the script of volumes. */
export interface Rehearsal {
  readonly kind: 'guest' | 'network' | 'volumes';
  readonly name: string;
  readonly release: string;
  readonly arch: BuiltGuest['arch'];
  readonly runs: readonly Run[];
  /** What is not as it was, as lines of a diff. */
  readonly changes: readonly string[];
  readonly isGood: boolean;
}

/** Programs that only wait, or look what time it is and what runs: how often they are asked is chance. */
const idle = new Set(['sleep', 'date', 'ps', 'pgrep', 'pwait', 'true']);

/** Rehearses all of a host; `hosts` has it while there is one. Throws a {@link FolderProblem}. */
export async function rehearseHost(needs: HostNeeds, hosts: Set<RehearsalHost>): Promise<Rehearsals> {
  const host = await makeHost(needs);
  hosts.add(host);
  const { guests, networks, volumes } = needs.unit;
  const stage: Stage = { host, needs, look: async () => stateToCompare(await host.state(), guests) };
  const found = new Map<Subject, Rehearsal>();
  try {
    await onNetworks(networks, stage, found, async () => {
      for (const guest of guests) {
        const before = await stage.look();
        const ended = await runGuest(host, guest);
        const changes = stateDiff(before, await stage.look());
        found.set(guest, await rehearsalOf('guest', guest, launcherOf(guest), { ended, changes }, stage));
      }
    });
    if (volumes !== null) {
      const outcome = await runVolumes(volumes, stage);
      found.set(volumes, await rehearsalOf('volumes', volumes, volumes.name, outcome, stage));
    }
    return found;
  } finally {
    hosts.delete(host);
    await host.dispose();
  }
}

/** Whom a unit is about. */
export function subjectsOf({ guests, networks, volumes }: Unit): readonly Subject[] {
  return [...(volumes === null ? [] : [volumes]), ...networks, ...guests];
}

/** Brings networks up, the first one first, and down after what happens on them. What that changes is not theirs. */
async function onNetworks(
  [network, ...others]: readonly BuiltNetwork[],
  stage: Stage,
  found: Map<Subject, Rehearsal>,
  happen: () => Promise<void>,
): Promise<void> {
  if (network === undefined) {
    await happen();
    return;
  }
  const { host, look } = stage;
  const script = scriptOf(network);
  const ask = async (verb: Verb): Promise<EndedRun> => ({ verb, ...(await host.ask(script, verb)) });
  const before = await look();
  const start = await ask('start');
  const up = await look();
  await onNetworks(others, stage, found, happen);
  const used = new Set(stateDiff(up, await look()));
  const ended = [start, await ask('stop')];
  const changes = stateDiff(before, await look()).filter((line) => !used.has(line));
  found.set(network, await rehearsalOf('network', network, script, { ended, changes }, stage));
}

async function rehearsalOf(
  kind: Rehearsal['kind'],
  { name }: Subject,
  script: Script,
  { ended, changes }: Outcome,
  { host, needs }: Stage,
): Promise<Rehearsal> {
  const history = await host.history();
  const runs = ended.map(({ verb, ...end }): Run => {
    const part = partOf(script, verb);
    const commands = history.filter((one) => one.part === part && !idle.has(one.argv[0] ?? ''));
    return {
      verb,
      status: end.status,
      isLate: end.problem === 'slow',
      commands: commands.map((command) => repeatable(command, host.root)),
      said: linesOf(end.out, host.root),
    };
  });
  const isGood = runs.every(({ status }) => status === 0) && changes.length === 0;
  return { kind, name, release: needs.release, arch: archOf(needs.unit.guests), runs, changes, isGood };
}

/** A guest that powers off by itself; one that would start again is stopped; what is preserved is cleaned away. */
async function runGuest(host: RehearsalHost, guest: BuiltGuest): Promise<readonly EndedRun[]> {
  const { name, onPoweroff } = guest;
  const script = launcherOf(guest);
  const launch = async (verb: Verb): Promise<EndedRun> => ({ verb, ...(await host.ask(script, verb)) });
  if (onPoweroff !== 'restart') {
    await host.script(name, 'exit:1');
    const run = await launch('run');
    return onPoweroff === 'preserve' ? [run, await launch('clean')] : [run];
  }
  await host.script(name, 'run');
  const running = launch('run');
  // If the launcher gives up before the guest runs, there is nothing to stop.
  const runs = await Promise.race([host.waitRunning(name), running.then(() => false)]);
  const stopped = runs ? [await launch('stop')] : [];
  return [await running, ...stopped];
}

/** Process numbers stand in names of files, in rules of rctl(8), and behind -p. */
function repeatable({ argv, status }: HostCommand, root: string): Command {
  const words = argv.map((word, index) => {
    const text = withoutRoot(withoutProcess(word), root);
    return argv[index - 1] === '-p' && argv[0] !== 'sockstat' && /^\d+$/.test(text) ? 'PID' : text;
  });
  return { argv: words, status };
}

function withoutProcess(word: string): string {
  return word
    .replace(/(\/var\/run\/bhyvec\/(?:[^/]+\/lock|port \d+))[.]\d+$/, '$1.PID')
    .replace(/([.]bhyvec-new)[.]\d+$/, '$1.PID')
    .replace(/\b(process):\d+:/, '$1:PID:');
}

/** The paths of a host, not those of the folder that stands for it. */
function withoutRoot(text: string, root: string): string {
  return text.replaceAll(`${root}/`, '/').replaceAll(root, '/');
}

function linesOf(text: string, root: string): readonly string[] {
  const plain = withoutRoot(stripVTControlCharacters(text), root);
  const lines = plain.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.replaceAll(/\b(launcher|process) \d+\b/g, '$1 PID'));
}
