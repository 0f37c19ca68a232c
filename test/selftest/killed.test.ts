/**
 * The self-test is killed at each of its commands, and with it the command: afterwards `--clean` leaves the host as it was, and so
 * does the next run by itself. A sample here, some commands of each test at a landing, each command of each test in a full run.
 */
import { expect, test } from 'vitest';
import { selftestScript } from '../../src/selftest/script.ts';
import { full, size } from '../full.ts';
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

/** All tests and probes, by the script's own list. */
const listed = /^ {2}cat <<'EOF'\n(.*?)^EOF$/ms.exec(selftestScript('0.0.0', ['15.0']))?.[1] ?? '';
const tests = listed.split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/ .*/, '')]));
/** Whatever is tested, the run is the same up to here: the command that makes the bridge. */
const bridgeMade = !full
  ? () => 1
  : forAllTests(
      async () => {
        const host = standInHost();
        try {
          expect((await run(script(), host, only('off'))).status).toBe(0);
          const at = host.history().findIndex(({ argv }) => /^ifconfig bridge\d+ description /.test(argv.join(' ')));
          expect(at).toBeGreaterThan(0);
          return at + 1;
        } finally {
          host.dispose();
        }
      },
      () => undefined,
    );
/** From one command at which it is killed to the next one. */
const stride = size(40, 1, 40);

test.each((full ? tests : ['tap']).map((name, at) => [name, at] as const))(
  '%s: whatever it is killed at, nothing is left after --clean',
  async (name, at) => {
    const host = standInHost();
    try {
      const before = stateOf(host);
      const last = full ? Infinity : 60;
      let count = 0;
      // Each test has its own share of what comes before.
      for (
        let nth = at === 0 ? size(9, 1, 9) : bridgeMade() + ((at * 7) % stride);
        nth < last;
        nth += stride, count++
      ) {
        const isKilled = await killAt(script(), host, nth, only(name));
        if (!isKilled) break;
        // Some are left to the next run.
        await cleans(host, before, nth % 9 === 0 ? only('off') : ['--clean']);
        host.reset();
      }
      expect(tests.length).toBeGreaterThan(30);
      if (full) console.log(`${name}: killed at ${String(count)} commands`);
      expect((await run(script(), host, ['--clean'])).stdout).toBe('# nothing is left over\n');
    } finally {
      host.dispose();
    }
  },
);

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
