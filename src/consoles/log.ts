/**
 * A log that never makes its writer wait: what is appended is written in the background, in order. While the disk is full
 * or the folder is not writable, a bounded amount waits in memory; what is too much is counted, and a mark in the log says
 * so when it can be written again.
 */
import { createLogFiles } from './log-files.ts';
import { logIo, type LogIo } from './log-io.ts';

/** What is missing from a log. */
export interface Lost {
  readonly chunks: number;
  readonly bytes: number;
  /** The system's reason. */
  readonly why: string;
}

/** How a log is set up. */
export interface LogOptions {
  readonly path: string;
  readonly fileBytes: number;
  readonly files: number;
  /** The text that stands for what is missing. */
  readonly mark: (lost: Lost) => Uint8Array;
  /** Told once when the log cannot be written, with the reason, and once when it can again, with null. */
  readonly onProblem?: (why: string | null) => void;
  /** So much may wait for a disk that is slow, and for one that refuses. */
  readonly waitingBytes?: { readonly slow: number; readonly refusing: number };
  /** The delay before another attempt. */
  readonly retryMs?: number;
  readonly io?: LogIo;
}

/** A log. */
export interface Log {
  /** Takes bytes; they must not change afterwards. Never throws. */
  append(bytes: Uint8Array): void;
  /**
   * The last bytes of the log, at this point between what was appended before and what comes after.
   * @returns null where the log cannot be written or read now
   */
  readEnd(bytes: number): Promise<Buffer | null>;
  /** What is missing, since the log was made. */
  lost(): { readonly chunks: number; readonly bytes: number };
  /** Resolves when all that was appended is written, or the disk has refused it. */
  flush(): Promise<void>;
  /** Makes one last attempt to write what waits, and closes. */
  end(): Promise<void>;
}

type Item =
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      /** A part of the chunk is written. */ readonly torn: boolean;
    }
  | { readonly kind: 'read'; readonly bytes: number; readonly resolve: (bytes: Buffer | null) => void };

/** So much is written at once. */
const batchBytes = 256 * 1024;

/** Makes a log; nothing is opened before the first byte. */
export function createLog(options: LogOptions): Log {
  const { slow, refusing } = options.waitingBytes ?? { slow: 16 * 1024 * 1024, refusing: 256 * 1024 };
  const files = createLogFiles(options.path, options.fileBytes, options.files, options.io ?? logIo);
  const total = { chunks: 0, bytes: 0 };
  let queue: Item[] = [];
  let waiting = 0;
  let unmarked = { chunks: 0, bytes: 0 };
  let problem: string | null = null;
  let working: Promise<void> | null = null;
  let retry: NodeJS.Timeout | null = null;

  function append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    queue.push({ kind: 'bytes', bytes, torn: false });
    waiting += bytes.length;
    forgetExcess();
    if (problem === null) work();
  }

  /** Leaves out the oldest chunks that wait; never the rest of one that is partly written. */
  function forgetExcess(): void {
    const limit = problem === null ? slow : refusing;
    if (waiting <= limit) return;
    const kept: Item[] = [];
    for (const item of queue) {
      if (waiting <= limit || item.kind !== 'bytes' || item.torn) {
        kept.push(item);
        continue;
      }
      waiting -= item.bytes.length;
      unmarked = { chunks: unmarked.chunks + 1, bytes: unmarked.bytes + item.bytes.length };
      total.chunks += 1;
      total.bytes += item.bytes.length;
    }
    queue = kept;
  }

  /** Writes until nothing is left or the disk refuses. */
  function work(): void {
    working ??= workOff().finally(() => {
      working = null;
      if (problem === null && hasWork()) work();
    });
  }

  function hasWork(): boolean {
    return queue.length > 0 || unmarked.chunks > 0;
  }

  async function workOff(): Promise<void> {
    while (hasWork()) {
      const first = queue[0];
      if (first?.kind === 'read') {
        queue.shift();
        first.resolve(await files.readEnd(first.bytes).catch(() => null));
        continue;
      }
      const isTorn = first?.torn === true;
      const error = !isTorn && unmarked.chunks > 0 ? await writeMark() : await writeBatch();
      if (error !== null) {
        refuse(error);
        return;
      }
      if (problem !== null) {
        problem = null;
        options.onProblem?.(null);
      }
    }
  }

  async function writeMark(): Promise<string | null> {
    const told = unmarked;
    unmarked = { chunks: 0, bytes: 0 };
    const mark = options.mark({ ...told, why: problem ?? 'the disk is too slow' });
    const { rest, error } = await writeAll(mark);
    if (rest.length === mark.length) {
      unmarked = { chunks: unmarked.chunks + told.chunks, bytes: unmarked.bytes + told.bytes };
    } else if (rest.length > 0) {
      queue.unshift({ kind: 'bytes', bytes: rest, torn: true });
      waiting += rest.length;
    }
    return error;
  }

  async function writeBatch(): Promise<string | null> {
    const taken: Uint8Array[] = [];
    let length = 0;
    for (let item = queue[0]; item?.kind === 'bytes' && length < batchBytes; item = queue[0]) {
      queue.shift();
      taken.push(item.bytes);
      length += item.bytes.length;
      // What is missing belongs behind the rest of a torn chunk.
      if (item.torn) break;
    }
    waiting -= length;
    const { rest, error } = await writeAll(
      taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken),
    );
    if (rest.length > 0) putBack(taken, rest.length);
    return error;
  }

  /** The chunks of which something is not written go back to the front of the queue. */
  function putBack(taken: readonly Uint8Array[], length: number): void {
    let missing = length;
    waiting += length;
    for (const chunk of taken.toReversed()) {
      if (missing <= 0) return;
      const rest = chunk.subarray(Math.max(0, chunk.length - missing));
      queue.unshift({ kind: 'bytes', bytes: rest, torn: rest.length < chunk.length });
      missing -= rest.length;
    }
  }

  async function writeAll(bytes: Uint8Array): Promise<{ readonly rest: Uint8Array; readonly error: string | null }> {
    let rest = bytes;
    while (rest.length > 0) {
      try {
        const written = await files.write(rest);
        if (written === 0) return { rest, error: 'the system wrote nothing' };
        rest = rest.subarray(written);
      } catch (error) {
        return { rest, error: error instanceof Error ? error.message : String(error) };
      }
    }
    return { rest, error: null };
  }

  function refuse(error: string): void {
    if (problem === null) options.onProblem?.(error);
    problem = error;
    for (const item of queue) if (item.kind === 'read') item.resolve(null);
    queue = queue.filter(({ kind }) => kind === 'bytes');
    forgetExcess();
    retry = setTimeout(work, options.retryMs ?? 1000);
    retry.unref();
  }

  function readEnd(bytes: number): Promise<Buffer | null> {
    if (problem !== null) return Promise.resolve(null);
    return new Promise((resolve) => {
      queue.push({ kind: 'read', bytes, resolve });
      work();
    });
  }

  async function flush(): Promise<void> {
    while (working !== null) await working;
  }

  async function end(): Promise<void> {
    if (retry !== null) clearTimeout(retry);
    await flush();
    if (problem !== null) work();
    await flush();
    if (retry !== null) clearTimeout(retry);
    await files.close().catch(() => undefined);
  }

  return { append, readEnd, lost: () => ({ ...total }), flush, end };
}
