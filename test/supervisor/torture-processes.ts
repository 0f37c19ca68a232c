/** Processes of this system, as /proc has them. */
import { readdirSync, readFileSync } from 'node:fs';

/** The words of a process, each ended by a zero byte; empty where it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** Processes that run a script with sh; their subshells are not counted. */
export function shellsOf(script: string): readonly number[] {
  const isOne = (pid: number): boolean => commandOf(pid).startsWith(`/bin/sh\0${script}\0`);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isOne(pid) && !isOne(parentOf(pid)));
}
