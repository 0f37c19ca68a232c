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
const smallest = 4096;

/** A splitter for lines of at most `limit` bytes, the LF not counted. */
export function createLineSplitter(limit: number): LineSplitter {
  /** The line that has no end yet; one array that grows, since a line may come byte by byte. */
  let half = new Uint8Array(0);
  let halfLength = 0;
  /** Not looked at yet. */
  let rest: Uint8Array[] = [];
  let isOver = false;

  const keep = (bytes: Uint8Array): void => {
    const length = halfLength + bytes.length;
    if (length > half.length) {
      const larger = new Uint8Array(Math.max(length, Math.min(limit, Math.max(smallest, 2 * half.length))));
      larger.set(half.subarray(0, halfLength));
      half = larger;
    }
    half.set(bytes, halfLength);
    halfLength = length;
  };

  const forget = (): void => {
    half = new Uint8Array(0);
    halfLength = 0;
  };

  const take = (): Line => {
    for (let chunk = rest.shift(); chunk !== undefined; chunk = rest.shift()) {
      const end = chunk.indexOf(lineFeed);
      if (halfLength + (end === -1 ? chunk.length : end) > limit) {
        isOver = true;
        rest = [];
        forget();
        return { kind: 'too long' };
      }
      if (end === -1) {
        keep(chunk);
        continue;
      }
      if (end + 1 < chunk.length) rest.unshift(chunk.subarray(end + 1));
      if (halfLength === 0) return { kind: 'line', bytes: chunk.subarray(0, end) };
      keep(chunk.subarray(0, end));
      const bytes = half.subarray(0, halfLength);
      forget();
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
