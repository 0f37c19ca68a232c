/** Where the supervisor keeps things on the host: hier(7), each below a root that is empty except in rehearsals. */
import path from 'node:path';
import type { LaunchPaths } from '../launches/paths.ts';

/** All paths of one supervisor. */
export interface Paths extends LaunchPaths {
  /** /var/run/bhyvecd: what is worth nothing after the host was restarted. */
  readonly run: string;
  readonly socket: string;
  readonly pid: string;
  /** Names the run of the host's kernel, because /var/run is emptied when the host comes up. */
  readonly boot: string;
  /** /var/db/bhyvec: what lasts. */
  readonly db: string;
  readonly journal: string;
  readonly events: string;
  /** The place of a path of the host. */
  inside(file: string): string;
}

/** The paths below a root. */
export function pathsBelow(root: string): Paths {
  const run = `${root}/var/run/bhyvecd`;
  const db = `${root}/var/db/bhyvec`;
  const log = `${root}/var/log/bhyvec`;
  return {
    root,
    run,
    socket: `${run}/sock`,
    pid: `${run}/pid`,
    boot: `${run}/boot`,
    reports: `${run}/reports`,
    guests: `${run}/guests`,
    db,
    journal: `${db}/journal`,
    log,
    events: `${log}/events.jsonl`,
    hook: `${root}/usr/local/etc/bhyvec/hook`,
    guest: (name) => path.join(run, 'guests', name),
    launcher: (name) => path.join(run, 'guests', name, 'launch'),
    report: (name, turn) => path.join(run, 'reports', `${name}.${String(turn)}`),
    output: (name) => path.join(log, `${name}.log`),
    state: (name) => path.join(root, 'var/run/bhyvec', name),
    inside: (file) => `${root}${file}`,
  };
}
