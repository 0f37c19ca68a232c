/**
 * The table of protocol.ts once more, as values: what each parameter, result and notification has to look like. The
 * mapped types tie the two together, so that neither can have what the other lacks.
 */
import type { GuestView, Notice } from './vocabulary.ts';
import { isObject } from '../text/json.ts';
import type { Method, Methods, Notifications } from './protocol.ts';
import {
  anything,
  base64,
  flag,
  integer,
  keyOf,
  listOf,
  nullable,
  number,
  numberOrText,
  oneOf,
  recordOf,
  shape,
  text,
  whole,
  type Check,
  type Members,
} from './wire-types.ts';

/** A name, a UUID or an id: file names have at most 255 bytes. */
const domain = text(255, 1);
/** Results come from the supervisor that we trust: their texts have no limit of their own. */
const words = text(Number.MAX_SAFE_INTEGER);
/** A domain XML: as much as the compiler takes. */
const xml = text(4 * 1024 * 1024, 1);
const day = 86_400;

/** The parameters of each method; all of them are required. */
export const parameters: { readonly [M in Method]: Members<Methods[M]['params']> } = {
  'supervisor.hello': { client: text(200) },
  'supervisor.close': { limitSeconds: whole(0, day), exit: flag },
  'supervisor.exit': {},
  'supervisor.metrics': {},
  'domain.list': {},
  'domain.info': { domain },
  'domain.stats': { domains: listOf(domain, 10_000, 'a list of domains') },
  'domain.xml': { domain, inactive: flag, secrets: flag },
  'domain.define': { xml, name: text(4096, 1) },
  'domain.undefine': { domain, nvram: nullable(oneOf(['keep', 'remove'])) },
  'domain.autostart': { domain, enable: flag, order: whole(0, 65_535), delaySeconds: whole(0, day) },
  'domain.start': { domain, wait: flag },
  'domain.shutdown': { domain, wait: flag },
  'domain.reboot': { domain, wait: flag, cold: flag },
  'domain.reset': { domain },
  'domain.destroy': { domain },
  'event.subscribe': { domain: nullable(domain) },
  'event.unsubscribe': {},
  'console.open': {
    domain,
    com: nullable(whole(1, 4)),
    write: flag,
    force: flag,
    replayBytes: whole(0, 16 * 1024 * 1024),
  },
  'console.write': { console: integer, data: base64(1_398_104) },
  'console.close': { console: integer },
};

/** The states of a domain; the mapped type sees to it that none is missing. True where the domain counts as active. */
export const states: { readonly [S in GuestView['state']]: boolean } = {
  running: true,
  starting: true,
  'in shutdown': true,
  restarting: true,
  'shut off': false,
  crashed: false,
  preserved: false,
  stuck: true,
};

const guestView: Check<GuestView> = shape({
  name: words,
  uuid: words,
  title: nullable(words),
  id: nullable(integer),
  state: keyOf(states),
  reason: words,
  message: nullable(words),
  persistent: flag,
  autostart: flag,
  autostartOrder: nullable(number),
  autostartDelaySeconds: nullable(number),
  memoryMib: number,
  vcpus: number,
  since: nullable(number),
  changedSinceStart: flag,
  onPoweroff: words,
  onReboot: words,
  onCrash: words,
  startAfter: listOf(words, 1_000_000, 'a list of names'),
  starts: number,
  restartAt: nullable(number),
});

const named = { name: words };
const many = 1_000_000;

/** The result of each method; there may be more in it. */
export const results: { readonly [M in Method]: Check<Methods[M]['result']> } = {
  'supervisor.hello': shape({ protocol: integer, version: words, pid: integer, since: number }),
  'supervisor.close': shape({ stopped: number }),
  'supervisor.exit': shape({}),
  'supervisor.metrics': shape({ text: words }),
  'domain.list': shape({ domains: listOf(guestView, many, 'a list of domains') }),
  'domain.info': guestView,
  'domain.stats': shape({
    domains: listOf(
      shape({ name: words, statistics: recordOf(numberOrText, 'numbers and texts by name') }),
      many,
      'a list of `{name, statistics}`',
    ),
  }),
  'domain.xml': shape({ xml: words }),
  'domain.define': shape({
    ...named,
    uuid: words,
    created: flag,
    changedSinceStart: flag,
    diagnostics: listOf(anything, many, 'a list of diagnostics'),
  }),
  'domain.undefine': shape({ ...named, transient: flag }),
  'domain.autostart': shape(named),
  'domain.start': shape({ ...named, id: nullable(integer) }),
  'domain.shutdown': shape({ ...named, means: nullable(words) }),
  'domain.reboot': shape({ ...named, id: nullable(integer) }),
  'domain.reset': shape(named),
  'domain.destroy': shape({ ...named, means: nullable(words) }),
  'event.subscribe': shape({}),
  'event.unsubscribe': shape({}),
  'console.open': shape({ console: integer, ...named, com: integer }),
  'console.write': shape({ bytes: integer }),
  'console.close': shape({}),
};

/** The events of {@link Notice}; the mapped type sees to it that none is missing. */
const eventNames: { readonly [E in Notice['event']]: string } = {
  defined: 'a definition was added or changed',
  undefined: 'a definition is gone',
  starting: 'a start was asked for or is due',
  started: 'bhyve has set up its devices, and the guest runs',
  reboot: 'the guest restarts',
  shutdown: 'the guest was asked to power off',
  stopped: 'the guest has ended',
  crashed: 'the guest has ended by a fault',
  preserved: 'the guest has ended and is kept for inspection',
  adopted: 'a new supervisor has found the running guest',
  cleaned: 'what the guest left on the host is gone',
  waiting: 'a restart is due later',
};

/** The events, with what each means. */
export const events: readonly { readonly name: string; readonly meaning: string }[] = Object.entries(eventNames).map(
  ([name, meaning]) => ({ name, meaning }),
);

/** What the supervisor sends without being asked. */
export const notifications: { readonly [N in keyof Notifications]: Members<Notifications[N]> } = {
  event: {
    sequence: integer,
    at: number,
    guest: words,
    uuid: words,
    event: keyOf(eventNames),
    detail: words,
    cause: nullable(words),
    code: nullable(integer),
    signal: nullable(integer),
  },
  'console.data': { console: integer, data: words },
  'console.closed': { console: integer, why: words },
};

/** Whether a word is the name of a method. */
export function isMethod(name: string): name is Method {
  return Object.hasOwn(parameters, name);
}

/** Whether a word is the name of a notification. */
export function isNotification(name: string): name is keyof Notifications {
  return Object.hasOwn(notifications, name);
}

/** Whether a value is what a notification carries. */
export function carries<N extends keyof Notifications>(name: N, value: unknown): value is Notifications[N] {
  const members: Readonly<Record<string, Check<unknown>>> = notifications[name];
  return isObject(value) && Object.entries(members).every(([key, check]) => check.accepts(value[key]));
}
