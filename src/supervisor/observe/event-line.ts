/** One event as one line of JSON, for the log of events and for programs that read it. docs/observe.md has the fields. */
import { events, namesOf, noticeFields, type Notice } from '../../control/vocabulary.ts';
import { isObject, jsonIn } from '../../text/json.ts';
import { accepts, constant, integer, oneOf, openObject, orNull, text } from '../../text/shape.ts';

/** Changes when a program that reads the lines would misunderstand them. */
export const eventVersion = 1;

/** A notice with its number in the log. */
export type NumberedNotice = Notice & { readonly sequence: number };

const { detail, cause, code, signal } = noticeFields;

/** A line: an event, or one about the log itself. */
export const eventLineShape = openObject('One line of events.jsonl, the log of events that a supervisor keeps.', {
  version: constant(
    'version of this shape; it changes when a program that reads the lines would misunderstand them',
    1,
  ),
  sequence: integer('grows by one with each event, also over restarts of the supervisor'),
  time: text('when, in UTC, with milliseconds', {
    pattern: /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    words: 'a time of ISO 8601 in UTC',
  }),
  domain: orNull(text('the name of the guest; null where the line is about the log')),
  uuid: orNull(text('its UUID; null where the line is about the log')),
  event: oneOf('what has happened; dropped: so many events as detail says are not in the log', [
    ...namesOf(events),
    'dropped',
  ]),
  detail,
  cause,
  code,
  signal,
});

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
  const fields = jsonIn(line);
  if (!accepts(eventLineShape, fields)) return null;
  const { sequence, time, domain: guest, uuid, event, detail, cause, code, signal } = fields;
  if (guest === null || uuid === null || event === 'dropped') return null;
  return { sequence, at: Date.parse(time), guest, uuid, event, detail, cause, code, signal };
}

/** The number that a line has, of whatever version, be it an event or about the log; null where it has none. */
export function sequenceOf(line: string): number | null {
  const fields = jsonIn(line);
  const number = isObject(fields) ? fields['sequence'] : null;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
