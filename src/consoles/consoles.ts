/** The consoles of all guests. The contract says what it promises. */
import type { GuestConsole } from '../ir/plan.ts';
import { createLine, type Line } from './line.ts';
import type { Reader } from './reader.ts';
import type { Consoles, ConsolesOptions, ConsoleView } from './contract.ts';

/** Makes the consoles; none is open. */
export function createConsoles(options: ConsolesOptions): Consoles {
  const guests = new Map<string, readonly Line[]>();
  const attached = new Map<number, { readonly line: Line; readonly reader: Reader }>();
  /** `expect` and `forget` of one guest follow each other, so that a log has one writer. */
  const turns = new Map<string, Promise<void>>();
  let lastHandle = 0;
  let isOver = false;

  function inTurn(guest: string, act: () => Promise<void>): Promise<void> {
    const turn = (turns.get(guest) ?? Promise.resolve()).then(act).finally(() => {
      if (turns.get(guest) === turn) turns.delete(guest);
    });
    turns.set(guest, turn);
    return turn;
  }

  async function expectNow(guest: string, consoles: readonly GuestConsole[]): Promise<void> {
    const before = guests.get(guest) ?? [];
    const lines = consoles.map(({ com }) => before.find((line) => line.com === com) ?? createLine(guest, com, options));
    guests.set(guest, lines);
    const ending = before.filter((line) => !lines.includes(line));
    const using = lines.map(async (line) => {
      const console = consoles.find(({ com }) => com === line.com);
      if (console !== undefined) await line.use(console);
    });
    await Promise.all([...using, endAll(ending, 'the guest has no such console any more')]);
  }

  async function forgetNow(guest: string, why: string): Promise<void> {
    const lines = guests.get(guest) ?? [];
    guests.delete(guest);
    await endAll(lines, why);
  }

  async function endAll(lines: readonly Line[], why: string): Promise<void> {
    for (const [handle, { line }] of attached) if (lines.includes(line)) attached.delete(handle);
    await Promise.all(lines.map((line) => line.end(why)));
  }

  return {
    expect: (guest, consoles) => (isOver ? Promise.resolve() : inTurn(guest, () => expectNow(guest, consoles))),
    forget: (guest, why = 'the guest is off') => inTurn(guest, () => forgetNow(guest, why)),
    open(request) {
      const { guest, com } = request;
      const lines = guests.get(guest) ?? [];
      const line = com === null ? lines[0] : lines.find((candidate) => candidate.com === com);
      if (line === undefined) return { ok: false, message: missing(guest, com, lines) };
      const handle = lastHandle + 1;
      const closed = (why: string): void => {
        attached.delete(handle);
        request.onClosed(why);
      };
      const reader = line.attach(handle, { ...request, onClosed: closed });
      if (reader === null) {
        const message = `another session writes to com${String(line.com)} of ${guest}: use force to take it over`;
        return { ok: false, message };
      }
      lastHandle = handle;
      attached.set(handle, { line, reader });
      return { ok: true, handle, com: line.com };
    },
    write(handle, bytes) {
      const found = attached.get(handle);
      return found === undefined
        ? { ok: false, message: 'this console is closed' }
        : found.line.write(found.reader, bytes);
    },
    ready: (handle) => attached.get(handle)?.reader.ready(),
    close(handle) {
      const found = attached.get(handle);
      if (found === undefined) return;
      attached.delete(handle);
      found.line.detach(found.reader);
      found.reader.close(null);
    },
    views: (): readonly ConsoleView[] => [...guests.values()].flatMap((lines) => lines.map((line) => line.view())),
    async end() {
      isOver = true;
      const names = new Set([...guests.keys(), ...turns.keys()]);
      await Promise.all([...names].map((guest) => inTurn(guest, () => forgetNow(guest, 'the supervisor ends'))));
    },
  };
}

function missing(guest: string, com: number | null, lines: readonly Line[]): string {
  if (lines.length === 0) return `${guest} has no console that is open: it does not run, or has no <serial>`;
  const known = lines.map((line) => `com${String(line.com)}`).join(', ');
  return `${guest} has no com${String(com)}: it has ${known}`;
}
