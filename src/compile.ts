/**
 * The compiler: every stage in order, one line each, from the bytes of a document to its plan and commands. Pure: the same
 * input gives the same result. `backends/emit.ts` makes files of plans; `src/index.ts` is what other programs import of both.
 */
import { commandLines, type CommandLine } from './backends/argv/emit.ts';
import { dialectOf, type DialectName } from './dialect/dialect.ts';
import { inOneVoice } from './diagnostics/one-voice.ts';
import { createReporter, inSourceOrder, type Diagnostic, type Reporter } from './diagnostics/reporter.ts';
import type { SourceFile } from './diagnostics/source.ts';
import { reportUnused } from './frontend/accounts.ts';
import { degreesOf, type Degrees } from './frontend/degrees.ts';
import type { Domain } from './frontend/domain.ts';
import { readDomain } from './frontend/read.ts';
import { validateDomain } from './frontend/relaxng/validate.ts';
import { decodeSource } from './frontend/xml/decode.ts';
import { parseXml } from './frontend/xml/parse.ts';
import type { XmlElement } from './frontend/xml/tree.ts';
import type { HostProfile } from './host/profile.ts';
import type { Machine, PlacedMachine } from './ir/machine.ts';
import type { Plan } from './ir/plan.ts';
import { allocate } from './passes/allocate/index.ts';
import { checkCapabilities } from './passes/check/capabilities.ts';
import { checkRaw } from './passes/check/raw.ts';
import { checkUnique } from './passes/check/unique.ts';
import type { CompleteDomain } from './passes/complete/complete-domain.ts';
import { completeDomain } from './passes/complete/index.ts';
import type { Context } from './passes/context.ts';
import { checkFleet } from './passes/fleet/index.ts';
import { lowerDomain } from './passes/lower/index.ts';
import { planMachine } from './passes/plan/index.ts';
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
  /** The plan; null after an error. */
  readonly plan: Plan | null;
}

const nothing: Stages = { parse: null, read: null, complete: null, lower: null, allocate: null, plan: null };

/**
 * Decodes and compiles one domain XML document.
 * @param name how diagnostics call it
 * @param bytes UTF-8, at most 4 MiB
 */
export function compileBytes(name: string, bytes: Uint8Array, options: CompileOptions): Compilation {
  const reporter = createReporter({ strict: options.strict });
  const source = decodeSource(name, bytes, reporter);
  if (source !== null) return compile(source, options);
  const { diagnostics } = reporter;
  return { source: { name, text: '' }, diagnostics, stages: nothing, schemaValid: null, plan: null };
}

/**
 * Compiles one domain XML document.
 * @param source the text; `compileBytes` decodes one
 * @returns all findings, and the plan if none of them is an error. Never throws for bad input.
 */
export function compile(source: SourceFile, options: CompileOptions): Compilation {
  const reporter = createReporter({ strict: options.strict });
  const { host, passwords = new Map<string, string>() } = options;
  const context: Context = { host, dialect: dialectOf(options.dialect), passwords, reporter, uses: createUses() };
  const gravest = options.dialect === 'libvirt' ? 'warning' : 'error';
  const stage = gate(reporter);

  const parse = stage(source, (text) => parseXml(text, reporter));
  const schema =
    parse === null || options.schema === 'off' ? null : validateDomain(parse, reporter, severityOf(options.schema));
  const degrees: Degrees = parse === null ? new Map<never, never>() : degreesOf(parse);
  const flagged = schema?.flagged ?? new Set();
  const read = stage(parse, (root) => readDomain(root, { flagged, degrees, placeholders: gravest }, reporter));
  const complete = stage(read, (domain) => completeDomain(domain, context));
  const lower = stage(complete, (domain) => {
    const machine = lowerDomain(domain, context);
    checkCapabilities(machine, context);
    checkUnique(machine, context);
    return machine;
  });
  if (parse !== null && complete !== null) reportUnused(parse, { degrees, flagged, gravest }, context.uses, reporter);
  const place = stage(lower, (machine) => {
    const placed = allocate(machine, context);
    if (reporter.errors === 0) checkRaw(placed, settingsOf(placed), context);
    return placed;
  });
  const plan = stage(place, (machine) => planMachine(machine, context));

  const stages: Stages = { parse, read, complete, lower, allocate: place, plan };
  return {
    source,
    diagnostics: inOneVoice(inSourceOrder(reporter.diagnostics)),
    stages,
    schemaValid: schema?.valid ?? null,
    plan,
  };
}

/**
 * The rules across the guests of one host.
 * @param plans those of all guests of a build
 * @returns what is wrong, in source order
 */
export function checkGuests(plans: readonly Plan[], options: Pick<CompileOptions, 'strict'>): readonly Diagnostic[] {
  const reporter = createReporter({ strict: options.strict });
  checkFleet(plans, reporter);
  return inSourceOrder(reporter.diagnostics);
}

/** The commands of a compilation, in the order in which they run; none after an error. */
export function commandsOf({ plan }: Pick<Compilation, 'plan'>): readonly CommandLine[] {
  return plan === null ? [] : commandLines(plan);
}

/** Runs a stage if the one before it came to something; what it gives counts if nothing was reported as an error. */
function gate(reporter: Reporter): <In, Out>(input: In | null, run: (input: In) => Out | null) => Out | null {
  return (input, run) => {
    if (input === null) return null;
    const result = run(input);
    return reporter.errors > 0 ? null : result;
  };
}

function severityOf(schema: 'error' | 'warn'): 'error' | 'warning' {
  return schema === 'warn' ? 'warning' : 'error';
}
