/** TAP of the self-test as an object. */
import { expect, test } from 'vitest';
import { readTap } from './report.ts';

const good = `TAP version 13
1..3
# fact release: 15.0-RELEASE
# fact ps-title: bhyve: x (bhyve)
# hangs on it: templates: has_title
ok 1 - off: a guest that powers off
ok 2 - tcp: at its TCP port # SKIP bhyvec makes no such guest for 13.0
not ok 3 - tap: its tap
  ---
  message: 'nothing was said of: mtu 1400'
  log: |
    one: two
      three
    report: launcher 12
  ...
# 1 of 3 passed, 1 failed, 1 skipped; 3 seconds
`;

test('results, facts and what hangs on them', () => {
  expect(readTap(good)).toEqual({
    version: 1,
    passed: false,
    problem: null,
    facts: [
      { name: 'release', value: '15.0-RELEASE', place: null },
      { name: 'ps-title', value: 'bhyve: x (bhyve)', place: 'templates: has_title' },
    ],
    tests: [
      { name: 'off', title: 'a guest that powers off', result: 'pass', reason: null, log: [] },
      { name: 'tcp', title: 'at its TCP port', result: 'skip', reason: 'bhyvec makes no such guest for 13.0', log: [] },
      {
        name: 'tap',
        title: 'its tap',
        result: 'fail',
        reason: 'nothing was said of: mtu 1400',
        log: ['one: two', '  three', 'report: launcher 12'],
      },
    ],
  });
});

test.each([
  ['1..0 # SKIP this is a jail: run this on the host itself\n', 'this is a jail: run this on the host itself'],
  [
    'TAP version 13\n1..2\nnot ok 1 - a: b\nBail out! a failed; --keep-going goes on\n',
    'a failed; --keep-going goes on',
  ],
  ['TAP version 13\n1..2\nok 1 - a: b\n', 'the test was cut off'],
  ['', 'the test was cut off'],
])('%j is no pass', (text, problem) => {
  expect(readTap(text)).toMatchObject({ passed: false, problem });
});
