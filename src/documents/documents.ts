/**
 * The run over all documents of a command, one at a time, so that memory does not grow with their number. Where
 * libxml2 is asked for a second opinion, a thousand documents wait for its answer together.
 */
import { compileBytes } from '../compile/compile.ts';
import { lowerBytes } from '../compile/lower.ts';
import { placeHost } from '../compile/place.ts';
import type { Compilation, CompileOptions, Lowering } from '../compile/stages.ts';
import type { Remembered, Trace } from '../compile/remember.ts';
import type { Hardware } from '../ir/hardware.ts';
import type { NetworkPlan } from '../ir/network/network-plan.ts';
import type { StoragePlans } from '../ir/storage/storage-plan.ts';
import { lockOf, noLock, type LockFile } from './lock-file.ts';
import { inSourceOrder, type Diagnostic } from '../diagnostics/reporter.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';
import type { Filled, SourceFile } from '../diagnostics/source.ts';
import { hostOf } from './hosts.ts';
import { expandOperands, readInput, type Input, type InputProblem } from './inputs.ts';
import { lowerResources, othersOf, readResources, resourcesIn, type ReadInput } from './resources.ts';
import type { CompileFlags } from './flags.ts';
import { readNamedFiles } from './named-files.ts';
import type { Memory } from './memory.ts';
import type { Judged } from './second-opinion.ts';
import { batch as most } from '../frontend/xmllint/batch.ts';
import type { Plan } from '../ir/plan.ts';
import type { Terminal } from '../system/terminal.ts';

/** What became of one operand or file. */
export type Outcome =
  | { readonly kind: 'problem'; readonly problem: string }
  | {
      readonly kind: 'document';
      readonly name: string;
      readonly diagnostics: readonly Diagnostic[];
      /** Null where there was an error. */
      readonly compilation: Compilation | null;
      /** As far as the compiler came, for those who want to look inside. */
      readonly partial: Compilation;
    };

/** What became of one operand or file among the others of a host: all guests are in memory, but not how they came about. */
export type GuestOutcome =
  | Extract<Outcome, { readonly kind: 'problem' }>
  | (Pick<Extract<Outcome, { readonly kind: 'document' }>, 'kind' | 'name' | 'diagnostics'> & {
      /** Null where there was an error, and for what is no guest. */
      readonly plan: Plan | null;
    });

/** What a whole run depends on. */
export interface RunSettings {
  readonly options: CompileOptions;
  readonly xmllint: boolean;
  /** The lock as the options ask for it: a file, none, or null for the one beside the documents. */
  readonly lock: string | false | null;
  /** Whether all documents of the host are there: a guest without one is gone. Unknown where it is left out. */
  readonly isWhole?: boolean;
  /** Other documents of the host: guests are on the networks and volumes among them, and nothing else is done with them. */
  readonly beside?: readonly string[];
}

/** Prints the diagnostics to standard error. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): void {
  for (const text of renderDiagnostics(diagnostics, terminal.errPalette)) terminal.err(text);
}

/** Whether one of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/**
 * What the shared options ask for; null where the host profile cannot be used, which has been said.
 * @param found takes what there is to say of the host profile
 */
export async function settingsOf(
  flags: CompileFlags,
  terminal: Terminal,
  found: Diagnostic[],
): Promise<RunSettings | null> {
  const host = await hostOf(flags, terminal, (diagnostics) => {
    found.push(...diagnostics);
  });
  if (host === null) return null;
  const dialect = flags.compat ?? 'bhyvec';
  return {
    options: { host, dialect, schema: flags.schema, strict: flags.strict ?? false },
    xmllint: (flags.xmllint ?? false) && flags.schema !== 'off',
    lock: flags.lock === true || flags.lock === undefined ? null : flags.lock,
  };
}

function outcomeOf(partial: Compilation): Outcome {
  const diagnostics = inSourceOrder(partial.diagnostics);
  const compilation = hasErrors(diagnostics) ? null : partial;
  return { kind: 'document', name: partial.source.name, diagnostics, compilation, partial };
}

