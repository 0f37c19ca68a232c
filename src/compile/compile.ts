/**
 * The compiler, from the bytes of a document to its plan and commands. Pure: the same input gives the same result.
 * `lower.ts` has the stages of one document, `place.ts` those of all guests of a host. `backends/emit.ts` makes files of
 * plans; `src/index.ts` is what other programs import of both.
 */
import { commandLines, type CommandLine } from '../backends/argv/emit.ts';
import { invariant } from '../diagnostics/invariant.ts';
import { createReporter, inSourceOrder, type Diagnostic } from '../diagnostics/reporter.ts';
import type { NamedFiles, SourceFile } from '../diagnostics/source.ts';
import type { NetworkPlan } from '../ir/network/network-plan.ts';
import type { Plan } from '../ir/plan.ts';
import type { StoragePlans } from '../ir/storage/storage-plan.ts';
import { checkFleet } from '../passes/fleet/index.ts';
import { checkNetworks } from '../passes/fleet/networks.ts';
import { checkStorage } from '../passes/fleet/storage.ts';
import { lower, lowerBytes } from './lower.ts';
import { compileHost } from './place.ts';
import type { Compilation, CompileOptions, Lowering } from './stages.ts';

/**
 * Decodes and compiles one domain XML document.
 * @param name how diagnostics call it
 * @param bytes UTF-8, at most 4 MiB
 * @param files the bytes of the files that the document names
 */
export function compileBytes(
  name: string,
  bytes: Uint8Array,
  options: CompileOptions,
  files?: NamedFiles,
): Compilation {
  return onlyOne(lowerBytes(name, bytes, options, files), options);
}

/**
 * Compiles one domain XML document.
 * @param source the text; `compileBytes` decodes one
 * @returns all findings, and the plan if none of them is an error. Never throws for bad input.
 */
export function compile(source: SourceFile, options: CompileOptions): Compilation {
  return onlyOne(lower(source, options), options);
}

function onlyOne(lowering: Lowering, options: CompileOptions): Compilation {
  const [compilation] = compileHost([lowering], options).compilations;
  invariant(compilation !== undefined, 'one document gives one compilation');
  return compilation;
}

/**
 * The rules across the guests of one host, and all that they share.
 * @param plans those of all guests of a build
 * @param networks those of all networks of it
 * @param storage its pools and volumes
 * @returns what is wrong, in source order
 */
export function checkGuests(
  plans: readonly Plan[],
  options: Pick<CompileOptions, 'strict'> & Partial<Pick<CompileOptions, 'host'>>,
  networks: readonly NetworkPlan[] = [],
  { pools, volumes }: StoragePlans = { pools: [], volumes: [] },
): readonly Diagnostic[] {
  const reporter = createReporter({ strict: options.strict });
  checkFleet(plans, options.host, reporter);
  checkNetworks(networks, plans, reporter);
  checkStorage(pools, volumes, reporter);
  return inSourceOrder(reporter.diagnostics);
}

/** The commands of a compilation, in the order in which they run; none after an error. */
export function commandsOf({ plan }: Pick<Compilation, 'plan'>): readonly CommandLine[] {
  return plan === null ? [] : commandLines(plan);
}
