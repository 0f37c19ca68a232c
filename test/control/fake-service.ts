/** A supervisor without guests: keeps domains in memory and behaves as the protocol says, for tests of what is around it. */
import type { GuestView, Notice } from '../../src/control/vocabulary.ts';
import { failure, protocolVersion, type Service, type Session } from '../../src/control/protocol.ts';
import type { Notifications } from '../../src/control/wire-table.ts';
import { then, uuidOf, view } from './views.ts';

/** The service, and what a test does to it. */
export interface FakeSupervisor {
  readonly service: Service;
  /** The names of the calls so far. */
  readonly calls: string[];
  add(name: string, changes?: Partial<GuestView>): void;
  get(name: string): GuestView | undefined;
  /** Tells all subscribers. */
  tell(guest: string, event: Notice['event'], detail: string, more?: Partial<Notice>): void;
  /** The guest says something on its console. */
  say(guest: string, text: string): void;
  /** Everything that was typed into the guest's console. */
  heard(guest: string): string;
  /** Sessions that are subscribed, and consoles that are open. */
  held(): { readonly subscribers: number; readonly consoles: number };
  /** Lets the calls go on that wait for the guest. */
  finish(guest: string): void;
  /** From now on starts and shutdowns with `wait` wait for {@link finish}. */
  holdBack(): void;
}

interface Console {
  readonly number: number;
  readonly guest: string;
  readonly session: Session;
  writes: boolean;
}

