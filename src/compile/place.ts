/** The stages that need all guests of a host: each machine is placed among the others, and planned. */
import { gate } from '../diagnostics/gate.ts';
import { inOneVoice } from '../diagnostics/one-voice.ts';
import { createReporter, inSourceOrder } from '../diagnostics/reporter.ts';
import { renamedHardware, type Hardware } from '../ir/hardware.ts';
import { allocate } from '../passes/allocate/index.ts';
import { createNeighbours } from '../passes/allocate/neighbours.ts';
import { checkRaw } from '../passes/check/raw.ts';
import type { Context } from '../passes/context.ts';
import { planMachine } from '../passes/plan/index.ts';
import { settingsOf } from '../passes/plan/settings.ts';
import { contextOf } from './context.ts';
import { lower } from './lower.ts';
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
 * The same where `keep` gives all that is wanted of a compilation: the rest of it does not outlive its turn.
 * @param lowerings is empty afterwards, so that nothing keeps what is in it
 */
export function placeHost<Kept>(
  lowerings: Lowering[],
  options: CompileOptions,
  keep: (compilation: Compilation) => Kept,
): { readonly kept: readonly Kept[]; readonly hardware: Hardware } {
  const names = new Set(lowerings.map(({ guest }) => guest));
  // A guest with the UUID of another one is that one by a new name, unless the other is still there: then it is a copy.
  const guests = lowerings
    .splice(0)
    .map((one) =>
      one.recalled !== one.guest && names.has(one.recalled) ? lower(one.source, { ...options, lock: new Map() }) : one,
    );
  const hardware = renamedHardware(options.lock ?? new Map(), guests);
  const neighbours = createNeighbours(
    guests.flatMap(({ stages }) => stages.lower ?? []),
    hardware,
  );
  const queue = inNameOrder(guests.splice(0)).toReversed();
  const kept: Kept[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const name = next.one.guest ?? '';
    // libvirt looks at one guest at a time.
    const isTaken = options.dialect === 'libvirt' ? (): boolean => false : neighbours.isTakenFor(name);
    const compilation = place(next.one, options, isTaken);
    kept[next.at] = keep(compilation);
    const given = compilation.stages.allocate?.hardware;
    if (given === undefined) continue;
    neighbours.add(name, given);
    hardware.set(name, given);
  }
  return { kept, hardware };
}

function inNameOrder(guests: readonly Lowering[]): readonly { readonly one: Lowering; readonly at: number }[] {
  const named = guests.map((one, at) => ({ one, at, name: one.guest ?? one.source.name }));
  return named.toSorted((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
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
