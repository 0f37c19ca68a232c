/** ps(1): processor time and memory of processes. */

/** Counters of one process. */
export interface ProcessCounters {
  /** User and system time. */
  readonly cpuNanoseconds: number;
  readonly rssKib: number;
}

/** The words after `ps` for these processes; columns without a heading. */
export function psWords(pids: readonly number[]): readonly string[] {
  return ['-o', 'pid=', '-o', 'time=', '-o', 'rss=', '-p', pids.join(',')];
}

/** Reads what `ps` printed, by process number. Lines that do not fit are left out. */
export function readProcesses(text: string): ReadonlyMap<number, ProcessCounters> {
  const found = new Map<number, ProcessCounters>();
  for (const line of text.split('\n')) {
    const [pid = '', time = '', rss = '', ...more] = line.trim().split(/\s+/);
    const cpuNanoseconds = readCpuTime(time);
    if (!/^\d{1,10}$/.test(pid) || cpuNanoseconds === null || !/^\d{1,15}$/.test(rss) || more.length > 0) continue;
    found.set(Number(pid), { cpuNanoseconds, rssKib: Number(rss) });
  }
  return found;
}

/**
 * Reads the column `time`: `MINUTES:SECONDS.HUNDREDTHS` with any number of minutes; hours and days before them are taken
 * as well, and the comma that some languages have.
 * @returns nanoseconds; null where it is no time
 */
export function readCpuTime(text: string): number | null {
  const match = /^(?:(\d{1,6})-)?(?:(\d{1,7}):)?(\d{1,9}):(\d{1,2})(?:[.,](\d{1,2}))?$/.exec(text);
  if (match === null) return null;
  const [days = '0', hours = '0', minutes = '0', seconds = '0', hundredths = ''] = match.slice(1);
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1_000_000_000 + Number(hundredths.padEnd(2, '0')) * 10_000_000;
}
