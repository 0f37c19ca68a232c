/** The rehearsal on several hosts at a time. */
import { availableParallelism } from 'node:os';
import { invariant } from '../diagnostics/invariant.ts';
import { FolderProblem } from '../build/problem.ts';
import { nameOf, type HostNeeds, type RehearsalHost } from './host.ts';
import type { BuiltGuest } from './manifest.ts';
import { rehearseHost, subjectsOf, type Rehearsal, type Rehearsals, type Subject } from './rehearse-host.ts';

/**
 * Several hosts at a time. Results come in the order of the guests, that of volumes before all, those of networks before that of the
 * first guest that has to do with them, or last.
 */
export function rehearseAll(guests: readonly BuiltGuest[], needs: readonly HostNeeds[]): readonly Promise<Rehearsal>[] {
  const hosts = rehearseHosts(needs);
  const unitOf = new Map<Subject, number>();
  for (const [index, { unit }] of needs.entries()) {
    for (const subject of subjectsOf(unit)) unitOf.set(subject, index);
  }
  const networksOf = (guest: BuiltGuest): readonly Subject[] => needs[unitOf.get(guest) ?? 0]?.unit.networks ?? [];
  const volumes = needs.flatMap(({ unit }) => unit.volumes ?? []);
  const ordered = new Set([...volumes, ...guests.flatMap((guest) => [...networksOf(guest), guest]), ...unitOf.keys()]);
  const all = [...ordered].map(async (subject) => {
    const found = (await hosts[unitOf.get(subject) ?? 0])?.get(subject);
    invariant(found !== undefined, 'whatever is rehearsed has one host');
    return found;
  });
  void Promise.allSettled(all);
  return all;
}

function rehearseHosts(needs: readonly HostNeeds[]): readonly Promise<Rehearsals>[] {
  const hosts = new Set<RehearsalHost>();
  const forgetSignals = disposeOnSignals(hosts);
  const lanes = Array.from({ length: Math.max(1, availableParallelism()) }, () => Promise.resolve());
  let stopped = false;
  const all = needs.map(async (need, index) => {
    const lane = index % lanes.length;
    const turn = (lanes[lane] ?? Promise.resolve()).then(async () => {
      if (stopped) throw new FolderProblem(`${nameOf(need.unit)}: was not rehearsed any more`);
      return rehearseHost(need, hosts);
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
