/** `bhyvec event`: what happens to domains, a line each, as virsh event prints it. */
import type { Notifications } from '../../control/wire-table.ts';
import { events } from '../../control/vocabulary.ts';
import { jsonLine } from '../../diagnostics/json.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { padEnd, printable } from '../../diagnostics/printable.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { explainFailure, withSession, type DomainFlags } from './session.ts';

/** Options of `bhyvec event`. */
export interface EventFlags extends DomainFlags {
  readonly domain?: string;
  readonly event?: string;
  readonly all?: boolean;
  readonly loop?: boolean;
  readonly timeout?: number;
  readonly timestamp?: boolean;
  readonly list?: boolean;
}

type EventNotice = Notifications['event'];

/** libvirt has an event of its own for this one; all others are of the kind `lifecycle`. */
function kindOf(notice: EventNotice): string {
  return notice.event === 'reboot' ? 'reboot' : 'lifecycle';
}

/** A time as virsh prints it, in UTC. */
function timeOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '')}+0000`;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** One notice as a line. */
export function eventLine(notice: EventNotice, withTime: boolean): string {
  const { event, detail, cause, code, signal } = notice;
  const kind = kindOf(notice);
  const what = [kind === 'reboot' ? '' : capital(event), capital(detail)].filter((text) => text !== '').join(' ');
  const more = [
    code === null ? null : `exit status ${String(code)}`,
    signal === null ? null : `signal ${String(signal)}`,
    cause,
  ].filter((text) => text !== null);
  const line = `event '${kind}' for domain '${notice.guest}'${what === '' ? '' : `: ${what}`}`;
  const why = more.length === 0 ? '' : ` (${more.join(', ')})`;
  return `${withTime ? `${timeOf(notice.at)}: ` : ''}${printable(line + why)}\n`;
}

function checkName(name: string | undefined): void {
  const names = ['lifecycle', ...Object.keys(events)];
  if (name === undefined || names.includes(name)) return;
  const near = nearest(name, names);
  const hint = near === null ? "'bhyvec event --list' shows all" : `did you mean '${near}'?`;
  throw new UsageError(`there is no event '${name}'; ${hint}`);
}

/** How a wait for events came to its end. */
type End = 'events' | 'timeout' | 'interrupt' | 'lost';

const endWords: Readonly<Record<End, string>> = {
  events: '',
  timeout: 'event loop timed out\n',
  interrupt: 'event loop interrupted\n',
  lost: '',
};

/** Runs `bhyvec event`. */
export async function runEvent(flags: EventFlags, terminal: Terminal): Promise<ExitStatus> {
  if (flags.list === true) {
    const width = Math.max(...Object.keys(events).map((name) => name.length));
    await terminal.out(
      Object.entries(events)
        .map(([name, meaning]) => `${padEnd(name, width)}  ${meaning}\n`)
        .join(''),
    );
    return exitStatus.done;
  }
  checkName(flags.event);
  return await withSession(flags, terminal, async (session) => {
    const { client, isJson } = session;
    let count = 0;
    let printing: Promise<void> = Promise.resolve();
    const isWanted = (notice: EventNotice): boolean =>
      flags.event === undefined || flags.event === notice.event || flags.event === kindOf(notice);
    const happened = new Promise<End>((resolve) => {
      client.on('event', (notice) => {
        if (!isWanted(notice) || (flags.loop !== true && count > 0)) return;
        count += 1;
        const line = isJson ? `${jsonLine(notice)}\n` : eventLine(notice, flags.timestamp ?? false);
        printing = printing.then(() => terminal.out(line));
        if (flags.loop !== true) resolve('events');
      });
    });
    try {
      await client.call('event.subscribe', { domain: flags.domain ?? null });
    } catch (failure) {
      await explainFailure(session, flags.domain ?? '', failure);
      return exitStatus.mistakes;
    }
    const end = await endOf(happened, client.ended, flags.timeout);
    await printing;
    if (end === 'lost') {
      terminal.err(`bhyvec: ${await client.ended}\n`);
      return exitStatus.mistakes;
    }
    if (!isJson) await terminal.out(`${endWords[end]}events received: ${String(count)}\n`);
    return count > 0 || end === 'interrupt' ? exitStatus.done : exitStatus.mistakes;
  });
}

/** Waits for the first of what can end the wait. */
async function endOf(happened: Promise<End>, lost: Promise<string>, timeout: number | undefined): Promise<End> {
  const ends: (() => void)[] = [];
  try {
    return await new Promise<End>((resolve) => {
      void happened.then(resolve);
      void lost.then(() => {
        resolve('lost');
      });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        const onSignal = (): void => {
          resolve('interrupt');
        };
        process.on(signal, onSignal);
        ends.push(() => process.off(signal, onSignal));
      }
      if (timeout === undefined) return;
      // A timer of Node is at most 2^31 - 1 milliseconds long.
      const timer = setTimeout(
        () => {
          resolve('timeout');
        },
        Math.min(timeout * 1000, 2_147_483_647),
      );
      ends.push(() => {
        clearTimeout(timer);
      });
    });
  } finally {
    for (const end of ends) end();
  }
}
