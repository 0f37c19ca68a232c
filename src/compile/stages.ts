/** What goes into a compilation, and what comes out of it: of one stage, of one document, of all documents of a host. */
import type { DialectName } from '../dialect/dialect.ts';
import type { Diagnostic } from '../diagnostics/reporter.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import type { Domain } from '../frontend/domain.ts';
import type { Variables } from '../frontend/variables.ts';
import type { XmlElement } from '../frontend/xml/tree.ts';
import type { HostProfile } from '../host/profile.ts';
import type { Hardware } from '../ir/hardware.ts';
import type { Machine, PlacedMachine } from '../ir/machine.ts';
import type { Plan } from '../ir/plan.ts';
import type { CompleteDomain } from '../passes/complete/complete-domain.ts';
import type { Networks } from '../passes/context.ts';
import type { NetworkStages } from './network.ts';

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

/** The stages of a document that none of them has reached. */
export const nothing: Stages = { parse: null, read: null, complete: null, lower: null, allocate: null, plan: null };
