/**
 * The serial console of a guest on this terminal. The user's end of a null modem is opened before bhyve starts, so that
 * nothing is lost that the guest says early; a TCP console can only be reached once bhyve listens.
 */
import { appendFileSync, closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { isatty, ReadStream } from 'node:tty';
import type { GuestConsole } from '../ir/plan.ts';
import { tcpPortOf } from '../ir/units.ts';
import { lineSettings, reachable } from './link.ts';
import { run } from '../system/command.ts';
import { Trouble } from '../system/trouble.ts';
import { createEscape } from './escape.ts';

/** The far end of a console. */
interface Line {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** A console that is attached. */
export interface Console {
  /** bhyve has begun: what could not be opened before is opened, as soon as bhyve listens. */
  bhyveBegins(): void;
  /** Detaches, and gives the terminal back as it was. */
  close(): void;
}

/** What the console tells. */
export interface ConsoleListener {
  output(bytes: Uint8Array): void;
  /** The user has typed the escape. */
  left(): void;
}

const lookEvery = 20;

/** Seconds that kldload(8) and stty(1) may take each. */
const patience = 5;

/** Attaches. Throws a {@link Trouble} or an error of the file system where the node cannot be opened. A console by tcp needs a port that is a number. */
export async function openConsole(console: GuestConsole, root: string, listener: ConsoleListener): Promise<Console> {
  const port = console.kind === 'tcp' ? tcpPortOf(console.service) : null;
  let line: Line | null = console.kind === 'nmdm' ? await openNullModem(console.pair, root, listener) : null;
  const giveBack = readKeys(
    (bytes) => line?.write(bytes),
    () => {
      close();
      listener.left();
    },
  );
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    giveBack();
    line?.close();
  };
  // Whatever ends this process: a terminal in raw mode is no use to anybody.
  process.once('exit', giveBack);
  return {
    bhyveBegins() {
      if (console.kind === 'tcp' && port !== null) line ??= openTcp(reachable(console.host), port, listener);
    },
    close,
  };
}

/** Keys go to the guest one by one; gives what undoes it. */
function readKeys(typed: (bytes: Uint8Array) => void, left: () => void): () => void {
  const { stdin } = process;
  const escape = createEscape();
  const wasRaw = stdin.isTTY && stdin.isRaw;
  if (stdin.isTTY) stdin.setRawMode(true);
  const take = (keys: Buffer): void => {
    const { send, leave } = escape(keys);
    if (send.length > 0) typed(send);
    if (leave) left();
  };
  stdin.on('data', take);
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    stdin.off('data', take);
    stdin.pause();
    if (stdin.isTTY) stdin.setRawMode(wasRaw);
    stdin.unref();
  };
}

async function openNullModem(
  { guest, user }: Extract<GuestConsole, { kind: 'nmdm' }>['pair'],
  root: string,
  listener: ConsoleListener,
): Promise<Line> {
  const node = within(root, user);
  // nmdm(4) makes its nodes when they are opened, so it has to be there first. It stays, as for the launcher.
  await run('kldload', ['-n', 'nmdm'], { seconds: patience });
  const { O_RDWR, O_NONBLOCK, O_NOCTTY, O_CREAT } = constants;
  // On a stand-in host null modems are plain files that nobody makes beforehand.
  const flags = O_RDWR | O_NONBLOCK | O_NOCTTY | (root === '' ? 0 : O_CREAT);
  const descriptor = openSync(node, flags, 0o600);
  if (isatty(descriptor)) return await terminalLine(descriptor, listener);
  if (root !== '' && fstatSync(descriptor).isFile()) return fileLine(descriptor, within(root, guest), listener);
  closeSync(descriptor);
  throw new Trouble(`${user} is no terminal`);
}

/** A path of the host below the root that stands for /, which is its own parent. */
function within(root: string, name: string): string {
  return path.join(root, path.join('/', name));
}

/** The node of a real null modem. */
async function terminalLine(descriptor: number, listener: ConsoleListener): Promise<Line> {
  await run('stty', lineSettings, { input: descriptor, seconds: patience });
  const stream = new ReadStream(descriptor);
  stream.on('data', (bytes) => {
    if (typeof bytes !== 'string') listener.output(bytes);
  });
  stream.on('error', () => stream.destroy());
  return {
    write(bytes) {
      try {
        writeSync(descriptor, bytes);
      } catch {
        // The guest reads nothing now: keys are lost as on a real line.
      }
    },
    close: () => void stream.destroy(),
  };
}

function fileLine(descriptor: number, other: string, listener: ConsoleListener): Line {
  const bytes = Buffer.alloc(4096);
  let offset = 0;
  const look = (): void => {
    for (;;) {
      const count = readSync(descriptor, bytes, 0, bytes.length, offset);
      if (count === 0) return;
      offset += count;
      listener.output(Uint8Array.from(bytes.subarray(0, count)));
    }
  };
  const timer = setInterval(look, lookEvery);
  return {
    write: (typed) => {
      appendFileSync(other, typed);
    },
    close() {
      clearInterval(timer);
      look();
      closeSync(descriptor);
    },
  };
}

/** bhyve listens a little later than it starts; it is asked again until it does. */
function openTcp(host: string, port: number, listener: ConsoleListener): Line {
  let socket: Socket | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isOpen = true;
  const dial = (): void => {
    const next = connect({ host, port });
    socket = next;
    next.on('data', (bytes: Uint8Array) => {
      listener.output(bytes);
    });
    next.on('error', () => undefined);
    next.once('close', () => {
      if (isOpen) timer = setTimeout(dial, 10 * lookEvery);
    });
  };
  dial();
  return {
    write: (typed) => void socket?.write(typed),
    close() {
      isOpen = false;
      if (timer !== null) clearTimeout(timer);
      socket?.destroy();
    },
  };
}