function guestOutcomeOf({ source, diagnostics, plan }: Guest): GuestOutcome {
  const all = inSourceOrder(diagnostics);
  return { kind: 'document', name: source.name, diagnostics: all, plan: hasErrors(all) ? null : plan };
}

/** A batch after libxml2 was asked about all of it at once. */
async function judged<One extends Judged>(
  batch: readonly One[],
  settings: RunSettings,
  terminal: Terminal,
): Promise<readonly One[]> {
  if (batch.length === 0) return batch;
  const { withSecondOpinion } = await import('./second-opinion.ts');
  terminal.doing = 'asking libxml2';
  return withSecondOpinion(batch, settings.options.schema);
}

function isFull(batch: readonly Judged[], characters: number): boolean {
  return batch.length >= most.documents || characters >= most.characters;
}

function* batchesOf<One extends Judged>(all: readonly One[]): Generator<readonly One[], void> {
  let batch: One[] = [];
  let characters = 0;
  for (const one of all) {
    batch.push(one);
    characters += one.source.text.length;
    if (!isFull(batch, characters)) continue;
    yield batch;
    [batch, characters] = [[], 0];
  }
  yield batch;
}

/** Reads and compiles all that the operands stand for, in their order, each guest for itself. */
export async function* compileAll(
  operands: readonly string[],
  settings: RunSettings,
  terminal: Terminal,
): AsyncGenerator<Outcome> {
  const inputs = await expandOperands(operands);
  const lock = lockOf(inputs, settings);
  if ('problem' in lock) {
    yield { kind: 'problem', ...lock };
    return;
  }
  const around = [...inputs, ...(await othersOf(inputs, settings.beside))];
  const options = { ...settings.options, lock: lock.hardware, ...(await resourcesIn(around, settings.options)) };
  let batch: Compilation[] = [];
  let characters = 0;
  for (const input of inputs) {
    const bytes = 'problem' in input ? input : await readInput(input);
    if ('problem' in input || 'problem' in bytes) {
      yield* (await judged(batch, settings, terminal)).map(outcomeOf);
      batch = [];
      yield { kind: 'problem', problem: 'problem' in input ? input.problem : 'problem' in bytes ? bytes.problem : '' };
      continue;
    }
    terminal.doing = `compiling ${input.name}`;
    const compiled = compileBytes(input.name, bytes, options, readNamedFiles(bytes, input.path));
    if (!settings.xmllint) yield outcomeOf(compiled);
    else batch.push(compiled);
    characters += compiled.source.text.length;
    if (!isFull(batch, characters)) continue;
    yield* (await judged(batch, settings, terminal)).map(outcomeOf);
    [batch, characters] = [[], 0];
  }
  yield* (await judged(batch, settings, terminal)).map(outcomeOf);
}

/** All that the operands stand for, as the guests of one host. */
export interface Together {
  /** In the order of the operands. */
  readonly outcomes: readonly GuestOutcome[];
  /** The lock as it was; its path is null where nothing can be locked. */
  readonly lock: LockFile;
  /** The lock as it is to be. */
  readonly hardware: Hardware;
  /** The guests of the documents; those that could not be read have no name. */
  readonly guests: ReadonlySet<string>;
  /** The files of the documents. */
  readonly files: readonly string[];
  /** Whether all documents of the host are there; null where that is not known. */
  readonly isWhole: boolean | null;
  /** The variables of the project that are used. */
  readonly variables: ReadonlySet<string>;
  /** The networks without a mistake. */
  readonly networks: readonly NetworkPlan[];
  /** The pools and volumes without a mistake. */
  readonly storage: StoragePlans;
}

/**
 * Reads and compiles all that the operands stand for as the guests of one host: nothing is given to two of them.
 * @param memory those of earlier builds
 */
