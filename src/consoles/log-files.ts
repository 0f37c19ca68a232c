/** A log in several files: NAME is written, NAME.0 is the one before, and so on, as newsyslog(8) numbers them. */
import type { LogIo, OpenLog } from './log-io.ts';

const newline = 0x0a;

/** Writes to a log in several files. One call at a time. */
export interface LogFiles {
  /**
   * Writes some of the bytes, and begins a new file where they do not fit. A file ends with a line where it can.
   * @returns how many were written; at least one
   */
  write(bytes: Uint8Array): Promise<number>;
  /** The last bytes over all files. */
  readEnd(bytes: number): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Makes the writer; nothing is opened before the first write.
 * @param fileBytes the most bytes of a file
 * @param files so many files are kept, the current one included
 */
export function createLogFiles(path: string, fileBytes: number, files: number, io: LogIo): LogFiles {
  let current: { readonly file: OpenLog; size: number } | null = null;

  const old = (index: number): string => `${path}.${String(index)}`;

  async function close(): Promise<void> {
    const closing = current;
    current = null;
    await closing?.file.close();
  }

  /** Moves the files up. A gap is filled first, so that a rotation that was interrupted does not lose a file twice. */
  async function rotate(): Promise<void> {
    await close();
    if (files < 2) {
      await io.remove(path);
      return;
    }
    let gap = 0;
    while (gap < files - 2 && (await io.exists(old(gap)))) gap += 1;
    for (let index = gap; index > 0; index -= 1) await io.rename(old(index - 1), old(index));
    await io.rename(path, old(0));
  }

  async function opened(): Promise<{ readonly file: OpenLog; size: number }> {
    if (current === null) {
      const file = await io.open(path);
      current = { file, size: file.size };
    }
    return current;
  }

  async function write(bytes: Uint8Array): Promise<number> {
    let log = await opened();
    let part = partThatFits(bytes, fileBytes - log.size, log.size === 0);
    if (part === 0) {
      await rotate();
      log = await opened();
      part = partThatFits(bytes, fileBytes - log.size, true);
    }
    try {
      const written = await log.file.write(bytes.subarray(0, part));
      log.size += written;
      return written;
    } catch (error) {
      // Opened again at the next attempt: the folder may be another one by then.
      await close().catch(() => undefined);
      throw error;
    }
  }

  async function readEnd(wanted: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let missing = wanted;
    for (let index = -1; index < files - 1 && missing > 0; index += 1) {
      const part = await io.readEnd(index === -1 ? path : old(index), missing);
      if (part.length === 0 && index > -1) break;
      parts.unshift(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  return { write, readEnd, close };
}

/** How many of the bytes go into the file; 0 where a new file is due. */
function partThatFits(bytes: Uint8Array, room: number, isEmpty: boolean): number {
  if (bytes.length <= room) return bytes.length;
  const wholeLines = room <= 0 ? 0 : bytes.lastIndexOf(newline, room - 1) + 1;
  if (wholeLines > 0) return wholeLines;
  return isEmpty ? Math.max(1, room) : 0;
}
