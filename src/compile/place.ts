/** The stages that need all guests of a host: each machine is placed among the others, and planned. */
import { gate } from '../diagnostics/gate.ts';
import { inOneVoice } from '../diagnostics/one-voice.ts';
import { createReporter, inSourceOrder } from '../diagnostics/reporter.ts';
import { renamedHardware, type Hardware } from '../ir/hardware.ts';
import { allocate } from '../passes/allocate/index.ts';
import { createNeighbours, pinnedBy, type Pinning } from '../passes/allocate/neighbours.ts';
import { checkRaw } from '../passes/check/raw.ts';
import type { Context } from '../passes/context.ts';
import { planMachine } from '../passes/plan/index.ts';
import { settingsOf } from '../passes/plan/settings.ts';
import { contextOf } from './context.ts';
import { lower } from './lower.ts';
import { isStillTold, listening, type Remembered, type Trace } from './remember.ts';
import {
  noResource,
  stagesOf,
  type Compilation,
  type CompileOptions,
  type HostCompilation,
  type Lowering,
} from './stages.ts';

/**
 * Gives the guests of one host all that their documents leave open, none of it twice. The result does not depend on the
 * order of the documents.
 */
export function compileHost(lowerings: readonly Lowering[], options: CompileOptions): HostCompilation {
  const { kept, hardware } = placeHost([...lowerings], options, (one) => one);
  return { compilations: kept, hardware };
}

/**
 * The same where `keep` gives all that is wanted of a compilation: the rest of it does not outlive its turn. Guests that are
 * remembered are taken as they are where the others leave them what they have.
 * @param given is empty afterwards, so that nothing keeps what is in it
 * @param keep is told how the guest came by what it has, too; null where it has nothing
 */
export function placeHost<Kept>(
  given: (Lowering | Remembered<Kept>)[],
  options: CompileOptions,
  keep: (compilation: Compilation, trace: Trace | null) => Kept,
): { readonly kept: readonly Kept[]; readonly hardware: Hardware } {
  const names = new Set(given.map(({ guest }) => guest));
  const guests = given.splice(0).map((one) => pinning(isCopy(one, names) ? unlocked(one, options) : one));
  const hardware = renamedHardware(options.lock ?? new Map(), guests);
  const neighbours = createNeighbours(guests, hardware);
  const queue = inNameOrder(guests.splice(0)).toReversed();
  const kept: Kept[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { at, pinned, one } = next;
    const name = next.guest ?? '';
    // libvirt looks at one guest at a time.
    const isTaken = options.dialect === 'libvirt' ? (): boolean => false : neighbours.isTakenFor(name);
    if (isRemembered(one) && isStillTold(one, isTaken)) {
      kept[at] = one.kept;
      neighbours.add(name, one.hardware);
      continue;
    }
    const { isTaken: heard, answers } = listening(isTaken);
    const compilation = place(isRemembered(one) ? one.again() : one, options, heard);
    const placed = compilation.stages.allocate?.hardware;
    kept[at] = keep(compilation, placed === undefined ? null : { guest: name, pinned, answers, hardware: placed });
    if (placed === undefined) continue;
    neighbours.add(name, placed);
    hardware.set(name, placed);
  }
  return { kept, hardware };
}

function isRemembered<Kept>(one: Lowering | Remembered<Kept>): one is Remembered<Kept> {
  return 'kept' in one;
}

/** A guest with the UUID of another one is that one by a new name, unless the other is still there: then it is a copy. */
function isCopy<Kept>(one: Lowering | Remembered<Kept>, names: ReadonlySet<string | null>): one is Lowering {
  return !isRemembered(one) && one.recalled !== one.guest && names.has(one.recalled);
}

function unlocked({ source }: Lowering, options: CompileOptions): Lowering {
  return lower(source, { ...options, lock: new Map() });
}

/** A guest with what its document pins. */
interface Guest<Kept> extends Pinning {
  readonly one: Lowering | Remembered<Kept>;
  readonly recalled: string | null;
}

function pinning<Kept>(one: Lowering | Remembered<Kept>): Guest<Kept> {
  if (isRemembered(one)) return { one, guest: one.guest, recalled: one.guest, pinned: one.pinned };
  const { guest, recalled, stages } = one;
  return { one, guest, recalled, pinned: stages.lower === null ? [] : pinnedBy(stages.lower) };
}

function inNameOrder<Kept>(guests: readonly Guest<Kept>[]): readonly (Guest<Kept> & { readonly at: number })[] {
  const named = guests.map((guest, at) => ({ ...guest, at, name: guest.guest ?? sourceOf(guest) }));
  return named.toSorted((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

function sourceOf<Kept>({ one }: Guest<Kept>): string {
  return isRemembered(one) ? '' : one.source.name;
}

/** Grants what a machine needs, and plans it. */
function place(lowering: Lowering, options: CompileOptions, isTaken: Context['isTaken']): Compilation {
  if (stagesOf(lowering) !== null) return { ...lowering, plan: null };
  const reporter = createReporter({ strict: options.strict });
  const context = { ...contextOf(options, reporter, new Map()), isTaken };
  const isFaulty = lowering.diagnostics.some(({ severity }) => severity === 'error');
  const stage = gate(reporter, isFaulty);
  const placed = stage(lowering.stages.lower, (machine) => {
    const found = allocate(machine, context);
    if (reporter.errors === 0 && !isFaulty) checkRaw(found, () => settingsOf(found), context);
    return found;
  });
  const plan = stage(placed, (machine) => planMachine(machine, context));
  const { source, stages, schemaValid } = lowering;
  const diagnostics = inOneVoice(inSourceOrder([...lowering.diagnostics, ...reporter.diagnostics]));
  return { source, diagnostics, stages: { ...stages, allocate: placed, plan }, schemaValid, plan, ...noResource };
}
