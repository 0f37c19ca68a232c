/**
 * The rehearsal of one guest: its launcher runs it once on a host of its own. What comes out is the same for the same
 * build: nothing of it depends on process numbers, times, or on which of two launchers is faster.
 */
import { stripVTControlCharacters } from 'node:util';
import type { BuiltGuest } from './manifest.ts';
import { makeHost, type HostCommand, type HostNeeds, type RehearsalHost } from './host.ts';
import type { Ended } from '../system/command.ts';
import { stateDiff, stateToCompare } from './state.ts';

/** What a launcher is asked for. */
type Verb = 'run' | 'stop' | 'clean';

/** A command of a launcher. */
export interface Command {
  readonly argv: readonly string[];
  /** Exit status or `signal:NAME`; null where it was killed or became another program. */
  readonly status: string | null;
}

/** One launcher that ran. */
export interface Run {
  readonly verb: Verb;
  /** Null where it was killed. */
  readonly status: number | null;
  readonly isLate: boolean;
  readonly commands: readonly Command[];
  /** What it said, line by line. */
  readonly said: readonly string[];
}

/** What became of a guest. */
export interface Rehearsal {
  readonly guest: string;
  readonly release: string;
  readonly arch: BuiltGuest['arch'];
  readonly runs: readonly Run[];
  /** What is not as it was, as lines of a diff. */
  readonly changes: readonly string[];
  readonly isGood: boolean;
}

/** Programs that only wait, or look what time it is and what runs: how often they are asked is chance. */
const idle = new Set(['sleep', 'date', 'ps', 'pgrep', 'pwait', 'true']);

/** Rehearses a guest; `hosts` has its host while there is one. Throws a {@link FolderProblem}. */
export async function rehearseGuest(needs: HostNeeds, hosts: Set<RehearsalHost>): Promise<Rehearsal> {
  const { guest, release } = needs;
  const host = await makeHost(needs);
  hosts.add(host);
  try {
    const before = stateToCompare(await host.state(), guest);
    const ended = await runGuest(host, guest);
    const history = await host.history();
    const changes = stateDiff(before, stateToCompare(await host.state(), guest));
    const runs = ended.map(({ verb, ...end }): Run => {
      const commands = history.filter(({ part, argv }) => part === verb && !idle.has(argv[0] ?? ''));
      return {
        verb,
        status: end.status,
        isLate: end.problem === 'slow',
        commands: commands.map((command) => repeatable(command, host.root)),
        said: linesOf(end.out, host.root),
      };
    });
    const isGood = runs.every(({ status }) => status === 0) && changes.length === 0;
    return { guest: guest.name, release, arch: guest.arch, runs, changes, isGood };
  } finally {
    hosts.delete(host);
    await host.dispose();
  }
}

interface EndedRun extends Ended {
  readonly verb: Verb;
}

/** A guest that powers off by itself; one that would start again is stopped; what is preserved is cleaned away. */
async function runGuest(host: RehearsalHost, { onPoweroff }: BuiltGuest): Promise<readonly EndedRun[]> {
  const launch = async (verb: Verb): Promise<EndedRun> => ({ verb, ...(await host.launch(verb)) });
  if (onPoweroff !== 'restart') {
    await host.script('exit:1');
    const run = await launch('run');
    return onPoweroff === 'preserve' ? [run, await launch('clean')] : [run];
  }
  await host.script('run');
  const running = launch('run');
  // If the launcher gives up before the guest runs, there is nothing to stop.
  const runs = await Promise.race([host.waitRunning(), running.then(() => false)]);
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
