/** What the commands on the lock are told. */

/** Options of all of them. */
export interface LockFlags {
  /** File name of the lock; that of the project, or of the working folder, where it is left out. */
  readonly lock?: string;
  /** A host of the project. */
  readonly host?: string;
}
