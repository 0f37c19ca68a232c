/** The whole compiler on one screen: every stage in order, one line each. */
import type { Diagnostic } from './diagnostics/reporter.ts';
import type { HostProfile } from './host/profile.ts';

/** Which of the two dialects of the output is wanted: all that bhyve can do, or byte for byte what libvirt prints. */
export type DialectName = 'bhyvec' | 'libvirt';

/** What to do with findings about the structure of the XML. */
export type SchemaMode = 'error' | 'warn' | 'off';

/** Everything beside the XML that the result depends on. */
export interface CompileOptions {
  readonly host: HostProfile;
  readonly dialect: DialectName;
  readonly schema: SchemaMode;
  /** Parts of the XML that have no effect are errors. */
  readonly strict: boolean;
}

/** What became of one document. */
export interface Compilation {
  /** In source order. */
  readonly diagnostics: readonly Diagnostic[];
}
