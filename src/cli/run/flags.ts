/** The options of `bhyvec run` as given. */
import type { CompileFlags } from '../../documents/flags.ts';

/** Options of `bhyvec run`. */
export interface RunFlags extends CompileFlags {
  readonly console?: boolean;
  readonly dryRun?: boolean;
  /** File with passwords. */
  readonly secretsFrom?: string;
}
