/**
 * The compiler: every stage in order, one line each, from the bytes of a document to its plan and commands. Pure: the same
 * input gives the same result. `backends/emit.ts` makes files of plans; `src/index.ts` is what other programs import of both.
 */
import { commandLines, type CommandLine } from './backends/argv/emit.ts';
import { compileNetwork, isNetwork, type NetworkStages } from './compile-network.ts';
import { askable } from './compile-secrets.ts';
import { dialectOf, type DialectName } from './dialect/dialect.ts';
import { gate } from './diagnostics/gate.ts';
import { invariant } from './diagnostics/invariant.ts';
import { inOneVoice } from './diagnostics/one-voice.ts';
import { createReporter, inSourceOrder, type Diagnostic, type Reporter } from './diagnostics/reporter.ts';
import type { Filled, NamedFiles, SourceFile } from './diagnostics/source.ts';
import { reportUnused } from './frontend/accounts.ts';
import { degreesOf, type Degrees } from './frontend/degrees.ts';
import type { Domain } from './frontend/domain.ts';
import { readDomain } from './frontend/read.ts';
import { validateDomain } from './frontend/relaxng/validate.ts';
import { fillVariables, type Variables } from './frontend/variables.ts';
import { decodeSource } from './frontend/xml/decode.ts';
import { parseXml } from './frontend/xml/parse.ts';
import type { XmlElement } from './frontend/xml/tree.ts';
import type { HostProfile } from './host/profile.ts';
import { renamedHardware, type GuestHardware, type Hardware } from './ir/hardware.ts';
import type { Machine, PlacedMachine } from './ir/machine.ts';
import type { NetworkPlan } from './ir/network/network-plan.ts';
import type { Plan } from './ir/plan.ts';
import { allocate } from './passes/allocate/index.ts';
import { createNeighbours } from './passes/allocate/neighbours.ts';
import { checkCapabilities } from './passes/check/capabilities.ts';
import { checkRaw } from './passes/check/raw.ts';
import { checkUnique } from './passes/check/unique.ts';
import type { CompleteDomain } from './passes/complete/complete-domain.ts';
import { completeDomain } from './passes/complete/index.ts';
import type { Context, Networks } from './passes/context.ts';
import { checkFleet } from './passes/fleet/index.ts';
import { checkNetworks } from './passes/fleet/networks.ts';
import { lowerDomain } from './passes/lower/index.ts';
import { planMachine } from './passes/plan/index.ts';
import { recalledGuest } from './passes/recalled.ts';
import { createUses } from './passes/uses.ts';
import { settingsOf } from './passes/plan/settings.ts';

/** What to do with findings about the structure of the XML. */
export type SchemaMode = 'error' | 'warn' | 'off';

/** Everything beside the XML that the result depends on. */
export interface CompileOptions {
  readonly host: HostProfile;
  readonly dialect: DialectName;
  readonly schema: SchemaMode;
  /** Parts of the XML that have no effect are errors. */
  readonly strict: boolean;
  /** VNC passwords by guest, for domains whose XML is not to hold them. */
  readonly passwords?: ReadonlyMap<string, string>;
  /** What the guests of the host were given before: their hardware stays where it is. */
  readonly lock?: Hardware;
  /** What `${name}` stands for in the XML; without them it is a placeholder that nobody has replaced. */
  readonly variables?: Variables;
  /** The networks of the host by name; null for one whose document has a mistake. */
  readonly networks?: Networks;
}

/** What each stage made of the document; null from the first stage on that found an error. */
export interface Stages {
  readonly parse: XmlElement | null;
  readonly read: Domain | null;
  readonly complete: CompleteDomain | null;
  readonly lower: Machine | null;
  readonly allocate: PlacedMachine | null;
  readonly plan: Plan | null;
}

/** The names of the stages in order. */
export const stageNames = [
  'parse',
  'read',
  'complete',
  'lower',
  'allocate',
  'plan',
] as const satisfies (keyof Stages)[];

/** What became of one document. */
export interface Compilation {
  /** The text; empty where the bytes were none. */
  readonly source: SourceFile;
  /** In source order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stages: Stages;
  /** The verdict of our RELAX NG validator; null where it was not asked. */
  readonly schemaValid: boolean | null;
  /** The plan of a guest; null after an error, and for a network. */
  readonly plan: Plan | null;
  /** What a network becomes; null for a document of a guest. */
  readonly network: NetworkStages | null;
}

/** One document as far as it can be compiled without the other guests of its host: up to its machine. */
export interface Lowering extends Omit<Compilation, 'plan'> {
  /** The name of the guest; null where the document has none that could be read. */
  readonly guest: string | null;
  /** The guest of the lock whose hardware it was given; null for none. */
  readonly recalled: string | null;
}

/** All documents of one host. */
export interface HostCompilation {
  /** In the order of the documents. */
  readonly compilations: readonly Compilation[];
  /** What the guests have now, and those of the lock that are not among the documents: the next lock. */
  readonly hardware: Hardware;
}

