/**
 * From bytes to lines, pure. A line ends with LF (a CR before it belongs to JSON's white space). What is kept of a line
 * that has no end yet is never more than the limit.
 */

/** What {@link LineSplitter.next} gives. */
export type Line =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { /** No whole line is there. */ readonly kind: 'none' }
  | { /** Longer than the limit; the splitter takes nothing any more. */ readonly kind: 'too long' };

/** Collects the bytes of one stream. */
export interface LineSplitter {
  /** Takes the next bytes of the stream. */
  push(bytes: Uint8Array): void;
  /** Takes the next line out. */
  next(): Line;
  /** Bytes that wait, of whole lines and of a half one. */
  waiting(): number;
}

const lineFeed = 10;

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A splitter for lines of at most `limit` bytes, the LF not counted. */
export function createLineSplitter(limit: number): LineSplitter {
  /** Of the line that has no end yet. */
  let half: Uint8Array[] = [];
  let halfLength = 0;
  /** Not looked at yet. */
  let rest: Uint8Array[] = [];
  let isOver = false;

  const stop = (): Line => {
    isOver = true;
    half = [];
    rest = [];
    halfLength = 0;
    return { kind: 'too long' };
  };

  const take = (): Line => {
    for (let chunk = rest.shift(); chunk !== undefined; chunk = rest.shift()) {
      const end = chunk.indexOf(lineFeed);
      const length = halfLength + (end === -1 ? chunk.length : end);
      if (length > limit) return stop();
      if (end === -1) {
        half.push(chunk);
        halfLength = length;
        continue;
      }
      if (end + 1 < chunk.length) rest.unshift(chunk.subarray(end + 1));
      const bytes = joined([...half, chunk.subarray(0, end)], length);
      half = [];
      halfLength = 0;
      return { kind: 'line', bytes };
    }
    return { kind: 'none' };
  };

  return {
    push(bytes) {
      if (!isOver && bytes.length > 0) rest.push(bytes);
    },
    next: () => (isOver ? { kind: 'too long' } : take()),
    waiting: () => rest.reduce((sum, chunk) => sum + chunk.length, halfLength),
  };
}
