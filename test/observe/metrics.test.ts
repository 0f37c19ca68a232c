// The metrics: text that a strict reader takes, with the numbers that went in; counters as a fold of notices.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuestView, Notice } from '../../src/control/vocabulary.ts';
import { expositionOf } from '../../src/supervisor/observe/exposition.ts';
import { renderMetrics, type MetricsInput } from '../../src/supervisor/observe/metrics.ts';
import { noTallies, tally, type Tallies } from '../../src/supervisor/observe/tally.ts';
import { readExposition } from './exposition.ts';
import { viewOf } from './views.ts';

const label = fc.string({ unit: 'binary', maxLength: 30 });
const awkward = fc.oneof(
  label,
  fc.constantFrom('\\', '"', '\n', '\\n', 'a"b\\\n', '}', ',', '\r', ' ', '', '# HELP x y'),
);

describe('the text format', () => {
  it('carries any label value and any help, whatever is in it', () => {
    fc.assert(
      fc.property(
        awkward,
        fc.array(
          fc.tuple(
            awkward,
            fc.double().map((value) => value + 0),
          ),
        ),
        (help, pairs) => {
          const samples = pairs.map(([text, value], index) => ({ labels: { text, index: String(index) }, value }));
          const text = expositionOf([{ name: 'bhyvec_test', type: 'gauge', help, samples }]);
          const family = readExposition(text).get('bhyvec_test');
          expect(family?.samples ?? []).toEqual(samples.map((sample) => ({ name: 'bhyvec_test', ...sample })));
          if (samples.length > 0) expect(family?.help).toBe(help);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('replaces what is no character', () => {
    const text = expositionOf([
      { name: 'x', type: 'gauge', help: 'h', samples: [{ labels: { l: 'a\ud800b' }, value: 1 }] },
    ]);
    expect(readExposition(text).get('x')?.samples[0]?.labels).toEqual({ l: 'a\ufffdb' });
  });
});

const notice: Notice = {
  at: 1,
  guest: 'demo',
  uuid: 'u',
  event: 'started',
  detail: 'booted',
  cause: null,
  code: null,
  signal: null,
};

function tallied(...events: Partial<Notice>[]): Tallies {
  return events.reduce<Tallies>((tallies, event) => tally(tallies, { ...notice, ...event }), noTallies);
}

const input: MetricsInput = {
  version: '0.1.0',
  since: 1_700_000_000_500,
  guests: [
    viewOf({ name: 'demo', uuid: 'u-1', state: 'running', id: 77, since: 1_700_000_001_000, memoryMib: 512, vcpus: 2 }),
    viewOf({ name: 'b"ad\\\n', uuid: 'u-2', state: 'crashed' }),
  ],
  tallies: tallied(
    {},
    { event: 'reboot', detail: 'the guest was reset', code: 0 },
    { detail: 'restarted' },
    { event: 'crashed', detail: 'crashed', signal: 11 },
    { detail: 'restarted' },
    { event: 'shutdown', detail: 'finished', code: 1 },
  ),
  statistics: new Map([
    [
      'demo',
      {
        'cpu.time': 12_340_000_000,
        'balloon.rss': 2048,
        'net.count': 2,
        'net.0.name': 'tap0',
        'net.0.rx.bytes': 10,
        'net.0.tx.bytes': 20,
        'net.1.name': 'tap1',
      },
    ],
  ]),
  journal: { bytes: 4096, errors: 1 },
  connections: { now: 2, total: 9 },
  droppedEvents: 3,
  consoles: [{ guest: 'demo', com: 1, connected: true, readers: 2, bytes: 100, lostBytes: 5 }],
};

describe('metrics', () => {
  const families = readExposition(renderMetrics(input));
  const valueOf = (name: string, labels: Record<string, string> = {}): number | undefined =>
    families
      .get(name)
      ?.samples.find((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))?.value;

  it('say what is so', () => {
    const demo = { domain: 'demo', uuid: 'u-1' };
    const bad = { domain: 'b"ad\\\n', uuid: 'u-2' };
    expect({
      build: valueOf('bhyvec_build_info', { version: '0.1.0' }),
      since: valueOf('bhyvec_start_time_seconds'),
      running: valueOf('bhyvec_guests', { state: 'running' }),
      crashed: valueOf('bhyvec_guests', { state: 'crashed' }),
      off: valueOf('bhyvec_guests', { state: 'shut off' }),
      isRunning: valueOf('bhyvec_guest_state', { ...demo, state: 'running' }),
      isCrashed: valueOf('bhyvec_guest_state', { ...demo, state: 'crashed' }),
      badCrashed: valueOf('bhyvec_guest_state', { ...bad, state: 'crashed' }),
      starts: valueOf('bhyvec_guest_starts_total', demo),
      restarts: valueOf('bhyvec_guest_restarts_total', demo),
      crashes: valueOf('bhyvec_guest_crashes_total', demo),
      noStarts: valueOf('bhyvec_guest_starts_total', bad),
      code: valueOf('bhyvec_guest_last_exit_code', demo),
      noCode: valueOf('bhyvec_guest_last_exit_code', bad),
      cpu: valueOf('bhyvec_guest_cpu_seconds_total', demo),
      rss: valueOf('bhyvec_guest_resident_bytes', demo),
      memory: valueOf('bhyvec_guest_memory_bytes', demo),
      received: valueOf('bhyvec_guest_network_receive_bytes_total', { ...demo, interface: 'tap0' }),
      sent: valueOf('bhyvec_guest_network_transmit_bytes_total', { ...demo, interface: 'tap0' }),
      unknown: valueOf('bhyvec_guest_network_transmit_bytes_total', { ...demo, interface: 'tap1' }),
      journal: valueOf('bhyvec_journal_bytes'),
      journalErrors: valueOf('bhyvec_journal_errors_total'),
      connections: valueOf('bhyvec_connections'),
      connectionsTotal: valueOf('bhyvec_connections_total'),
      dropped: valueOf('bhyvec_events_dropped_total'),
      console: valueOf('bhyvec_console_lost_bytes_total', { ...demo, com: '1' }),
    }).toMatchInlineSnapshot(`
      {
        "badCrashed": 1,
        "build": 1,
        "code": 1,
        "connections": 2,
        "connectionsTotal": 9,
        "console": 5,
        "cpu": 12.34,
        "crashed": 1,
        "crashes": 1,
        "dropped": 3,
        "isCrashed": 0,
        "isRunning": 1,
        "journal": 4096,
        "journalErrors": 1,
        "memory": 536870912,
        "noCode": undefined,
        "noStarts": 0,
        "off": 0,
        "received": 10,
        "restarts": 2,
        "rss": 2097152,
        "running": 1,
        "sent": 20,
        "since": 1700000000.5,
        "starts": 3,
        "unknown": undefined,
      }
    `);
  });

  it('have one state of each guest, and no family without samples', () => {
    for (const { name } of input.guests) {
      const states =
        families.get('bhyvec_guest_state')?.samples.filter(({ labels }) => labels['domain'] === name) ?? [];
      expect(states.reduce((sum, { value }) => sum + value, 0)).toBe(1);
    }
    expect([...families.values()].every(({ samples }) => samples.length > 0)).toBe(true);
    expect(families.has('bhyvec_guest_last_signal')).toBe(false);
  });

  it('are readable for any guests', () => {
    const states = fc.constantFrom<GuestView['state']>('running', 'shut off', 'preserved', 'starting');
    const guest = fc.record({ name: awkward, uuid: awkward, state: states }).map((view) => viewOf(view));
    fc.assert(
      fc.property(fc.uniqueArray(guest, { selector: ({ name }) => name, maxLength: 5 }), (guests) => {
        const read = readExposition(renderMetrics({ ...input, guests, consoles: [] }));
        expect(read.get('bhyvec_guest_starts_total')?.samples.map(({ labels }) => labels['domain']) ?? []).toEqual(
          guests.map(({ name }) => name),
        );
      }),
    );
  });
});

describe('counters', () => {
  it('remember the last end, and forget a guest that is no more', () => {
    const ended = tallied({}, { event: 'crashed', code: 4 }, { detail: 'restarted' }, { event: 'crashed', signal: 9 });
    expect(ended.get('demo')).toEqual({ starts: 2, restarts: 1, crashes: 2, lastExitCode: null, lastSignal: 9 });
    expect(tallied({}, { event: 'undefined' }).size).toBe(0);
  });
});
