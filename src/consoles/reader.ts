/** One who is attached to a console: gets first what was said before, then all that is said, and holds up nobody. */
import type { ConsoleRequest } from './contract.ts';

/** Somebody who is attached. */
export interface Reader {
  readonly handle: number;
  /** Takes what the guest has just said. */
  hear(bytes: Uint8Array): void;
  ready(): void;
  /** Ends it. @param why is told; null where the reader itself has closed */
  close(why: string | null): void;
}

/** What is given at once to a reader. */
const pieceBytes = 64 * 1024;

/**
 * Makes a reader.
 * @param before what was said before; what is said until it is there is held back
 * @param limit more bytes than these are not held for a reader that is not ready
 * @param failed called when the reader has thrown
 */
export function createReader(
  handle: number,
  { onData, onClosed }: Pick<ConsoleRequest, 'onData' | 'onClosed'>,
  before: Promise<Uint8Array>,
  limit: number,
  failed: () => void,
): Reader {
  let history: Uint8Array[] | null = null;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let leftOut = 0;
  let isReady = true;
  let isClosed = false;

  /** Gives one piece to the reader. */
  function give(bytes: Uint8Array): void {
    try {
      if (onData(bytes) === false) isReady = false;
    } catch {
      close(null);
      failed();
    }
  }

  function canGive(): boolean {
    return isReady && !isClosed && history !== null;
  }

  function drain(): void {
    while (canGive()) {
      const old = history?.shift();
      const next = old ?? held.shift();
      if (next !== undefined) {
        if (old === undefined) heldBytes -= next.length;
        give(next);
      } else if (leftOut > 0) {
        const note = `\r\n[bhyvec: ${String(leftOut)} bytes are left out, they came faster than they were read]\r\n`;
        leftOut = 0;
        give(Buffer.from(note));
      } else {
        return;
      }
    }
  }

  function hear(bytes: Uint8Array): void {
    if (isClosed) return;
    if (canGive() && heldBytes === 0 && leftOut === 0 && history?.length === 0) {
      give(bytes);
    } else if (leftOut > 0 || heldBytes + bytes.length > limit) {
      leftOut += bytes.length;
    } else {
      held.push(bytes);
      heldBytes += bytes.length;
    }
  }

  function close(why: string | null): void {
    if (isClosed) return;
    isClosed = true;
    held = [];
    history = null;
    if (why === null) return;
    try {
      onClosed(why);
    } catch {
      // It is closed all the same.
    }
  }

  // Not in the same turn of the event loop: the answer that tells the handle goes out before the first bytes.
  void before.then((bytes) => {
    setImmediate(() => {
      if (isClosed) return;
      history = piecesOf(bytes);
      drain();
    });
  });

  return {
    handle,
    hear,
    ready: () => {
      isReady = true;
      drain();
    },
    close,
  };
}

function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / pieceBytes);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes));
}
