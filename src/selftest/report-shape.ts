/** The shape of the report of `bhyvec host selftest --format json`. */
import { constant, flag, list, object, oneOf, orNull, text, type TypeOf } from '../text/shape.ts';

/** Something that the test has found out about the host. */
export const factShape = object('something that the test has found out about the host', {
  name: text('its name'),
  value: text('what it is on this host'),
  place: orNull(text('what hangs on it in the sources of bhyvec; null where nothing does')),
});

/** What became of a test. */
export const testShape = object('what became of a test', {
  name: text('what --only takes', { pattern: /^[a-z][a-z0-9-]*$/, words: 'the name of a test' }),
  title: text('what it is about'),
  result: oneOf('what became of it', ['pass', 'fail', 'skip']),
  reason: orNull(text('of a failure or a skip; null for a pass')),
  log: list('what launchers and bhyve have said in a test that failed; empty else', text('a line')),
});

/** The whole. */
export const selftestShape = object(
  'What bhyvec host selftest --format json prints: what became of each test on this host, and what it found out',
  {
    version: constant('version of this shape', 1),
    passed: flag('no test failed, and all were run; the exit status is 1 else'),
    problem: orNull(text('why nothing could be tested, or why the test was given up; null where it came to its end')),
    facts: list('what the host is and does, in the order in which it was found out', factShape),
    tests: list('in the order of the run', testShape),
  },
);

export type Fact = TypeOf<typeof factShape>;
export type TestResult = TypeOf<typeof testShape>;
export type SelftestReport = TypeOf<typeof selftestShape>;
