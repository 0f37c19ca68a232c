/**
 * The methods and notifications of the protocol: what each takes and gives. The types that both sides share, the checks of what
 * comes over the socket, `schemas/protocol.schema.json` and the tables of docs/protocol.md follow from it.
 */
import {
  accepts,
  anyObject,
  base64,
  flag,
  integer,
  list,
  number,
  numberOrText,
  oneOf,
  openObject,
  orNull,
  record,
  text,
  whole,
  type Fields,
  type ObjectOf,
} from '../text/shape.ts';
import { largestDocument } from '../text/limits.ts';
import { guestFields, noticeFields } from './vocabulary.ts';

/** Parameters and result of a method. All parameters are required; in a result there may be more. */
interface MethodShape<P extends Fields, R extends Fields> {
  readonly description: string;
  readonly params: P;
  readonly result: R;
}

function method<const P extends Fields, const R extends Fields>(
  description: string,
  params: P,
  result: R,
): MethodShape<P, R> {
  return { description, params, result };
}

/** A name, a UUID or an id: file names have at most 255 bytes. */
const domain = text('a name, a UUID, or the id (process number) of a running domain', {
  least: 1,
  most: 255,
  words: 'a text, not empty',
});
const wait = flag('whether the answer comes when it is done, or when it is accepted');
const id = orNull(integer('process number of bhyve; null where it does not run'));
const day = 86_400;
const named = { name: text('name of the domain') };
const session = integer('number of the console in this connection');

/** The methods. Times are milliseconds since 1970, sizes as the name says. */
export const methods = {
  'supervisor.hello': method(
    'the first call of a client',
    { client: text('who calls, for the log', { most: 200, words: 'a text of at most 200 characters' }) },
    {
      protocol: integer('version of the protocol'),
      version: text('version of bhyvec'),
      pid: integer('process number of the supervisor'),
      since: number('when it began, in milliseconds since 1970'),
    },
  ),
  'supervisor.close': method(
    'stops all guests in reverse order of their start',
    {
      limitSeconds: whole('seconds after which force is used', 0, day),
      exit: flag('whether the supervisor ends as well'),
    },
    { stopped: number('how many guests were stopped') },
  ),
  'supervisor.exit': method('ends the supervisor and leaves the guests running', {}, {}),
  'supervisor.metrics': method('all metrics', {}, { text: text('in the text format of Prometheus') }),
  'domain.list': method(
    'all domains',
    {},
    { domains: list('in the order of their names', openObject('one domain', guestFields)) },
  ),
  'domain.info': method('all that is known of one domain', { domain }, guestFields),
  'domain.stats': method(
    'counters of domains',
    { domains: list('of which ones; an empty list asks for all', domain, { most: 10_000 }) },
    {
      domains: list(
        'one for each',
        openObject('the counters of one domain', {
          ...named,
          statistics: record('in the names and units of virsh domstats', text('the name'), numberOrText('the value')),
        }),
      ),
    },
  ),
  'domain.xml': method(
    'the domain XML',
    {
      domain,
      inactive: flag('whether the definition of its next cold start is asked for'),
      secrets: flag('whether passwords are in it'),
    },
    { xml: text('the XML') },
  ),
  'domain.define': method(
    'adds a domain, or changes one',
    {
      xml: text('the domain XML', { least: 1, most: largestDocument, words: 'a text, not empty' }),
      name: text('name of its file, for messages', { least: 1, most: 4096, words: 'a text, not empty' }),
    },
    {
      ...named,
      uuid: text('its UUID'),
      created: flag('whether it is new'),
      changedSinceStart: flag('whether it runs, and takes the change at its next cold start'),
      diagnostics: list('warnings of the compiler', anyObject('one of them, as bhyvec check --format json prints it')),
    },
  ),
  'domain.undefine': method(
    'forgets a domain; a running one when it ends',
    { domain, nvram: orNull(oneOf('what becomes of its variable store', ['keep', 'remove'])) },
    { ...named, transient: flag('whether it still runs') },
  ),
  'domain.autostart': method(
    'whether the domain is started with the host',
    {
      domain,
      enable: flag('whether it is'),
      order: whole('smaller ones are started first', 0, 65_535),
      delaySeconds: whole('seconds before its start', 0, day),
    },
    named,
  ),
  'domain.start': method('starts a domain', { domain, wait }, { ...named, id }),
  'domain.shutdown': method(
    'presses the power button, later uses force',
    { domain, wait },
    { ...named, means: orNull(text('what was needed: none, press, force or kill; null without wait')) },
  ),
  'domain.reboot': method(
    'asks the guest to restart',
    { domain, wait, cold: flag('whether a new bhyve takes the newest definition') },
    { ...named, id },
  ),
  'domain.reset': method('resets the guest at once', { domain }, named),
  'domain.destroy': method('ends the guest at once', { domain }, { ...named, means: orNull(text('what was needed')) }),
  'event.subscribe': method('notifications named event follow, one for each event', { domain: orNull(domain) }, {}),
  'event.unsubscribe': method('no more of them', {}, {}),
  'console.open': method(
    'attaches to a serial port; notifications console.data follow',
    {
      domain,
      com: orNull(whole('number of the port; null for the first one', 1, 4)),
      write: flag('whether to type into it; one client at a time may'),
      force: flag('whether to take that from whoever has it'),
      replayBytes: whole('so many bytes of what was said before come first', 0, 16 * 1024 * 1024),
    },
    { console: session, ...named, com: integer('number of the port') },
  ),
  'console.write': method(
    'types into the guest',
    { console: session, data: base64('what to type', 1_048_578) },
    { bytes: integer('how many were taken') },
  ),
  'console.close': method('detaches', { console: session }, {}),
};

/** The name of a method. */
export type Method = keyof typeof methods;

/** Parameters and result of each method. */
export type Methods = {
  readonly [M in Method]: {
    readonly params: ObjectOf<(typeof methods)[M]['params']>;
    readonly result: ObjectOf<(typeof methods)[M]['result']>;
  };
};

/** What the supervisor sends without being asked; there may be more in it. */
export const notifications = {
  event: { sequence: integer('grows by one with each event'), ...noticeFields },
  'console.data': { console: session, data: text('base64 of what the guest has said') },
  'console.closed': { console: session, why: text('a sentence') },
};

export type Notifications = { readonly [N in keyof typeof notifications]: ObjectOf<(typeof notifications)[N]> };

/** Whether a word is the name of a method. */
export function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}

/** Whether a word is the name of a notification. */
export function isNotification(name: string): name is keyof Notifications {
  return Object.hasOwn(notifications, name);
}

/** Whether a value is what a notification carries. */
export function carries<N extends keyof Notifications>(name: N, value: unknown): value is Notifications[N] {
  return accepts(openObject('what it carries', notifications[name]), value);
}

/** Whether a value is the result of a method. */
export function isResult<M extends Method>(name: M, value: unknown): value is Methods[M]['result'] {
  return accepts(openObject('a result', methods[name].result), value);
}
