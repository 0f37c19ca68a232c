/** Who watches: subscribers of events, readers of consoles, statistics and metrics, as the service passes them on. */
import type { Guest } from '../machine/state.ts';
import { failure, type Session, type Statistics } from '../../control/protocol.ts';
import type { Consoles } from '../../consoles/contract.ts';
import type { EventLog } from './event-log-contract.ts';

/** What watches the guests. */
export interface ObserversOptions {
  readonly consoles: Consoles | null;
  readonly events: EventLog;
  readonly statistics: (
    guests: readonly Guest[],
  ) => Promise<readonly { readonly name: string; readonly statistics: Statistics }[]>;
  readonly metrics: () => Promise<string>;
}

/** How a console is to be opened. */
export interface ConsoleWish {
  readonly com: number | null;
  readonly write: boolean;
  readonly force: boolean;
  readonly replayBytes: number;
}

/** The part of the service that watches. */
export interface Observers extends Pick<ObserversOptions, 'statistics' | 'metrics'> {
  subscribe(guest: string | null, session: Session): void;
  unsubscribe(session: Session): void;
  openConsole(
    guest: string,
    wish: ConsoleWish,
    session: Session,
  ): { readonly console: number; readonly name: string; readonly com: number };
  writeConsole(console: number, bytes: Uint8Array, session: Session): number;
  closeConsole(console: number, session: Session): void;
}

/** Makes it. */
export function createObservers({ consoles, events, statistics, metrics }: ObserversOptions): Observers {
  const subscriptions = new Map<Session, () => void>();
  const open = new Map<Session, Set<number>>();

  function unsubscribe(session: Session): void {
    subscriptions.get(session)?.();
    subscriptions.delete(session);
  }

  /** The consoles of a session, which are closed with it. */
  function consolesOf(session: Session): Set<number> {
    const known = open.get(session);
    if (known !== undefined) return known;
    const fresh = new Set<number>();
    open.set(session, fresh);
    session.onClose(() => {
      for (const handle of fresh) consoles?.close(handle);
      open.delete(session);
    });
    return fresh;
  }

  return {
    statistics,
    metrics,
    subscribe(guest, session) {
      const isKnown = subscriptions.has(session);
      unsubscribe(session);
      const end = events.subscribe({ domain: guest, events: null }, (event) => {
        session.notify('event', event);
      });
      subscriptions.set(session, end);
      if (isKnown) return;
      session.onClose(() => {
        unsubscribe(session);
      });
    },
    unsubscribe,
    openConsole(guest, wish, session) {
      if (consoles === null) throw failure('console', 'this supervisor keeps no consoles');
      const state = { handle: -1 };
      const opened = consoles.open({
        guest,
        ...wish,
        onData: (bytes) => {
          session.notify('console.data', { console: state.handle, data: Buffer.from(bytes).toString('base64') });
          return undefined;
        },
        onClosed: (why) => {
          open.get(session)?.delete(state.handle);
          session.notify('console.closed', { console: state.handle, why });
        },
      });
      if (!opened.ok) throw failure('console', opened.message);
      state.handle = opened.handle;
      consolesOf(session).add(opened.handle);
      return { console: opened.handle, name: guest, com: opened.com };
    },
    writeConsole(handle, bytes, session) {
      if (consoles === null || open.get(session)?.has(handle) !== true) {
        throw failure('console', `console ${String(handle)} is not open`);
      }
      const written = consoles.write(handle, bytes);
      if (!written.ok) throw failure('console', written.message);
      return written.bytes;
    },
    closeConsole(handle, session) {
      if (open.get(session)?.delete(handle) === true) consoles?.close(handle);
    },
  };
}
