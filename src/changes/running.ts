/** The guests that run on a host, compared with what a build of the documents would give. */
import type { Plan } from '../ir/plan.ts';
import { compareGuests, type GuestChange } from './compare.ts';
import type { Change } from './fate.ts';

/** A guest that runs: with the plan that it was started with, or with the reason why nobody knows it. */
export type RunningGuest =
  | { readonly guest: string; readonly plan: Plan }
  | { readonly guest: string; readonly plan: null; readonly why: string };

const sentences = { added: 'is not running', removed: 'runs, and none of these documents has it' };

/** What the guests that run become with a start of what the documents say; a guest whose plan is not known is taken to change. */
export function compareRunning(
  running: readonly RunningGuest[],
  after: ReadonlyMap<string, Plan>,
): readonly GuestChange[] {
  const unknown = new Map(running.flatMap((one) => (one.plan === null ? [[one.guest, one.why] as const] : [])));
  const before = new Map(running.flatMap(({ guest, plan }) => (plan === null ? [] : [[guest, plan] as const])));
  const known = new Map([...after].filter(([guest]) => !unknown.has(guest)));
  const others = [...unknown].map(([guest, why]): GuestChange => {
    const isMeant = after.has(guest);
    const change: Change = isMeant
      ? { sign: '~', degree: 'needs-restart', text: `what it runs with is not known: ${why}` }
      : { sign: '-', degree: 'may-lose-data', text: sentences.removed };
    return { guest, kind: isMeant ? 'changed' : 'removed', degree: change.degree, changes: [change] };
  });
  return [...compareGuests(before, known, sentences), ...others].toSorted((one, other) =>
    one.guest < other.guest ? -1 : 1,
  );
}
