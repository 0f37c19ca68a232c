/** The log of events: one line of JSON each, and those who listen. The contract says what it promises. */
import { droppedLine, eventLine, readEventLine, sequenceOf, type NumberedNotice } from '../observe/event-line.ts';
import { createLog } from '../../consoles/log.ts';
import { logIo, type LogIo } from '../../consoles/log-io.ts';
import type { EventFilter, EventLog, EventLogOptions } from './event-log-contract.ts';

/** A line is shorter than this: of what was kept, so much is read when a supervisor begins. */
const bytesOfLine = 1024;

/**
 * Opens the log and reads the last events in it, so that numbers go on and subscribers can be told what was before. A log
 * that cannot be read or written is no reason to fail: `onProblem` says so.
 * @param io for tests
 */
export async function createEventLog(
  { path, logBytes = 4 * 1024 * 1024, logFiles = 4, recent: keep = 1000, onProblem }: EventLogOptions,
  io: LogIo = logIo,
  now: () => number = Date.now,
): Promise<EventLog> {
  let sequence = 0;
  let recent: NumberedNotice[] = [];
  const subscribers = new Set<{ readonly filter: EventFilter; readonly deliver: (event: NumberedNotice) => void }>();

  const log = createLog({
    path,
    fileBytes: logBytes,
    files: logFiles,
    mark: ({ chunks, why }) => Buffer.from(droppedLine(sequence, now(), chunks, why)),
    onProblem: (why) => {
      const text = why === null ? `events are written to ${path} again` : `events cannot be written to ${path}: ${why}`;
      onProblem?.(text);
    },
    io,
  });

  /** A line that a crash has cut off is closed, so that the next one stands alone. */
  async function readWhatWasKept(): Promise<void> {
    const kept = await log.readEnd(keep * bytesOfLine);
    if (kept === null) return;
    const text = kept.toString('utf8');
    if (text !== '' && !text.endsWith('\n')) log.append(Buffer.from('\n'));
    const lines = text.split('\n');
    sequence = lines.reduce((last, line) => Math.max(last, sequenceOf(line) ?? 0), 0);
    recent = lines.flatMap((line) => readEventLine(line) ?? []).slice(-keep);
  }

  function deliverTo(
    subscriber: { readonly filter: EventFilter; deliver(event: NumberedNotice): void },
    event: NumberedNotice,
  ): boolean {
    if (!passes(subscriber.filter, event)) return true;
    try {
      subscriber.deliver(event);
      return true;
    } catch {
      return false;
    }
  }

  await readWhatWasKept();

  return {
    record(notice) {
      sequence += 1;
      const event = { ...notice, sequence };
      recent.push(event);
      if (recent.length > 2 * keep) recent = recent.slice(-keep);
      log.append(Buffer.from(eventLine(event)));
      for (const subscriber of subscribers) if (!deliverTo(subscriber, event)) subscribers.delete(subscriber);
      return event;
    },
    subscribe(filter, deliver, after = null) {
      const subscriber = { filter, deliver };
      const before = after === null ? [] : recent.filter((event) => event.sequence > after);
      if (before.every((event) => deliverTo(subscriber, event))) subscribers.add(subscriber);
      return () => {
        subscribers.delete(subscriber);
      };
    },
    last: () => sequence,
    dropped: () => log.lost().chunks,
    flush: () => log.flush(),
    end: () => log.end(),
  };
}

function passes({ domain, events }: EventFilter, { guest, event }: NumberedNotice): boolean {
  return (domain === null || domain === guest) && (events === null || events.includes(event));
}
