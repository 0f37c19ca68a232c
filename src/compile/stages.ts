/** What goes into a compilation, and what comes out of it: of one stage, of one document, of all documents of a host. */
import type { DialectName } from '../dialect/dialect.ts';
import type { Diagnostic } from '../diagnostics/reporter.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import type { Domain } from '../frontend/domain.ts';
import type { Network } from '../frontend/network/network.ts';
import type { Pool, Volume } from '../frontend/storage/storage.ts';
import type { Variables } from '../frontend/variables.ts';
import type { XmlElement } from '../frontend/xml/tree.ts';
import type { HostProfile } from '../host/profile.ts';
import type { Hardware } from '../ir/hardware.ts';
import type { Machine, PlacedMachine } from '../ir/machine.ts';
import type { NetworkPlan } from '../ir/network/network-plan.ts';
import type { Plan } from '../ir/plan.ts';
import type { PoolPlan, Storage, VolumePlan } from '../ir/storage/storage-plan.ts';
import type { CompleteDomain } from '../passes/complete/complete-domain.ts';
import type { Networks } from '../passes/context.ts';

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
  /** What the guests of the host were given before: their hardware stays where it is. A map that is no longer changed: it is looked up by UUID, too. */
  readonly lock?: Hardware;
  /** What `${name}` stands for in the XML; without them it is a placeholder that nobody has replaced. */
  readonly variables?: Variables;
  /** The networks of the host by name; null for one whose document has a mistake. */
  readonly networks?: Networks;
  /** The pools and volumes of the host, the same. */
  readonly storage?: Storage;
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

/** What a document becomes that is no guest; null from the first stage on that found an error. */
export interface ResourceStages<Read, Planned> {
  readonly read: Read | null;
  readonly plan: Planned | null;
}

/** What a document becomes by its kind: all are null for a guest, all but one for anything else. */
export interface Resources {
  readonly network: ResourceStages<Network, NetworkPlan> | null;
  readonly pool: ResourceStages<Pool, PoolPlan> | null;
  readonly volume: ResourceStages<Volume, VolumePlan> | null;
}

/** Those of a guest. */
export const noResource: Resources = { network: null, pool: null, volume: null };

/** The stages of the one that there is; null for a guest. */
export function stagesOf({ network, pool, volume }: Resources): ResourceStages<object, object> | null {
  return network ?? pool ?? volume;
}

/** What became of one document: of a guest, or of something that guests share. */
export interface Compilation extends Resources {
  /** The text; empty where the bytes were none. */
  readonly source: SourceFile;
  /** In source order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stages: Stages;
  /** The verdict of our RELAX NG validator; null where it was not asked. */
  readonly schemaValid: boolean | null;
  /** The plan of a guest; null after an error, and for what is no guest. */
  readonly plan: Plan | null;
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
