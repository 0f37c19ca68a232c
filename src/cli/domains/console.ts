/**
 * `bhyvec console`: a person at a terminal, or a program behind pipes, at the serial port of a guest. A terminal is in raw
 * mode as long as it takes, and is put back whatever happens.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { CallFailure, errorCodes } from '../../control/protocol.ts';
import type { Methods } from '../../control/wire-table.ts';
import { states } from '../../control/vocabulary.ts';
import { printable } from '../../diagnostics/printable.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { createEscape } from '../../consoles/escape.ts';
import { explainFailure, withSession, type DomainFlags, type Session } from './session.ts';

/** Options of `bhyvec console`. */
export interface ConsoleFlags extends DomainFlags {
  readonly force?: boolean;
  readonly readOnly?: boolean;
}

type OpenParams = Methods['console.open']['params'];

/** So much of what the guest said before is shown first. */
const replayBytes = 16 * 1024;
/** The most bytes of one call. */
const writeBytes = 32 * 1024;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How it came to its end. */
type End =
  | { readonly kind: 'left' }
  | { readonly kind: 'closed'; readonly why: string }
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'failed'; readonly failure: unknown };

/** Puts the terminal into raw mode. @returns what puts it back; calling it again does nothing. */
function takeTerminal(isRaw: boolean): () => void {
  const { stdin } = process;
  if (!isRaw) return () => undefined;
  const restore = (): void => {
    process.off('exit', restore);
    if (stdin.isRaw) stdin.setRawMode(false);
  };
  // The last resort, for an end that nobody has foreseen.
  process.on('exit', restore);
  stdin.setRawMode(true);
  return restore;
}

/** Sends what is typed or piped; no more is read while a call is on its way. */
function forwardInput(session: Session, number: number, isTerminal: boolean, onEnd: (end: End) => void): () => void {
  const { stdin } = process;
  const escape = createEscape();
  const send = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length; at += writeBytes) {
      const data = Buffer.from(bytes.subarray(at, at + writeBytes)).toString('base64');
      await session.client.call('console.write', { console: number, data });
    }
  };
  const take = (bytes: Buffer): void => {
    const typed = isTerminal ? escape(bytes) : { send: bytes, leave: false };
    stdin.pause();
    send(typed.send).then(
      () => {
        if (typed.leave) onEnd({ kind: 'left' });
        else stdin.resume();
      },
      (failure: unknown) => {
        onEnd({ kind: 'failed', failure });
      },
    );
  };
  stdin.on('data', take);
  return () => {
    stdin.off('data', take);
    stdin.pause();
  };
}

/** Looks at what is typed for the escapes alone. */
function watchForEscape(onEnd: (end: End) => void): () => void {
  const { stdin } = process;
  const escape = createEscape();
  const take = (bytes: Buffer): void => {
    if (escape(bytes).leave) onEnd({ kind: 'left' });
  };
  stdin.on('data', take);
  return () => {
    stdin.off('data', take);
    stdin.pause();
  };
}

/** Prints the output of the consoles of this connection; what comes before the number is known waits for it. */
function printOutput({ client }: Session): (number: number) => void {
  let wanted: number | null = null;
  const early: { readonly console: number; readonly data: string }[] = [];
  const print = (data: string): void => {
    if (process.stdout.write(Buffer.from(data, 'base64'))) return;
    client.pause();
    process.stdout.once('drain', () => {
      client.resume();
    });
  };
  client.on('console.data', (said) => {
    if (wanted === null) early.push(said);
    else if (said.console === wanted) print(said.data);
  });
  return (number) => {
    wanted = number;
    for (const said of early.splice(0)) if (said.console === number) print(said.data);
  };
}

