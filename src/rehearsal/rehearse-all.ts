/** The rehearsal of several guests at a time. */
import { availableParallelism } from 'node:os';
import { FolderProblem } from '../build/problem.ts';
import type { HostNeeds, RehearsalHost } from './host.ts';
import { rehearseGuest, type Rehearsal } from './rehearse-guest.ts';

/** Several at a time, each on a host of its own; their results come in the order of the guests. */
export function rehearseAll(needs: readonly HostNeeds[]): readonly Promise<Rehearsal>[] {
  const hosts = new Set<RehearsalHost>();
  const forgetSignals = disposeOnSignals(hosts);
  const lanes = Array.from({ length: Math.max(1, availableParallelism()) }, () => Promise.resolve());
  let stopped = false;
  const all = needs.map(async (need, index) => {
    const lane = index % lanes.length;
    const turn = (lanes[lane] ?? Promise.resolve()).then(async () => {
      if (stopped) throw new FolderProblem(`${need.guest.name}: was not rehearsed any more`);
      return rehearseGuest(need, hosts);
    });
    lanes[lane] = turn.then(
      () => undefined,
      () => {
        stopped = true;
      },
    );
    return turn;
  });
  void Promise.allSettled(all).then(forgetSignals);
  return all;
}

/** Who interrupts a rehearsal leaves no guests behind; gives what takes the handlers away again. */
function disposeOnSignals(hosts: ReadonlySet<RehearsalHost>): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (signal: NodeJS.Signals): void => {
    forget();
    void Promise.allSettled([...hosts].map((host) => host.dispose())).then(() => process.kill(process.pid, signal));
  };
  const forget = (): void => {
    for (const signal of signals) process.removeListener(signal, stop);
  };
  for (const signal of signals) process.on(signal, stop);
  return forget;
}
