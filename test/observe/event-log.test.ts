// The log of events: numbers that go on, subscribers that are served whatever the disk does, lines that can be read.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { events, namesOf, type Notice } from '../../src/control/vocabulary.ts';
import { droppedLine, eventLine, readEventLine } from '../../src/supervisor/observe/event-line.ts';
import { createEventLog } from '../../src/supervisor/runtime/event-log.ts';
import { until } from '../until.ts';
import { createDisk } from './disk.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-events-'));
  folders.push(folder);
  return path.join(folder, 'events.jsonl');
}

const started: Notice = {
  at: Date.UTC(2026, 10, 24, 9, 30, 0, 7),
  guest: 'demo',
  uuid: 'df3be7e7-a104-11e3-aeb0-50e5492bd3dc',
  event: 'started',
  detail: 'booted',
  cause: null,
  code: null,
  signal: null,
};
const crashed: Notice = { ...started, guest: 'other', event: 'crashed', detail: 'crashed', signal: 11 };
const all = { domain: null, events: null };

/** No field of a notice holds a NUL: neither this log nor the control protocol takes one. */
const words = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
const notices = fc.record({
  at: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  guest: words,
  uuid: words,
  event: fc.constantFrom(...namesOf(events)),
  detail: words,
  cause: fc.option(words),
  code: fc.option(fc.integer({ min: 0, max: 255 })),
  signal: fc.option(fc.integer({ min: 1, max: 64 })),
});

describe('lines', () => {
  it('have each field, in the same order', () => {
    expect(eventLine({ ...crashed, sequence: 7 })).toBe(
      '{"version":1,"sequence":7,"time":"2026-11-24T09:30:00.007Z","domain":"other",' +
        '"uuid":"df3be7e7-a104-11e3-aeb0-50e5492bd3dc","event":"crashed","detail":"crashed","cause":null,"code":null,"signal":11}\n',
    );
  });

  it('are read back as they were, and stay one line whatever is in them', () => {
    fc.assert(
      fc.property(notices, fc.integer({ min: 1 }), (notice, sequence) => {
        const line = eventLine({ ...notice, sequence });
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(readEventLine(line)).toEqual({ ...notice, sequence });
      }),
      { numRuns: 1000 },
    );
  });

  it('that are no events are none', () => {
    for (const line of [
      '',
      '{',
      'null',
      '7',
      '[]',
      '{"version":2}',
      droppedLine(3, 0, 2, 'disk full'),
      ...['time', 'domain', 'uuid', 'detail', 'code'].map((name) =>
        JSON.stringify({ ...JSON.parse(eventLine({ ...started, sequence: 1 })), [name]: undefined }),
      ),
      eventLine({ ...started, sequence: 1 }).replace('started', 'flew'),
    ]) {
      expect(readEventLine(line)).toBeNull();
    }
  });
});

describe('the log', () => {
  it('numbers events, writes them with mode 0600, and goes on after a restart and a line that was cut off', async () => {
    const file = newFile();
    const first = await createEventLog({ path: file });
    expect(first.record(started).sequence).toBe(1);
    expect(first.record(crashed).sequence).toBe(2);
    await first.end();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, readFileSync(file, 'utf8') + '{"version":1,"sequ', { mode: 0o600 });

    const second = await createEventLog({ path: file });
    expect(second.last()).toBe(2);
    second.record({ ...started, detail: 'restarted' });
    const heard: number[] = [];
    second.subscribe(all, ({ sequence }) => heard.push(sequence), 0);
    await second.end();
    expect(heard).toEqual([1, 2, 3]);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => readEventLine(line)?.sequence ?? line)).toEqual([1, 2, '{"version":1,"sequ', 3]);
  });

  it('rotates at lines and loses none until the oldest file goes; numbers go on from the files that are left', async () => {
    const file = newFile();
    const log = await createEventLog({ path: file, logBytes: 2000, logFiles: 3 });
    for (let n = 0; n < 100; n += 1) log.record({ ...started, detail: `run ${String(n)}` });
    await log.end();
    const numbers = ['.1', '.0', ''].flatMap((end) =>
      readFileSync(file + end, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => readEventLine(line)?.sequence),
    );
    expect(numbers.length).toBeGreaterThan(16);
    expect(numbers).toEqual(Array.from(numbers, (_, index) => 101 - numbers.length + index));
    const again = await createEventLog({ path: file, logBytes: 2000, logFiles: 3 });
    expect(again.last()).toBe(100);
    await again.end();
  });

  it('filters by guest and by event, tells those after a number, and ends on request', async () => {
    const log = await createEventLog({ path: newFile(), recent: 5 });
    const heard: Record<string, number[]> = { other: [], crashes: [], late: [], gone: [] };
    log.subscribe({ domain: 'other', events: null }, ({ sequence }) => heard['other']?.push(sequence));
    log.subscribe({ domain: null, events: ['crashed'] }, ({ sequence }) => heard['crashes']?.push(sequence));
    const end = log.subscribe(all, ({ sequence }) => heard['gone']?.push(sequence));
    log.subscribe(all, () => {
      throw new Error('the connection is gone');
    });
    log.record(started);
    end();
    log.record(crashed);
    log.record({ ...crashed, guest: 'demo' });
    log.subscribe(all, ({ sequence }) => heard['late']?.push(sequence), 1);
    log.record(started);
    expect(heard).toEqual({ other: [2], crashes: [2, 3], late: [2, 3, 4], gone: [1] });
    await log.end();
  });

  it('serves subscribers while the disk is full, counts what it drops, and says so in the log', async () => {
    const disk = createDisk();
    const problems: string[] = [];
    const log = await createEventLog(
      { path: '/events', onProblem: (text) => problems.push(text) },
      disk.io,
      () => started.at,
    );
    let heard = 0;
    log.subscribe(all, () => (heard += 1));
    log.record(started);
    await log.flush();
    disk.problem = 'no space left on device';
    const text = 'x'.repeat(1000);
    for (let n = 0; n < 1000; n += 1) {
      log.record({ ...started, detail: text });
      if (n === 0) await log.flush();
    }
    expect(heard).toBe(1001);
    expect(log.dropped()).toBeGreaterThan(700);
    expect(problems).toEqual(['events cannot be written to /events: no space left on device']);
    disk.problem = null;
    await until(() => problems.length === 2);
    log.record(crashed);
    await log.end();
    expect(problems[1]).toBe('events are written to /events again');
    const lines = disk.text('/events').trimEnd().split('\n');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      version: 1,
      event: 'dropped',
      domain: null,
      detail: `${String(log.dropped())} events were not written`,
      cause: 'no space left on device',
    });
    const numbers = lines.flatMap((line) => readEventLine(line)?.sequence ?? []);
    expect(numbers).toHaveLength(1002 - log.dropped());
    expect(numbers.at(-1)).toBe(1002);
  });

  it('begins although its folder is not there', async () => {
    const problems: string[] = [];
    const file = path.join(path.dirname(newFile()), 'nowhere', 'events.jsonl');
    const log = await createEventLog({ path: file, onProblem: (text) => problems.push(text) });
    expect(log.record(started).sequence).toBe(1);
    await log.flush();
    expect(problems).toHaveLength(1);
    await log.end();
  });
});
