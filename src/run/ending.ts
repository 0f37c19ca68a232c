/** What the report of a launcher says of the run as a whole: the exit status of `bhyvec run` and its last words. */
import type { Fact } from '../launches/facts.ts';
import { exitStatus, runStatus, type ExitStatus } from '../system/terminal.ts';

/** The end of a run. */
export interface RunEnd {
  readonly status: ExitStatus;
  /** For people; an error where the status is not 0. */
  readonly message: string;
}

type EndFact = Extract<Fact, { kind: 'end' }>;

/** Draws the conclusion. `asked`: the user wanted the guest to end. */
export function endOf(facts: readonly Fact[], launcherStatus: number | null, asked: boolean): RunEnd {
  const hasFinal = finals.some((kind) => facts.at(-1)?.kind === kind);
  if (!hasFinal && launcherStatus !== null && launcherStatus <= 128) return withoutReport(launcherStatus);
  const run = runEndOf(facts, asked);
  const isLeft = facts.at(-1)?.kind === 'left';
  return run.status === exitStatus.done && isLeft
    ? { status: runStatus.notStarted, message: `${run.message}, but not all could be unmade` }
    : run;
}

const finals = ['undone', 'kept', 'left'] as const satisfies readonly Fact['kind'][];

/** The disk was full, most likely: all that is known is how the launcher ended. */
function withoutReport(launcherStatus: number): RunEnd {
  const status = launcherStatus === 0 ? exitStatus.done : runStatus.notStarted;
  return { status, message: `the launcher ended with ${String(launcherStatus)}; its report could not be written` };
}

function runEndOf(facts: readonly Fact[], asked: boolean): RunEnd {
  const last = facts.findLast((fact) => fact.kind === 'end');
  const failed = facts.find((fact) => fact.kind === 'failed');
  const failedLater = failed !== undefined && facts.indexOf(failed) > facts.findLastIndex(({ kind }) => kind === 'end');
  const isFinal = (kind: Fact['kind']): boolean => facts.at(-1)?.kind === kind;
  if (!isFinal('undone') && !isFinal('kept') && !isFinal('left')) {
    return { status: runStatus.crashed, message: 'the launcher was killed; what it had made was unmade' };
  }
  if (isFinal('kept')) {
    return {
      status: runStatus.preserved,
      message: `${last === undefined ? 'it ended' : meaningOf(last)}: kept as it is`,
    };
  }
  if (last !== undefined && last.action === 'restart' && failed !== undefined && failedLater) {
    return {
      status: failed.code === 'crash-loop' ? runStatus.crashLoop : runStatus.notStarted,
      message: failed.message,
    };
  }
  if (
    failed !== undefined &&
    last === undefined &&
    (!asked || facts.every(({ kind }) => kind !== 'bhyve' && kind !== 'guest'))
  ) {
    return { status: runStatus.notStarted, message: failed.message };
  }
  if (asked) return askedEnd(facts);
  if (last === undefined) return { status: exitStatus.done, message: 'stopped before it ran' };
  const statuses = {
    poweroff: exitStatus.done,
    reboot: runStatus.reset,
    crash: runStatus.crashed,
    error: runStatus.notStarted,
  };
  // Somebody else has sent the signal to the launcher.
  if (last.action === 'stop') return { status: exitStatus.done, message: 'stopped' };
  return { status: statuses[last.ending], message: meaningOf(last) };
}

function askedEnd(facts: readonly Fact[]): RunEnd {
  const had = (kind: Fact['kind']): boolean => facts.some((fact) => fact.kind === kind);
  if (had('kill')) return { status: runStatus.forced, message: 'it had to be killed' };
  if (had('force')) return { status: runStatus.forced, message: 'it had to be forced' };
  return { status: exitStatus.done, message: 'stopped on request' };
}

/** What bhyve's exit status means, bhyve(8). */
function meaningOf({ status, ending }: EndFact): string {
  const known = new Map([
    [0, 'it reset'],
    [1, 'it powered off'],
    [2, 'it halted'],
    [3, 'it crashed: triple fault'],
    [4, 'it crashed: bhyve reports an error'],
    [5, 'it was suspended'],
  ]);
  if (ending === 'error') return `bhyve could not start it (status ${String(status)})`;
  if (status > 128) return `it crashed: bhyve was killed by signal ${String(status - 128)}`;
  return known.get(status) ?? `it crashed: bhyve ended with ${String(status)}`;
}
