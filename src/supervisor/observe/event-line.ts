/** One event as one line of JSON, for the log of events and for programs that read it. docs/observe.md has the fields. */
import { isObject } from '../../text/json.ts';
import type { Notice } from '../../control/vocabulary.ts';

/** Changes when a program that reads the lines would misunderstand them. */
export const eventVersion = 1;

/** A notice with its number in the log. */
export type NumberedNotice = Notice & { readonly sequence: number };

/** Each event, so that a line is known again. */
const events: Readonly<Record<Notice['event'], true>> = {
  defined: true,
  undefined: true,
  starting: true,
  started: true,
  reboot: true,
  shutdown: true,
  stopped: true,
  crashed: true,
  preserved: true,
  adopted: true,
  cleaned: true,
  waiting: true,
};

/** The words of all events. */
export const eventNames: readonly string[] = Object.keys(events);

/** The line, its newline included. Each field is always there, null where it says nothing. */
export function eventLine({ sequence, at, guest, uuid, event, detail, cause, code, signal }: NumberedNotice): string {
  const time = timeText(at);
  const fields = { version: eventVersion, sequence, time, domain: guest, uuid, event, detail, cause, code, signal };
  return `${JSON.stringify(fields)}\n`;
}

/** The line that says how many events are missing before it. It has the number of the last event. */
export function droppedLine(sequence: number, at: number, count: number, why: string): string {
  const detail = `${String(count)} ${count === 1 ? 'event was' : 'events were'} not written`;
  const nothing = { domain: null, uuid: null };
  const fields = {
    version: eventVersion,
    sequence,
    time: timeText(at),
    ...nothing,
    event: 'dropped',
    detail,
    cause: why,
  };
  return `${JSON.stringify({ ...fields, code: null, signal: null })}\n`;
}

/** Reads a line back; null for one that is no event: damaged, of another version, or about the log itself. */
export function readEventLine(line: string): NumberedNotice | null {
  const fields = objectOf(line);
  if (fields?.['version'] !== eventVersion) return null;
  const at = Date.parse(textOf(fields['time']) ?? '');
  const [sequence, guest, uuid] = [numberOf(fields['sequence']), textOf(fields['domain']), textOf(fields['uuid'])];
  const event = fields['event'];
  if (Number.isNaN(at) || sequence === null || guest === null || uuid === null || !isEvent(event)) return null;
  return {
    sequence,
    at,
    guest,
    uuid,
    event,
    detail: textOf(fields['detail']) ?? '',
    cause: textOf(fields['cause']),
    code: numberOf(fields['code']),
    signal: numberOf(fields['signal']),
  };
}

/** The number that a line has, be it an event or about the log; null where it has none. */
export function sequenceOf(line: string): number | null {
  return numberOf(objectOf(line)?.['sequence']);
}

function isEvent(value: unknown): value is Notice['event'] {
  return typeof value === 'string' && Object.hasOwn(events, value);
}

function objectOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