/** A new one, without domains. */
export function createFakeSupervisor(): FakeSupervisor {
  const domains = new Map<string, GuestView>();
  const texts = new Map<string, string>();
  const subscribers = new Map<Session, string | null>();
  const consoles = new Map<number, Console>();
  const said = new Map<string, string>();
  const heard = new Map<string, string>();
  const held = new Map<string, (() => void)[]>();
  const calls: string[] = [];
  let sequence = 0;
  let lastConsole = 0;
  let lastId = 4000;
  let isHeldBack = false;

  const find = (word: string): GuestView => {
    for (const one of domains.values()) if ([one.name, one.uuid, String(one.id)].includes(word)) return one;
    throw failure('no such domain', `there is no domain '${word}'`);
  };
  const change = (name: string, changes: Partial<GuestView>): GuestView => {
    const changed = { ...find(name), ...changes };
    domains.set(name, changed);
    return changed;
  };
  const patience = async (name: string, wait: boolean): Promise<void> => {
    if (!wait || !isHeldBack) return;
    await new Promise<void>((resolve) => held.set(name, [...(held.get(name) ?? []), resolve]));
  };
  const tell: FakeSupervisor['tell'] = (guest, event, detail, more = {}) => {
    sequence += 1;
    const base = { at: then, guest, uuid: uuidOf(guest), event, detail, cause: null, code: null, signal: null };
    const notice: Notifications['event'] = { sequence, ...base, ...more };
    for (const [session, only] of subscribers) if (only === null || only === guest) session.notify('event', notice);
  };
  const running = (word: string): GuestView => {
    const one = find(word);
    if (one.state !== 'running') throw failure('not running', `domain '${one.name}' is not running; start it first`);
    return one;
  };
  const stop = (name: string, reason: string): void => {
    change(name, { state: 'shut off', reason, id: null, since: null });
    tell(name, 'stopped', reason === 'destroyed' ? 'Destroyed' : 'Shutdown', { code: 1 });
  };
  const start = (name: string): GuestView => {
    lastId += 1;
    const changed = change(name, { state: 'running', reason: 'booted', id: lastId, since: then });
    tell(name, 'started', 'Booted');
    return changed;
  };
  const closeConsole = (number: number, why: string | null): void => {
    const one = consoles.get(number);
    consoles.delete(number);
    if (one !== undefined && why !== null) one.session.notify('console.closed', { console: number, why });
  };
  const say = (guest: string, text: string): void => {
    said.set(guest, (said.get(guest) ?? '') + text);
    const data = Buffer.from(text).toString('base64');
    for (const one of consoles.values()) {
      if (one.guest === guest) one.session.notify('console.data', { console: one.number, data });
    }
  };

  // Each method may refuse by throwing, which is a rejected promise only if the function is async.
  const later = async <T>(work: () => T): Promise<T> => {
    await Promise.resolve();
    return work();
  };

  const service: Service = {
    'supervisor.hello': () => later(() => ({ protocol: protocolVersion, version: '0.0.0', pid: 1, since: then })),
    'supervisor.close': () =>
      later(() => {
        const all = [...domains.values()].filter((one) => one.state === 'running');
        for (const { name } of all) stop(name, 'shutdown');
        return { stopped: all.length };
      }),
    'supervisor.exit': () => later(() => ({})),
    'supervisor.metrics': () => later(() => ({ text: `bhyvec_guests{state="running"} ${String(domains.size)}\n` })),
    'domain.list': () =>
      later(() => ({ domains: [...domains.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)) })),
    'domain.info': ({ domain }) => later(() => find(domain)),
    'domain.stats': ({ domains: wanted }) =>
      later(() => {
        const chosen = wanted.length === 0 ? [...domains.values()] : wanted.map(find);
        return {
          domains: chosen.map(({ name, state }) => ({
            name,
            statistics: { 'state.state': state === 'running' ? 1 : 5, 'net.0.name': 'tap-web' },
          })),
        };
      }),
    'domain.xml': ({ domain, secrets }) =>
      later(() => {
        const { name } = find(domain);
        const xml = texts.get(name) ?? `<domain type='bhyve'><name>${name}</name><graphics passwd='x'/></domain>\n`;
        return { xml: secrets ? xml : xml.replace(" passwd='x'", '') };
      }),
    'domain.define': ({ xml, name: file }) =>
      later(() => {
        const name = /<name>([^<]*)<\/name>/.exec(xml)?.[1];
        if (name === undefined || name === '') {
          const message = 'the domain has no name';
          throw failure('bad definition', `${file} has 1 error`, [
            {
              code: 'BV0201',
              name: 'missing-element',
              severity: 'error',
              message,
              file,
              line: 1,
              column: 2,
              help: null,
            },
          ]);
        }
        const created = !domains.has(name);
        if (created) domains.set(name, view(name));
        texts.set(name, xml);
        tell(name, 'defined', created ? 'Added' : 'Updated');
        const changedSinceStart = find(name).state === 'running';
        return { name, uuid: uuidOf(name), created, changedSinceStart, diagnostics: [] };
      }),
    'domain.undefine': ({ domain, nvram }) =>
      later(() => {
        const { name, state } = find(domain);
        if (name === 'uefi' && nvram === null) {
          throw failure('nvram', `domain '${name}' has a variable store: say whether to keep it`);
        }
        if (state !== 'running') domains.delete(name);
        tell(name, 'undefined', 'Removed');
        return { name, transient: state === 'running' };
      }),
    'domain.autostart': ({ domain, enable, order, delaySeconds }) =>
      later(() => {
        const { name } = find(domain);
        change(name, {
          autostart: enable,
          autostartOrder: enable ? order : null,
          autostartDelaySeconds: enable ? delaySeconds : null,
        });
        return { name };
      }),
    'domain.start': async ({ domain, wait }) => {
      const { name, state } = find(domain);
      if (state === 'running') throw failure('already running', `domain '${name}' is already running`);
      if (name === 'broken') throw failure('start failed', `domain '${name}' did not start: no disk`);
      await patience(name, wait);
      const { id } = start(name);
      return { name, id };
    },
    'domain.shutdown': async ({ domain, wait }) => {
      const { name } = running(domain);
      tell(name, 'shutdown', 'Requested');
      await patience(name, wait);
      if (wait) stop(name, 'shutdown');
      return { name, means: wait ? 'press' : null };
    },
    'domain.reboot': async ({ domain, wait }) => {
      const { name, id } = running(domain);
      await patience(name, wait);
      tell(name, 'reboot', 'Requested');
      return { name, id };
    },
    'domain.reset': ({ domain }) => later(() => ({ name: running(domain).name })),
    'domain.destroy': ({ domain }) =>
      later(() => {
        const { name } = running(domain);
        stop(name, 'destroyed');
        return { name, means: 'kill' };
      }),
    'event.subscribe': ({ domain }, session) =>
      later(() => {
        subscribers.set(session, domain === null ? null : find(domain).name);
        session.onClose(() => subscribers.delete(session));
        return {};
      }),
    'event.unsubscribe': (_params, session) =>
      later(() => {
        subscribers.delete(session);
        return {};
      }),
    'console.open': ({ domain, com, write, force, replayBytes }, session) =>
      later(() => {
        const { name } = find(domain);
        if (com !== null && com > 1) throw failure('console', `domain '${name}' has no com${String(com)}`);
        const writer = [...consoles.values()].find((one) => one.guest === name && one.writes);
        if (write && writer !== undefined && !force) {
          throw failure('console', `the console of '${name}' is in use; --force takes it over, --read-only looks on`);
        }
        if (write && writer !== undefined) closeConsole(writer.number, 'another client has taken the console over');
        lastConsole += 1;
        const number = lastConsole;
        consoles.set(number, { number, guest: name, session, writes: write });
        session.onClose(() => {
          closeConsole(number, null);
        });
        const early = replayBytes === 0 ? '' : (said.get(name) ?? '').slice(-replayBytes);
        if (early !== '')
          session.notify('console.data', { console: number, data: Buffer.from(early).toString('base64') });
        return { console: number, name, com: 1 };
      }),
    'console.write': ({ console: number, data }) =>
      later(() => {
        const one = consoles.get(number);
        if (one?.writes !== true) throw failure('console', 'this console is not open for writing');
        const bytes = Buffer.from(data, 'base64');
        heard.set(one.guest, (heard.get(one.guest) ?? '') + bytes.toString());
        // The line discipline of the guest echoes.
        say(one.guest, bytes.toString());
        return { bytes: bytes.length };
      }),
    'console.close': ({ console: number }) =>
      later(() => {
        closeConsole(number, null);
        return {};
      }),
  };

  return {
    service: counted(service, calls),
    calls,
    add: (name, changes) => void domains.set(name, view(name, changes)),
    get: (name) => domains.get(name),
    tell,
    say,
    heard: (guest) => heard.get(guest) ?? '',
    held: () => ({ subscribers: subscribers.size, consoles: consoles.size }),
    finish(guest) {
      for (const go of held.get(guest) ?? []) go();
      held.delete(guest);
    },
    holdBack() {
      isHeldBack = true;
    },
  };
}

/** The same service, which notes what is called. */
function counted(service: Service, calls: string[]): Service {
  return new Proxy(service, {
    get(target, method, receiver) {
      if (typeof method === 'string') calls.push(method);
      return Reflect.get(target, method, receiver) as unknown;
    },
  });
}
