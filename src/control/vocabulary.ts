/** What people and programs are told of guests: the words of the protocol, of the log of events and of lists. */
import { flag, integer, list, number, oneOf, orNull, text, type ObjectOf } from '../text/shape.ts';

/** The states of a domain in virsh's words, and the few that libvirt has none for; true where it counts as active. */
export const states = {
  running: true,
  starting: true,
  'in shutdown': true,
  restarting: true,
  'shut off': false,
  crashed: false,
  preserved: false,
  stuck: true,
} as const;

export type DomainState = keyof typeof states;

/** The events, with what each means; the words are those of virsh event. */
export const events = {
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
} as const;

/** The names in a table. */
export function namesOf<T extends string>(table: Readonly<Record<T, unknown>>): readonly T[] {
  return Object.keys(table).filter((name): name is T => Object.hasOwn(table, name));
}

/** The fields of one guest as `list` and `dominfo` show it. Texts of the supervisor, which is trusted, have no limit. */
export const guestFields = {
  name: text('its name'),
  uuid: text('its UUID'),
  title: orNull(text('its title; null where the XML has none')),
  id: orNull(integer('process number of bhyve, as libvirt numbers bhyve domains; null where it does not run')),
  state: oneOf("in virsh's words", namesOf(states)),
  reason: text('how it came to this state'),
  message: orNull(text('more about it, such as why a start failed')),
  persistent: flag('whether its definition outlives it'),
  autostart: flag('whether it is started with the host'),
  autostartOrder: orNull(number('smaller ones are started first')),
  autostartDelaySeconds: orNull(number('seconds before its start')),
  memoryMib: number('MiB of memory'),
  vcpus: number('number of virtual CPUs'),
  since: orNull(number('since when bhyve runs, in milliseconds since 1970; null where it does not')),
  changedSinceStart: flag('whether it runs with an older definition than the one that was given last'),
  onPoweroff: text('what follows when it powers off'),
  onReboot: text('what follows when it is reset'),
  onCrash: text('what follows when it crashes'),
  startAfter: list('guests that have to start before it', text('the name of one')),
  starts: number('how often it was started'),
  restartAt: orNull(number('when the next restart is due, in milliseconds since 1970')),
};

/** One guest. */
export type GuestView = ObjectOf<typeof guestFields>;

/** The fields of what is told to the world, one for each transition. */
export const noticeFields = {
  at: number('when, in milliseconds since 1970'),
  guest: text('name of the guest'),
  uuid: text('its UUID'),
  event: oneOf('what has happened', namesOf(events)),
  detail: text('more about it, in a word of libvirt where it has one'),
  cause: orNull(text('what led to it')),
  code: orNull(integer("bhyve's exit code, where it has ended by one")),
  signal: orNull(integer('the signal that ended bhyve')),
};

/** What is told to the world. */
export type Notice = ObjectOf<typeof noticeFields>;

/** Why a request is refused, as a stable word; the numbers of the protocol follow from it. */
export type RefusalKind =
  | 'no such domain'
  | 'already running'
  | 'not running'
  | 'busy'
  | 'closing'
  | 'conflict'
  | 'nvram'
  | 'start failed'
  | 'not done'
  | 'expired';
