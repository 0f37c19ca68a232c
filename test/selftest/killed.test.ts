/**
 * The self-test is killed at each of its commands, and with it the command: afterwards `--clean` leaves the host as it was, and so
 * does the next run by itself. A sample here, each command of each test in a full run.
 */
import { expect, test } from 'vitest';
import { full } from '../full.ts';
import type { Host } from '../host/host.ts';
import { killAt, only, run, standInHost, stateOf, writeScript } from './suite.ts';
import { forAllTests } from '../lend.ts';

const script = forAllTests(
  () => writeScript(['15.0']),
  (it) => {
    it.remove();
  },
);
/** A moment within ifconfig(8): an interface is made, and has no description yet. */
const midway = 'midway ifconfig *';

async function cleans(host: Host, before: string, how: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await run(script(), host, how);
  expect([status, stderr], stdout).toEqual([0, '']);
  expect(stateOf(host), stdout).toBe(before);
}

/** The number of the command that makes the bridge: what comes before is the same in all tests. */
async function bridgeMade(host: Host, words: readonly string[]): Promise<number> {
  expect((await run(script(), host, words)).status).toBe(0);
  const at = host.history().findIndex(({ argv }) => /^ifconfig bridge\d+ create /.test(argv.join(' ')));
  expect(at).toBeGreaterThan(0);
  host.reset();
  return at + 1;
}

/** Those that make most of what can be left. */
const tests = full
  ? ['off', 'preserve', 'button', 'tap', 'full', 'service', 'two', 'launcher-killed', 'secret', 'probe-tap-up']
  : ['tap'];
const samples = [9, 52];

test.each(tests)('%s: whatever it is killed at, nothing is left after --clean', async (name) => {
  const host = standInHost();
  try {
    const before = stateOf(host);
    const first = full && name !== tests[0] ? await bridgeMade(host, only(name)) : 1;
    let count = 0;
    for (; ; count++) {
      const nth = full ? first + count : samples[count];
      if (nth === undefined || !(await killAt(script(), host, nth, only(name)))) break;
      // Some are left to the next run.
      await cleans(host, before, nth % 9 === 0 ? only('off') : ['--clean']);
      host.reset();
    }
    if (full) console.log(`${name}: killed at ${String(count)} commands`);
    expect(count).toBeGreaterThan(full ? 20 : 1);
    expect((await run(script(), host, ['--clean'])).stdout).toBe('# nothing is left over\n');
  } finally {
    host.dispose();
  }
});

test('an interface that was made, and was not described when all was killed, is found by its number', async () => {
  const host = standInHost({ taps: ['tap0', 'tap9'] });
  try {
    const before = stateOf(host);
    const words = only('probe-tap-name');
    let count = 0;
    for (const nth of full ? [1, 2] : [2]) {
      expect(await killAt(script(), host, nth, words, midway)).toBe(true);
      const left = stateOf(host);
      expect(left).toMatch(nth === 1 ? /^bridge[12][0-9]{4} \|/m : /^tap[12][0-9]{4} \|/m);
      await cleans(host, before, nth === 1 ? only('off') : ['--clean']);
      host.reset();
      count += 1;
    }
    expect(count).toBeGreaterThan(0);
  } finally {
    host.dispose();
  }
});