const nothing: Stages = { parse: null, read: null, complete: null, lower: null, allocate: null, plan: null };

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

/** Decodes one document and brings it to its machine. */
export function lowerBytes(name: string, bytes: Uint8Array, options: CompileOptions, files?: NamedFiles): Lowering {
  const reporter = createReporter({ strict: options.strict });
  const source = decodeSource(name, bytes, reporter);
  if (source !== null) return lower({ ...source, files: files ?? new Map() }, options);
  const { diagnostics } = reporter;
  const unread = { stages: nothing, schemaValid: null, guest: null, recalled: null, network: null };
  return { source: { name, text: '' }, diagnostics, ...unread };
}

/** Brings one document to its machine. */
export function lower(given: SourceFile, options: CompileOptions): Lowering {
  const filled: Filled[] = [];
  const source = askable(given, filled);
  const reporter = createReporter({ strict: options.strict });
  const gravest = options.dialect === 'libvirt' ? 'warning' : 'error';
  const stage = gate(reporter);

  const tree = stage(source, (text) => parseXml(text, reporter));
  const parse = stage(tree, (root) => fillVariables(root, options.variables, filled, reporter));
  const schema =
    parse === null || options.schema === 'off'
      ? null
      : validateDomain(parse, reporter, options.schema === 'warn' ? 'warning' : 'error');
  const degrees: Degrees = parse === null ? new Map<never, never>() : degreesOf(parse);
  const flagged = schema?.flagged ?? new Set();
  const schemaValid = schema?.valid ?? null;
  const hasVariables = options.variables !== undefined;
  if (parse !== null && isNetwork(parse)) {
    const known = { flagged, degrees, gravest, hasVariables } as const;
    const network = compileNetwork(parse, known, contextOf(options, reporter));
    const diagnostics = inOneVoice(inSourceOrder(reporter.diagnostics));
    return { source, network, schemaValid, guest: null, recalled: null, stages: { ...nothing, parse }, diagnostics };
  }
  const read = stage(parse, (root) =>
    readDomain(root, { flagged, degrees, placeholders: gravest, hasVariables }, reporter),
  );
  const recalled = read === null ? null : recalledGuest(read, options.lock);
  const context = contextOf(options, reporter, options.lock?.get(recalled ?? ''));
  const complete = stage(read, (domain) => completeDomain(domain, context));
  const machine = stage(complete, (domain) => {
    const lowered = lowerDomain(domain, context);
    checkCapabilities(lowered, context);
    checkUnique(lowered, context);
    return lowered;
  });
  if (parse !== null && complete !== null) reportUnused(parse, { degrees, flagged, gravest }, context.uses, reporter);
  return {
    source,
    diagnostics: reporter.diagnostics,
    stages: { parse, read, complete, lower: machine, allocate: null, plan: null },
    schemaValid,
    guest: read?.name.value ?? null,
    recalled,
    network: null,
  };
}

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
  if (lowering.network !== null) return { ...lowering, plan: null };
  const reporter = createReporter({ strict: options.strict });
  const context = { ...contextOf(options, reporter, new Map()), isTaken };
  const isFaulty = lowering.diagnostics.some(({ severity }) => severity === 'error');
  const stage = gate(reporter, isFaulty);
  const placed = stage(lowering.stages.lower, (machine) => {
    const found = allocate(machine, context);
    if (reporter.errors === 0 && !isFaulty) checkRaw(found, settingsOf(found), context);
    return found;
  });
  const plan = stage(placed, (machine) => planMachine(machine, context));
  const { source, stages, schemaValid } = lowering;
  const diagnostics = inOneVoice(inSourceOrder([...lowering.diagnostics, ...reporter.diagnostics]));
  return { source, diagnostics, stages: { ...stages, allocate: placed, plan }, schemaValid, plan, network: null };
}

function contextOf(options: CompileOptions, reporter: Reporter, hardware: GuestHardware = new Map()): Context {
  const { host, dialect, passwords = new Map<string, string>(), networks = new Map<never, never>() } = options;
  const isTaken = (): boolean => false;
  return { host, dialect: dialectOf(dialect), passwords, networks, hardware, isTaken, reporter, uses: createUses() };
}

/**
 * The rules across the guests and networks of one host.
 * @param plans those of all guests of a build
 * @param networks those of all networks of it
 * @returns what is wrong, in source order
 */
export function checkGuests(
  plans: readonly Plan[],
  options: Pick<CompileOptions, 'strict'> & Partial<Pick<CompileOptions, 'host'>>,
  networks: readonly NetworkPlan[] = [],
): readonly Diagnostic[] {
  const reporter = createReporter({ strict: options.strict });
  checkFleet(plans, options.host, reporter);
  checkNetworks(networks, plans, reporter);
  return inSourceOrder(reporter.diagnostics);
}

/** The commands of a compilation, in the order in which they run; none after an error. */
export function commandsOf({ plan }: Pick<Compilation, 'plan'>): readonly CommandLine[] {
  return plan === null ? [] : commandLines(plan);
}
