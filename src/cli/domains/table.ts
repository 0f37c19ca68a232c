/** Tables as virsh prints them: a space before each column, three between two, a line below the head, an empty line. */
import { displayWidth, padEnd, printable } from '../../diagnostics/printable.ts';

/** A table with its head; cells may hold anything. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, i) => Math.max(...cells.map((row) => displayWidth(row[i] ?? ''))));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => ` ${padEnd(cell, widths[i] ?? 0)}`)
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 3, 0));
  const [first = '', ...others] = lines;
  return [first, rule, ...others, '', ''].join('\n');
}

/** Lines of a name and a value, the values below each other. */
export function renderPairs(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${padEnd(`${name}:`, 15)} ${printable(value)}\n`).join('');
}
