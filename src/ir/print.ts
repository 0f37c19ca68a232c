/** Stable text of what stands between the stages, for `bhyvec ir` and for golden files. */
import { positionOf, type Span } from '../diagnostics/source.ts';

/** Any value of the IR as indented JSON: spans are `line:column`, sizes are numbers, sets are lists. */
export function printIr(value: unknown): string {
  return `${JSON.stringify(value, (_key, part: unknown) => readable(part), 2)}\n`;
}

function readable(part: unknown): unknown {
  if (typeof part === 'bigint') return Number(part);
  if (part instanceof Set || part instanceof Map) return Array.from<unknown>(part);
  return isSpan(part) ? place(part) : part;
}

function isSpan(part: unknown): part is Span {
  return typeof part === 'object' && part !== null && 'source' in part && 'start' in part && 'end' in part;
}

function place({ source, start }: Span): string {
  const { line, column } = positionOf(source, start);
  return `${String(line)}:${String(column)}`;
}
