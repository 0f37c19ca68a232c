/** The metrics of the supervisor and its guests, as Prometheus text. docs/observe.md lists them. */
import type { DomainState, GuestView } from '../../control/vocabulary.ts';
import type { Statistics } from '../../control/protocol.ts';
import { expositionOf, type Family, type Sample } from './exposition.ts';
import { freshTally, type Tallies } from './tally.ts';

/** All that the metrics say. */
export interface MetricsInput {
  readonly version: string;
  /** When the supervisor began, in milliseconds since 1970. */
  readonly since: number;
  readonly guests: readonly GuestView[];
  readonly tallies: Tallies;
  /** By the name of the guest, as `domain.stats` has them. */
  readonly statistics: ReadonlyMap<string, Statistics>;
  readonly journal: { readonly bytes: number; readonly errors: number };
  /** Clients that are connected now, and all since the supervisor began. */
  readonly connections: { readonly now: number; readonly total: number };
  /** Events that could not be written to their log. */
  readonly droppedEvents: number;
  /** Consoles, as `Consoles.views` has them. */
  readonly consoles: readonly {
    readonly guest: string;
    readonly com: number;
    readonly connected: boolean;
    readonly readers: number;
    readonly bytes: number;
    readonly lostBytes: number;
  }[];
}

/** The states that are always shown, so that the one that holds now is 1 and the others are 0. */
const knownStates: readonly DomainState[] = [
  'running',
  'starting',
  'in shutdown',
  'restarting',
  'shut off',
  'crashed',
  'preserved',
];

/** The whole text. The same input gives the same text. */
export function renderMetrics(input: MetricsInput): string {
  return expositionOf([...supervisorFamilies(input), ...guestFamilies(input), ...consoleFamilies(input)]);
}

/** The known states, and any other that a guest is in. */
function statesOf(guests: readonly GuestView[]): readonly string[] {
  return [...new Set<string>([...knownStates, ...guests.map(({ state }) => state)])];
}

function supervisorFamilies(input: MetricsInput): readonly Family[] {
  const { version, since, guests, journal, connections, droppedEvents } = input;
  return [
    gauge('bhyvec_build_info', 'The version of bhyvec; the value is always 1.', [{ labels: { version }, value: 1 }]),
    gauge('bhyvec_start_time_seconds', 'When the supervisor began, in seconds since 1970.', only(since / 1000)),
    gauge(
      'bhyvec_guests',
      'Guests by state.',
      statesOf(guests).map((state) => ({
        labels: { state },
        value: guests.filter((guest) => guest.state === state).length,
      })),
    ),
    gauge('bhyvec_journal_bytes', 'Size of the journal.', only(journal.bytes)),
    counter('bhyvec_journal_errors_total', 'Events that could not be written to the journal.', only(journal.errors)),
    gauge('bhyvec_connections', 'Clients that are connected.', only(connections.now)),
    counter('bhyvec_connections_total', 'Clients that have connected.', only(connections.total)),
    counter('bhyvec_events_dropped_total', 'Events that could not be written to the log.', only(droppedEvents)),
  ];
}

