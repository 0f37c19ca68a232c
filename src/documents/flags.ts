/** What the user asks of a compilation, as the options of a command line have it. */
import type { SchemaMode } from '../compile/stages.ts';

/** The shared options as given. */
export interface CompileFlags {
  /** A host of the project, or the file name of a host profile. */
  readonly host?: string;
  /** A target by name; the default one, or that of the project, where it is left out. */
  readonly target?: string;
  /** File name of the project, or its folder; false for none, true for the one that is found. */
  readonly project?: string | boolean;
  readonly compat?: 'libvirt';
  readonly schema: SchemaMode;
  readonly strict?: boolean;
  readonly xmllint?: boolean;
  /** File name of the lock; false for none, true for the one beside the documents. */
  readonly lock?: string | boolean;
}
