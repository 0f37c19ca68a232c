/** netstat(1), `-ibn`: counters of the host's interfaces. */

/** Counters of one interface, as the host sees them. */
export interface InterfaceCounters {
  readonly inPackets: number;
  readonly inErrors: number;
  readonly inDrops: number;
  readonly inBytes: number;
  readonly outPackets: number;
  readonly outErrors: number;
  readonly outBytes: number;
}

/** The words after `netstat`: `-W` because names are cut off without it. */
export const netstatWords: readonly string[] = ['-i', '-b', '-n', '-W', '-f', 'link'];

const columns = {
  inPackets: 'Ipkts',
  inErrors: 'Ierrs',
  inDrops: 'Idrop',
  inBytes: 'Ibytes',
  outPackets: 'Opkts',
  outErrors: 'Oerrs',
  outBytes: 'Obytes',
} as const;

/**
 * Reads what netstat printed, by name. Only lines of the link level count: those of addresses repeat the interface. A link
 * without an address leaves a column out, so columns are counted from the right.
 */
export function readInterfaces(text: string): ReadonlyMap<string, InterfaceCounters> {
  const found = new Map<string, InterfaceCounters>();
  const [heading = '', ...lines] = text.split('\n');
  const names = wordsOf(heading).toReversed();
  for (const line of lines) {
    const words = wordsOf(line);
    if (!/^<Link#\d+>$/.test(words[2] ?? '')) continue;
    const fromRight = words.toReversed();
    const valueOf = (column: string): number => {
      const at = names.indexOf(column);
      const value = at === -1 ? '' : (fromRight[at] ?? '');
      return /^\d{1,20}$/.test(value) ? Number(value) : 0;
    };
    // A star marks an interface that is down.
    found.set((words[0] ?? '').replace(/\*$/, ''), {
      inPackets: valueOf(columns.inPackets),
      inErrors: valueOf(columns.inErrors),
      inDrops: valueOf(columns.inDrops),
      inBytes: valueOf(columns.inBytes),
      outPackets: valueOf(columns.outPackets),
      outErrors: valueOf(columns.outErrors),
      outBytes: valueOf(columns.outBytes),
    });
  }
  return found;
}

function wordsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}
