/** One console of one guest: its device, its log, what it said last, who is attached. */
import path from 'node:path';
import type { GuestConsole } from '../ir/plan.ts';
import { createConsoleDevice, type ConsoleDevice } from './device.ts';
import { createLog } from './log.ts';
import { createReader, type Reader } from './reader.ts';
import { createRing } from './ring.ts';
import type { ConsoleRequest, ConsolesOptions, ConsoleView, ConsoleWritten } from './contract.ts';
import { runCommand } from '../system/command.ts';

/** One console. */
export interface Line {
  readonly com: number;
  /** Uses this device from now on; nothing happens where it is the same. Resolves when it was tried. */
  use(console: GuestConsole): Promise<void>;
  /** Attaches; a writer is refused by null where there is one and no force. */
  attach(handle: number, request: ConsoleRequest): Reader | null;
  detach(reader: Reader): void;
  write(reader: Reader, bytes: Uint8Array): ConsoleWritten;
  view(): ConsoleView;
  /** Closes the device, tells the readers, writes the log. */
  end(why: string): Promise<void>;
}

/** What is typed and not taken by the guest may be so much. */
const unsentLimit = 64 * 1024;

const kib = 1024;

/** Makes the line of a console; nothing is opened before `use`. */
export function createLine(guest: string, com: number, options: ConsolesOptions): Line {
  const { logFolder, root = '', run = runCommand, logBytes = kib * kib, logFiles = 4 } = options;
  const { ringBytes = 64 * kib, readerBytes = 256 * kib, retryMs = { first: 50, longest: 500 } } = options;
  const name = `com${String(com)} of ${guest}`;
  const file = path.join(logFolder, com === 1 ? `${guest}.console.log` : `${guest}.com${String(com)}.log`);
  const ring = createRing(ringBytes);
  const readers = new Set<Reader>();
  let writer: Reader | null = null;
  let device: { readonly key: string; readonly line: ConsoleDevice } | null = null;
  let spoken = 0;

  const log = createLog({
    path: file,
    fileBytes: logBytes,
    files: logFiles,
    mark: ({ bytes, why }) => Buffer.from(`\r\n[bhyvec: ${String(bytes)} bytes are missing here: ${why}]\r\n`),
    onProblem: (why) => {
      const text =
        why === null ? `${file} is written again` : `the output of ${name} cannot be kept in ${file}: ${why}`;
      tell(text, why === null);
    },
  });

  function tell(message: string, solved: boolean): void {
    options.onProblem?.({ guest, com, message, solved });
  }

  function hear(bytes: Buffer): void {
    spoken += bytes.length;
    ring.push(bytes);
    log.append(bytes);
    for (const reader of [...readers]) reader.hear(bytes);
  }

  /** What was said up to now: from memory where that is enough, otherwise from the log. */
  async function before(wanted: number): Promise<Uint8Array> {
    const known = ring.last(wanted);
    if (known.length >= wanted) return known;
    return (await log.readEnd(Math.min(wanted, logBytes * logFiles))) ?? known;
  }

  function detach(reader: Reader): void {
    readers.delete(reader);
    if (writer === reader) writer = null;
  }

  return {
    com,
    async use(console) {
      const key = JSON.stringify(console);
      if (device?.key !== key) {
        device?.line.close();
        const onProblem = (why: string | null): void => {
          tell(why === null ? `${name} is connected` : `${name} cannot be opened: ${why}`, why === null);
        };
        device = { key, line: createConsoleDevice({ console, root, run, retryMs, onData: hear, onProblem }) };
      }
      await device.line.tried;
    },
    attach(handle, request) {
      if (request.write && writer !== null) {
        if (!request.force) return null;
        const loser = writer;
        detach(loser);
        loser.close('another session has taken over this console');
      }
      const wanted = Number.isSafeInteger(request.replayBytes) ? Math.max(0, request.replayBytes) : 0;
      const reader = createReader(handle, request, before(wanted), readerBytes, () => {
        detach(reader);
      });
      readers.add(reader);
      if (request.write) writer = reader;
      return reader;
    },
    detach,
    write(reader, bytes) {
      if (reader !== writer) return refused(`this session may not write to ${name}: open it for writing`);
      const link = device?.line.link() ?? null;
      if (link === null) return refused(`${name} is not connected at the moment: try again when the guest runs`);
      if (link.unsent() + bytes.length > unsentLimit) {
        return refused(`the guest does not read what is typed into ${name}: ${String(link.unsent())} bytes wait`);
      }
      link.write(bytes);
      return { ok: true, bytes: bytes.length };
    },
    view: () => ({
      guest,
      com,
      connected: (device?.line.link() ?? null) !== null,
      readers: readers.size,
      hasWriter: writer !== null,
      bytes: spoken,
      lostBytes: log.lost().bytes,
    }),
    async end(why) {
      device?.line.close();
      device = null;
      const leaving = [...readers];
      readers.clear();
      writer = null;
      for (const reader of leaving) reader.close(why);
      await log.end();
    },
  };
}

function refused(message: string): ConsoleWritten {
  return { ok: false, message };
}