/** Opens a console, and stays until its end. */
async function attach(
  session: Session,
  open: () => Promise<Methods['console.open']['result']>,
  write: boolean,
): Promise<End> {
  const { client, terminal } = session;
  const isTerminal = process.stdin.isTTY;
  let onEnd: (end: End) => void = () => undefined;
  const ended = new Promise<End>((resolve) => {
    onEnd = resolve;
  });
  const begin = printOutput(session);
  let number = -1;
  client.on('console.closed', (closed) => {
    if (closed.console === number || number === -1) onEnd({ kind: 'closed', why: closed.why });
  });
  void client.ended.then((why) => {
    onEnd({ kind: 'lost', why });
  });
  const opened = await open();
  number = opened.console;
  const onSignal = (): void => {
    onEnd({ kind: 'left' });
  };
  for (const signal of signals) process.on(signal, onSignal);
  const restore = takeTerminal(isTerminal);
  let stop = (): void => undefined;
  try {
    const port = opened.com === 1 ? '' : ` (com${String(opened.com)})`;
    if (isTerminal) {
      const how = write ? '' : ', read only';
      terminal.err(`Connected to domain '${printable(opened.name)}'${port}${how}\n`);
      terminal.err('Escape character is ^] (Ctrl + ])\n');
    }
    begin(number);
    if (write) stop = forwardInput(session, number, isTerminal, onEnd);
    else if (isTerminal) stop = watchForEscape(onEnd);
    return await ended;
  } finally {
    stop();
    restore();
    for (const signal of signals) process.off(signal, onSignal);
    if (isTerminal) terminal.err('\n');
    // Nothing else is to be read, and the program is to end.
    process.stdin.destroy();
  }
}

/** Says how it ended. It went well if the person left, or the guest powered off. */
async function report(session: Session, domain: string, end: End): Promise<ExitStatus> {
  const { client, terminal } = session;
  if (end.kind === 'left') return exitStatus.done;
  if (end.kind === 'failed') {
    await explainFailure(session, domain, end.failure);
    return exitStatus.mistakes;
  }
  if (end.kind === 'lost') {
    terminal.err(`bhyvec: ${printable(end.why)}\n`);
    return exitStatus.mistakes;
  }
  const view = await client.call('domain.info', { domain });
  const message = view.message === null ? '' : `: ${view.message}`;
  terminal.err(`bhyvec: the console was closed: ${printable(end.why + message)}\n`);
  return view.state === 'shut off' && view.message === null ? exitStatus.done : exitStatus.mistakes;
}

async function attachAndReport(
  session: Session,
  domain: string,
  open: () => Promise<Methods['console.open']['result']>,
  write: boolean,
): Promise<ExitStatus> {
  try {
    return await report(session, domain, await attach(session, open, write));
  } catch (failure) {
    await explainFailure(session, domain, failure);
    return exitStatus.mistakes;
  }
}

/** The number of a port such as `com2`; null where the first is meant. */
function portOf(device: string | undefined): number | null {
  if (device === undefined) return null;
  if (/^com[1-4]$/.test(device)) return Number(device.slice(3));
  throw new UsageError(`there is no port '${device}'; there are com1, com2, com3 and com4`);
}

/** Runs `bhyvec console`. */
export async function runConsole(
  domain: string,
  device: string | undefined,
  flags: ConsoleFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  const write = flags.readOnly !== true;
  const params: OpenParams = { domain, com: portOf(device), write, force: flags.force ?? false, replayBytes };
  return await withSession(flags, terminal, (session) =>
    attachAndReport(session, domain, () => session.client.call('console.open', params), write),
  );
}

/** `bhyvec start --console`: attaches as soon as the start has come so far that there is a console. */
export async function startWithConsole(session: Session, domain: string): Promise<ExitStatus> {
  const { client } = session;
  const params: OpenParams = { domain, com: null, write: true, force: false, replayBytes };
  const open = async (): Promise<Methods['console.open']['result']> => {
    await client.call('domain.start', { domain, wait: false });
    for (;;) {
      try {
        return await client.call('console.open', params);
      } catch (error) {
        if (!(error instanceof CallFailure) || error.error.code !== errorCodes.console) throw error;
        const view = await client.call('domain.info', { domain });
        if (!states[view.state] && view.message !== null) {
          throw new CallFailure({ code: errorCodes['start failed'], message: view.message });
        }
        // As long as it starts its consoles are about to be there; the user can end the wait.
        if (view.state === 'running' || !states[view.state]) throw error;
        await wait(100);
      }
    }
  };
  return await attachAndReport(session, domain, open, true);
}
