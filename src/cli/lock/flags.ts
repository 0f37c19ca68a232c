/** What the commands on the lock are told. */

/** Options of all of them. */
export interface LockFlags {
  /** File name of the lock. */
  readonly lock: string;
}
