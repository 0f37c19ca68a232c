/**
 * The open line to one console, by what stands in place of its device: a terminal as nmdm(4) makes them, two FIFOs or a
 * plain file for a null modem of a stand-in host, a socket, or tcp.
 */
import { close, constants, fstatSync, open, read, writeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { isErrno } from './log-io.ts';
import type { RunCommand } from '../system/command.ts';

/** A line that is open. */
export interface ConsoleLink {
  /** Takes bytes for the guest. */
  write(bytes: Uint8Array): void;
  /** How many bytes the guest has not taken yet. */
  unsent(): number;
  /** Nothing is told afterwards. */
  close(): void;
}

/** What a link tells. After `onEnd` it tells nothing. */
export interface LinkEvents {
  readonly onData: (bytes: Buffer) => void;
  /** The line was closed by the other side or failed. */
  readonly onEnd: (why: string) => void;
}

/**
 * What stty(1) makes of the line of every console: bytes as they are, no echo, no waiting for lines; and clocal without
 * hupcl, so that the line does not hang up when bhyve closes its end at a reboot, nor the guest's when a person leaves.
 */
export const lineSettings: readonly string[] = ['raw', '-echo', 'clocal', '-hupcl'];

/** How often what stands in for a null modem is looked at. */
const followMs = 20;

const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;
const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

// Plain numbers: streams take them over, and a FileHandle would close them a second time.
const openFile = promisify(open);

/**
 * Opens the user's end of a null modem; on FreeBSD that makes the pair.
 * @param guest the other end, for what stands in for a null modem
 * @param isNew it was not there before: what stands in it was said to us
 * @throws the system's error
 */
export async function openNullModem(
  user: string,
  guest: string,
  isNew: boolean,
  run: RunCommand,
  events: LinkEvents,
): Promise<ConsoleLink> {
  let fd: number;
  try {
    fd = await openFile(user, flags);
  } catch (error) {
    // What open(2) says of a socket on Linux, and on FreeBSD.
    if (isErrno(error, 'ENXIO') || isErrno(error, 'EOPNOTSUPP')) return openSocket({ path: user }, events);
    throw error;
  }
  if (isatty(fd)) return openTerminal(fd, run, events);
  try {
    const status = fstatSync(fd);
    if (status.isFIFO()) return followFile(fd, fileWriter(await openFile(guest, flags), true), null, events);
    if (status.isFile()) {
      const writer = fileWriter(await openFile(guest, appending, 0o600), false);
      return followFile(fd, writer, isNew ? 0 : status.size, events);
    }
  } catch (error) {
    release(fd);
    throw error;
  }
  release(fd);
  throw new Error(`${user} is no terminal`);
}

/** Connects to a console that bhyve listens for, or to a socket of the file system. */
export function openSocket(
  where: { readonly host: string; readonly port: number } | { readonly path: string },
  events: LinkEvents,
): Promise<ConsoleLink> {
  return new Promise((resolve, reject) => {
    const socket = connect(where);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.setNoDelay();
      resolve(streamLink(socket, events));
    });
  });
}

/** An address to connect to, for one that means all addresses. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' || host === '[::]' ? '::1' : host.replace(/^\[(.*)\]$/, '$1');
}

/**
 * A terminal is read by tty.ReadStream, since libuv waits for it with kqueue(2). fs.read would need polling: a read that
 * waits for a guest that says nothing occupies a thread of the pool for good. Raw mode comes at once, as a terminal echoes
 * by default and the guest would read its own output. stty(1) does what libuv leaves out, see {@link lineSettings}.
 */
async function openTerminal(fd: number, run: RunCommand, events: LinkEvents): Promise<ConsoleLink> {
  let stream: ReadStream;
  try {
    stream = new ReadStream(fd);
  } catch (error) {
    release(fd);
    throw error;
  }
  stream.setRawMode(true);
  const link = streamLink(stream, events);
  await run('stty', lineSettings, { input: fd });
  // libuv opens a terminal anew, so that waiting for it does not change how others see theirs: this one is left over.
  if (descriptorOf(stream) !== fd) release(fd);
  return link;
}

/** The descriptor that a stream reads; null where nobody says. */
function descriptorOf(stream: ReadStream): unknown {
  const handle: unknown = '_handle' in stream ? stream._handle : null;
  return typeof handle === 'object' && handle !== null && 'fd' in handle ? handle.fd : null;
}

/** A link over a stream for both directions. */
function streamLink(stream: Socket, { onData, onEnd }: LinkEvents): ConsoleLink {
  let isOpen = true;
  let reason = 'the other side closed it';
  const close = (): void => {
    isOpen = false;
    stream.destroy();
  };
  const ended = (): void => {
    if (!isOpen) return;
    close();
    onEnd(reason);
  };
  stream.on('error', (error: Error) => {
    reason = error.message;
  });
  stream.on('close', ended);
  stream.on('end', ended);
  stream.on('data', (bytes: Buffer) => {
    if (isOpen) onData(bytes);
  });
  return { write: (bytes) => void stream.write(bytes), unsent: () => stream.writableLength, close };
}

/** Takes what is typed into a file or a FIFO. */
interface FileWriter {
  readonly write: (bytes: Uint8Array) => void;
  readonly unsent: () => number;
  /** Tries again what a full FIFO has not taken. */
  readonly push: () => void;
  readonly close: () => void;
}

function fileWriter(fd: number, mayBeFull: boolean): FileWriter {
  let waiting = Buffer.alloc(0);
  const push = (): void => {
    try {
      while (waiting.length > 0) waiting = waiting.subarray(writeSync(fd, waiting));
    } catch (error) {
      if (!mayBeFull || !isErrno(error, 'EAGAIN')) waiting = Buffer.alloc(0);
    }
  };
  return {
    write: (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
      push();
    },
    unsent: () => waiting.length,
    push,
    close: () => {
      release(fd);
    },
  };
}

/** Follows a file that grows, from a position, as tail(1) does, or a FIFO, which has none. */
function followFile(fd: number, writer: FileWriter, from: number | null, { onData, onEnd }: LinkEvents): ConsoleLink {
  let isOpen = true;
  let isReading = false;
  let position = from;
  const buffer = Buffer.alloc(64 * 1024);
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(timer);
    writer.close();
    if (!isReading) release(fd);
  };
  const look = (): void => {
    if (isReading || !isOpen) return;
    writer.push();
    isReading = true;
    read(fd, buffer, 0, buffer.length, position, (error, count) => {
      isReading = false;
      if (!isOpen) {
        release(fd);
        return;
      }
      const isEmpty = isErrno(error, 'EAGAIN');
      if (error !== null && !isEmpty) {
        close();
        onEnd(error.message);
        return;
      }
      if (isEmpty || count === 0) return;
      if (position !== null) position += count;
      onData(Buffer.from(buffer.subarray(0, count)));
      look();
    });
  };
  const timer = setInterval(look, followMs);
  timer.unref();
  return { write: writer.write, unsent: writer.unsent, close };
}

function release(fd: number): void {
  close(fd, () => undefined);
}
