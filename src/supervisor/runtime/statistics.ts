/** Counters of all guests by one ps(1) and one netstat(1). */
import { statisticsOf, type Subject } from '../observe/domstats.ts';
import { netstatWords, readInterfaces } from '../observe/netstat.ts';
import { psWords, readProcesses } from '../observe/ps.ts';
import type { Statistics } from '../../control/protocol.ts';
import { runCommand, type RunCommand } from '../../system/command.ts';

/**
 * Reads the counters of guests, by their names. Each guest gets what is known of it: where a command fails or takes too
 * long, its counters are left out and the others are there.
 */
export async function readStatistics(
  subjects: readonly Subject[],
  run: RunCommand = runCommand,
): Promise<ReadonlyMap<string, Statistics>> {
  const pids = subjects.flatMap(({ view }) => (view.id === null ? [] : [view.id]));
  const hasTaps = subjects.some(({ view, share }) => view.id !== null && share !== null && share.taps.length > 0);
  const [processes, interfaces] = await Promise.all([
    pids.length === 0 ? null : run('ps', psWords(pids)),
    hasTaps ? run('netstat', netstatWords) : null,
  ]);
  const byPid = processes === null ? null : readProcesses(processes);
  const byName = interfaces === null ? null : readInterfaces(interfaces);
  return new Map(
    subjects.map((subject) => {
      const { id, name } = subject.view;
      return [name, statisticsOf(subject, id === null ? null : (byPid?.get(id) ?? null), byName)];
    }),
  );
}
