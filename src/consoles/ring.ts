/** The last bytes that a guest has said, in memory. */

/** A ring of bytes. */
export interface Ring {
  push(bytes: Uint8Array): void;
  /** How many bytes are in it. */
  length(): number;
  /** A copy of the last bytes, all where there are fewer. */
  last(count: number): Buffer;
}

/** Makes a ring; its memory is taken with the first byte. */
export function createRing(limit: number): Ring {
  let memory: Buffer | null = null;
  let length = 0;
  /** Where the next byte goes. */
  let next = 0;

  return {
    push(bytes) {
      if (limit <= 0) return;
      memory ??= Buffer.alloc(limit);
      const fresh = bytes.subarray(Math.max(0, bytes.length - limit));
      const head = fresh.subarray(0, limit - next);
      memory.set(head, next);
      memory.set(fresh.subarray(head.length), 0);
      next = (next + fresh.length) % limit;
      length = Math.min(limit, length + fresh.length);
    },
    length: () => length,
    last(count) {
      const wanted = Math.min(Math.max(0, count), length);
      if (memory === null || wanted === 0) return Buffer.alloc(0);
      const from = (next - wanted + limit) % limit;
      if (from + wanted <= limit) return Buffer.from(memory.subarray(from, from + wanted));
      return Buffer.concat([memory.subarray(from), memory.subarray(0, wanted - (limit - from))]);
    },
  };
}
