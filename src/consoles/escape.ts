/** How a person leaves a console: `^]` as in virsh, or `~.` at the beginning of a line as in cu(1) and ssh(1). */

/** What becomes of typed bytes. */
export interface Typed {
  /** For the guest. */
  readonly send: Uint8Array;
  /** The console is to be left; what was typed afterwards is dropped. */
  readonly leave: boolean;
}

const controlBracket = 0x1d;
const tilde = 0x7e;
const dot = 0x2e;
const carriageReturn = 13;
const lineFeed = 10;

/** Looks for the escapes in what is typed. `~~` at the beginning of a line is one `~` for the guest. */
export function createEscape(): (bytes: Uint8Array) => Typed {
  let isLineStart = true;
  let isHeld = false;
  return (bytes) => {
    const send: number[] = [];
    for (const byte of bytes) {
      if (byte === controlBracket || (isHeld && byte === dot)) return { send: Uint8Array.from(send), leave: true };
      if (isHeld && byte !== tilde) send.push(tilde);
      const isOpening = !isHeld && isLineStart && byte === tilde;
      isHeld = isOpening;
      isLineStart = byte === carriageReturn || byte === lineFeed;
      if (!isOpening) send.push(byte);
    }
    return { send: Uint8Array.from(send), leave: false };
  };
}
