/** What the command line of `bhyvec supervise` says. */

/** Options of `bhyvec supervise`. */
export interface SuperviseFlags {
  readonly socket?: string;
  readonly group?: string;
  readonly host?: string;
  readonly target: string;
  readonly stopLimit: number;
  readonly forceLimit: number;
  readonly loaderLimit?: number;
  readonly parallel: number;
  readonly documents?: readonly string[];
  readonly printRc?: boolean;
}
