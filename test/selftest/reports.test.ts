/** A report of a real host is a fact: the table has what it says. The stand-in is held against it by suite.test.ts. */
import { expect, test } from 'vitest';
import { differences, hostReports } from './reports.ts';

test.each(hostReports)('$file: it leaves nothing in doubt, and the table says the same', ({ reading }) => {
  expect(reading.release).not.toBeNull();
  const news = reading.answers.filter(({ verdict }) => verdict === 'settled' || verdict === 'contrary');
  expect(news).toEqual([]);
});

test('a stand-in that answers otherwise is told', () => {
  const said = (value: string): readonly string[] =>
    differences('15.0', [{ name: 'tap-after-close', value, place: null }]);
  expect(said('down')).toEqual([]);
  expect(said('up')).toEqual(['15.0.json: tap-after-close: down; the stand-in: up']);
});
