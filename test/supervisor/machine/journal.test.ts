/** The journal's text: it gives the state again, a torn end is left out, a broken line is refused and named. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventLine, journalVersion, replay, snapshotLine } from '../../../src/supervisor/journal.ts';
import { defaultLimits, emptyState, type State } from '../../../src/supervisor/machine/state.ts';
import { step } from '../../../src/supervisor/machine/step.ts';
import { Drive } from './drive.ts';

const drive = new Drive().define('web').define('db');
drive.ask({ method: 'start', guest: 'web', wait: true });
drive.boot('web').define('web', {}, '2').end('web', 'end 0 reboot restart').boot('web');
drive.ask({ method: 'shutdown', guest: 'web', wait: true });

const lines = [snapshotLine(emptyState, defaultLimits), ...drive.events.map((event, i) => eventLine(i + 1, event))];
const text = lines.join('');

/** The state after so many events. */
function stateAfter(count: number): State {
  let state = emptyState;
  for (const event of drive.events.slice(0, count)) ({ state } = step(state, event, defaultLimits));
  return state;
}

test('the journal gives the state', () => {
  expect(replay(text)).toEqual({ ok: true, state: drive.state, events: drive.events.length, wholeLength: text.length });
  expect(replay('')).toMatchObject({ ok: true, state: emptyState });
});

test('cut off at any byte, it gives the state of the whole lines before', () => {
  fc.assert(
    fc.property(fc.nat({ max: text.length }), (length) => {
      const whole = text.slice(0, length).split('\n').length - 1;
      const result = replay(text.slice(0, length));
      const wholeLength = lines.slice(0, whole).join('').length;
      expect(result).toEqual({
        ok: true,
        state: stateAfter(Math.max(0, whole - 1)),
        events: Math.max(0, whole - 1),
        wholeLength,
      });
    }),
    { numRuns: 300 },
  );
});

test('a snapshot of any moment stands for the events before it', () => {
  for (let i = 0; i <= drive.events.length; i += 1) {
    const later = drive.events.slice(i).map((event, k) => eventLine(i + k + 1, event));
    expect(replay([snapshotLine(stateAfter(i), defaultLimits), ...later].join(''))).toMatchObject({
      state: drive.state,
    });
  }
});

test.each([
  ['a line that is no JSON', 3, '{"sequence":2,'],
  ['a line that is no event', 3, '{"sequence":2,"event":{"kind":"dance"}}'],
  ['a line too many', 4, lines[1]?.trimEnd() ?? ''],
])('%s is refused with its number', (_, number, line) => {
  const broken = [...lines.slice(0, number - 1), `${line}\n`, ...lines.slice(number)].join('');
  expect(replay(broken)).toMatchObject({ ok: false, line: number });
});

test('another version and another file are refused', () => {
  const other = snapshotLine(emptyState, defaultLimits).replace(String(journalVersion), '99');
  expect(replay(other)).toMatchObject({ ok: false, line: 1 });
  expect(replay('<domain/>\n')).toMatchObject({ ok: false, line: 1 });
});
