/** What the user asks of a compilation, as the options of a command line have it. */
import type { SchemaMode } from '../compile.ts';

/** The shared options as given. */
export interface CompileFlags {
  /** File name of a host profile. */
  readonly host?: string;
  readonly target: string;
  readonly compat?: 'libvirt';
  readonly schema: SchemaMode;
  readonly strict?: boolean;
  readonly xmllint?: boolean;
  /** File name of the lock; false for none, true for the one beside the documents. */
  readonly lock?: string | boolean;
}