function guestFamilies({ guests, tallies, statistics }: MetricsInput): readonly Family[] {
  const each = (valueOf: (guest: GuestView) => number | null): readonly Sample[] =>
    guests.flatMap((guest) => {
      const value = valueOf(guest);
      return value === null ? [] : [{ labels: labelsOf(guest), value }];
    });
  const tallyOf = (guest: GuestView) => tallies.get(guest.name) ?? freshTally;
  const statistic = (name: string) => (guest: GuestView) => {
    const value = statistics.get(guest.name)?.[name];
    return typeof value === 'number' ? value : null;
  };
  const states = statesOf(guests);
  const cpu = statistic('cpu.time');
  const rss = statistic('balloon.rss');
  return [
    gauge(
      'bhyvec_guest_state',
      'The state of a guest: 1 for the one that holds.',
      guests.flatMap((guest) =>
        states.map((state) => ({
          labels: { ...labelsOf(guest), state },
          value: guest.state === state ? 1 : 0,
        })),
      ),
    ),
    counter(
      'bhyvec_guest_starts_total',
      'Runs of bhyve.',
      each((guest) => tallyOf(guest).starts),
    ),
    counter(
      'bhyvec_guest_restarts_total',
      'Runs that followed a reboot or a crash by themselves.',
      each((guest) => tallyOf(guest).restarts),
    ),
    counter(
      'bhyvec_guest_crashes_total',
      'Runs that ended in a crash.',
      each((guest) => tallyOf(guest).crashes),
    ),
    gauge(
      'bhyvec_guest_last_exit_code',
      'Exit code of bhyve when it ended last.',
      each((guest) => tallyOf(guest).lastExitCode),
    ),
    gauge(
      'bhyvec_guest_last_signal',
      'Signal that ended bhyve last.',
      each((guest) => tallyOf(guest).lastSignal),
    ),
    gauge(
      'bhyvec_guest_start_time_seconds',
      'When bhyve began, in seconds since 1970.',
      each(({ since }) => (since === null ? null : since / 1000)),
    ),
    gauge(
      'bhyvec_guest_memory_bytes',
      'Memory of the guest.',
      each(({ memoryMib }) => memoryMib * 1024 * 1024),
    ),
    gauge(
      'bhyvec_guest_vcpus',
      'Virtual processors of the guest.',
      each(({ vcpus }) => vcpus),
    ),
    counter(
      'bhyvec_guest_cpu_seconds_total',
      'Processor time of bhyve in this run.',
      each((guest) => {
        const nanoseconds = cpu(guest);
        return nanoseconds === null ? null : nanoseconds / 1e9;
      }),
    ),
    gauge(
      'bhyvec_guest_resident_bytes',
      'Resident memory of bhyve.',
      each((guest) => {
        const kib = rss(guest);
        return kib === null ? null : kib * 1024;
      }),
    ),
    ...netFamilies(guests, statistics),
  ];
}

/** Traffic by interface, from the guest's side. */
function netFamilies(guests: readonly GuestView[], statistics: ReadonlyMap<string, Statistics>): readonly Family[] {
  const samples = (counterName: string): readonly Sample[] =>
    guests.flatMap((guest) => {
      const values = statistics.get(guest.name) ?? {};
      return Array.from({ length: Number(values['net.count'] ?? 0) }, (_, index): readonly Sample[] => {
        const name = values[`net.${String(index)}.name`];
        const value = values[`net.${String(index)}.${counterName}`];
        if (typeof name !== 'string' || typeof value !== 'number') return [];
        return [{ labels: { ...labelsOf(guest), interface: name }, value }];
      }).flat();
    });
  return [
    counter('bhyvec_guest_network_receive_bytes_total', 'Bytes that the guest received.', samples('rx.bytes')),
    counter('bhyvec_guest_network_transmit_bytes_total', 'Bytes that the guest sent.', samples('tx.bytes')),
  ];
}

function consoleFamilies({ consoles, guests }: MetricsInput): readonly Family[] {
  const uuids = new Map(guests.map(({ name, uuid }) => [name, uuid]));
  const each = (valueOf: (console: MetricsInput['consoles'][number]) => number): readonly Sample[] =>
    consoles.map((console) => ({
      labels: { domain: console.guest, uuid: uuids.get(console.guest) ?? '', com: String(console.com) },
      value: valueOf(console),
    }));
  return [
    gauge(
      'bhyvec_console_connected',
      '1 where the device is open.',
      each(({ connected }) => (connected ? 1 : 0)),
    ),
    gauge(
      'bhyvec_console_readers',
      'Who is attached.',
      each(({ readers }) => readers),
    ),
    counter(
      'bhyvec_console_bytes_total',
      'What the guest has said.',
      each(({ bytes }) => bytes),
    ),
    counter(
      'bhyvec_console_lost_bytes_total',
      'What could not be kept in the log.',
      each(({ lostBytes }) => lostBytes),
    ),
  ];
}

function labelsOf({ name, uuid }: GuestView): Readonly<Record<string, string>> {
  return { domain: name, uuid };
}

function only(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'counter', help, samples };
}
