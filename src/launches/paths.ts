/** Where launchers, their files and their reports are on the host. */

/** The paths that a launcher and whoever follows it need. */
export interface LaunchPaths {
  /** Stands for `/`: the empty text on a real host. */
  readonly root: string;
  readonly reports: string;
  readonly guests: string;
  /** /var/log/bhyvec. */
  readonly log: string;
  /** The program that is told of each step in the life of a guest. */
  readonly hook: string;
  /** The folder of the running turn's files. */
  guest(name: string): string;
  /** The launcher of a guest. */
  launcher(name: string): string;
  /** The report of one turn. */
  report(name: string, turn: number): string;
  /** What the launcher and bhyve of a guest say. */
  output(name: string): string;
  /** The launcher's own run directory. */
  state(name: string): string;
}