export async function compileTogether(
  operands: readonly string[],
  settings: RunSettings,
  terminal: Terminal,
  memory: Memory<Guest> | null = null,
): Promise<Together> {
  const inputs = await expandOperands(operands);
  const found = lockOf(inputs, settings);
  const lock = 'problem' in found ? noLock : found;
  const documents: (ReadInput | InputProblem)[] = [];
  for (const input of inputs) {
    const bytes = 'problem' in input ? input : await readInput(input);
    documents.push('problem' in input ? input : 'problem' in bytes ? bytes : { input, bytes });
  }
  const read = documents.filter((one): one is ReadInput => !('problem' in one));
  const around = await readResources(await othersOf(inputs, settings.beside));
  const resources = lowerResources([...read, ...around], settings.options);
  const options = { ...settings.options, lock: lock.hardware, ...resources.known };
  const problems: GuestOutcome[] = 'problem' in found ? [{ kind: 'problem', ...found }] : [];
  const known = memory?.host(settings, [...resources.lowerings.keys()], lock.hardware) ?? null;
  const keys: string[] = [];
  const lowerings: (Lowering | Remembered<Guest>)[] = [];
  for (const document of read) {
    const { input, bytes } = document;
    terminal.doing = `compiling ${input.name}`;
    terminal.progress?.(`compiling ${String(lowerings.length + 1)} of ${String(read.length)} documents`);
    const files = readNamedFiles(bytes, input.path);
    const again = (): Lowering => slim(lowerBytes(input.name, bytes, options, files));
    const key = known?.keyOf(document, files) ?? '';
    keys.push(key);
    const resource = resources.lowerings.get(document);
    lowerings.push(resource === undefined ? (known?.recall({ key, again }) ?? again()) : slim(resource));
  }
  const shared = read.flatMap((document) => resources.lowerings.get(document) ?? []);
  const rest = {
    lock,
    guests: new Set(lowerings.flatMap(({ guest }) => guest ?? [])),
    files: filesOf(inputs),
    isWhole: settings.isWhole ?? null,
    variables: new Set(lowerings.flatMap((one) => (sourceOf(one).filled?.() ?? []).flatMap(namesIn))),
    networks: shared.flatMap(({ network }) => network?.plan ?? []),
    storage: {
      pools: shared.flatMap(({ pool }) => pool?.plan ?? []),
      volumes: shared.flatMap(({ volume }) => volume?.plan ?? []),
    },
  };
  const { kept, hardware } = placeHost(lowerings, options, guestOf);
  const told: GuestOutcome[] = [];
  for (const batch of batchesOf(kept)) {
    for (const guest of settings.xmllint ? await judged(batch, settings, terminal) : batch) {
      const outcome = guestOutcomeOf(guest);
      if (guest.trace !== null && guest.plan !== null && !hasErrors(guest.diagnostics))
        known?.keep(keys[told.length] ?? '', guest.trace, { ...guest, schemaValid: null, trace: null });
      told.push(outcome);
    }
  }
  const inOrder = told.values();
  const outcomes = documents.flatMap((one): GuestOutcome | [] =>
    'problem' in one ? { kind: 'problem', ...one } : (inOrder.next().value ?? []),
  );
  return { ...rest, outcomes: [...problems, ...outcomes], hardware };
}

/** What is asked of a guest once it has its plan. One that is remembered needs no second verdict, and is kept already. */
export interface Guest extends Pick<Compilation, 'source' | 'diagnostics' | 'schemaValid' | 'plan'> {
  readonly trace: Trace | null;
}

function guestOf({ source, diagnostics, schemaValid, plan }: Compilation, trace: Trace | null): Guest {
  return { source, diagnostics, schemaValid, plan, trace };
}

function sourceOf(one: Lowering | Remembered<Guest>): SourceFile {
  return 'kept' in one ? one.kept.source : one.source;
}

function namesIn({ used }: Filled): readonly string[] {
  return used.map(({ name }) => name);
}

function filesOf(inputs: readonly (Input | InputProblem)[]): readonly string[] {
  return inputs.flatMap((input) => ('problem' in input || input.path === null ? [] : [input.path]));
}

/** Without the stages that nobody asks for any more: all guests of a host are in memory together. */
function slim(lowering: Lowering): Lowering {
  return { ...lowering, stages: { ...lowering.stages, parse: null, read: null, complete: null } };
}
