/** The keys of a console: `~.` at the start of a line leaves it, `~~` there is a tilde, as in cu(1). */

/** What keys become: bytes for the guest, and whether the user has left. */
export interface Typed {
  readonly bytes: Uint8Array;
  readonly hasLeft: boolean;
}

const [tilde, dot, lineFeed, carriageReturn] = [0x7e, 0x2e, 0x0a, 0x0d];

/** A reader of keys; it remembers where in a line it is. */
export function createEscape(): (keys: Uint8Array) => Typed {
  let state: 'start' | 'tilde' | 'middle' = 'start';
  return (keys) => {
    const bytes: number[] = [];
    for (const key of keys) {
      if (state === 'start' && key === tilde) {
        state = 'tilde';
        continue;
      }
      if (state === 'tilde' && key === dot) return { bytes: Uint8Array.from(bytes), hasLeft: true };
      // A tilde that began no escape was meant for the guest.
      if (state === 'tilde' && key !== tilde) bytes.push(tilde);
      bytes.push(key);
      state = key === lineFeed || key === carriageReturn ? 'start' : 'middle';
    }
    return { bytes: Uint8Array.from(bytes), hasLeft: false };
  };
}
