/**
 * The self-test ends within three minutes, whatever the host does: its own functions run with a clock that only waiting moves forward, on a
 * host where nothing that is waited for ever comes, so that each wait is used up whole. And it begins within a second: by the number of
 * commands, since a machine may be busy.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readTap } from '../../src/selftest/report.ts';
import type { SelftestReport } from '../../src/selftest/report-shape.ts';
import { full, oneOf } from '../full.ts';
import { forAllTests } from '../lend.ts';
import { only, run, standInHost, writeScript } from './suite.ts';

const script = forAllTests(
  () => writeScript(['15.0']),
  (it) => {
    it.remove();
  },
);

/** Three minutes. */
const most = 180;

/**
 * Commands of a host where all that is started runs on and never gets ready. Tenths of seconds are in `clock`: sleep(1) takes its time, and
 * timeout(1) all of its own, with what -k gives. Nothing is mounted, so that dd(1), which is to fill what is, writes nothing. What waits for a process in the background waits as long as timeout(1) lets it live.
 */
const endless = `
clock=10000
date() { printf '%s\\n' "$((clock / 10))"; }
sleep() { case $1 in 0.1) clock=$((clock + 1)) ;; *) clock=$((clock + 10)) ;; esac; }
timeout() { clock=$((clock + ($3 + $4) * 10)); return 137; }
wait() { clock=$((clock + (limit + 5) * 10)); return 137; }
kill() { :; }
id() { printf '0\\n'; }
uname() { case $1 in -p) printf 'amd64\\n' ;; *) printf 'FreeBSD\\n' ;; esac; }
ps() { printf '4711 sh waits\\n'; }
ifconfig() { [ $# -gt 1 ]; }
for name in kldstat kldload bhyvectl daemon mount umount cpuset rctl service; do eval "$name() { :; }"; done
bhyve() { :; }
dd() { :; }
sysctl() { case $2 in kern.racct.enable) printf '1\\n' ;; *) return 1 ;; esac; }
sockstat() { :; }
check_host() { release=15.0; }
mkfifo() { : >"$1"; }
last_of() { printf '4711\\n'; }
is_gone() { rest=' all'; return 1; }
`;

/** The script on that host: when it ended, and what it told. */
function runEndless(names: readonly string[]): { readonly seconds: number; readonly report: SelftestReport } {
  const place = mkdtempSync(path.join(tmpdir(), 'bhyvec-time-'));
  const call = `mkdir -p "$root/var/run" "$root/var/log"
${endless}
set -f
main --keep-going ${only(...names).join(' ')}
`;
  const text = script()
    .text.replace(/main "\$@"\nexit\n$/, () => call)
    .replace('\n  exit "$status"\n', () => '\n  printf "%s\\n" "$clock" >"$root/clock"\n  exit "$status"\n');
  try {
    const { stdout } = spawnSync('sh', ['-s'], {
      input: text,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], BHYVEC_ROOT: place },
    });
    const clock = Number(readFileSync(path.join(place, 'clock'), 'utf8'));
    return { seconds: (clock - 10_000) / 10, report: readTap(stdout) };
  } finally {
    rmSync(place, { recursive: true });
  }
}

test('where nothing ever comes it ends within three minutes; what it has no time for is skipped, and no failure', () => {
  const { seconds, report } = runEndless(['*']);
  expect(seconds).toBeGreaterThan(most - 30);
  expect(seconds).toBeLessThan(most);
  const results = report.tests.map(({ result }) => result);
  expect(results.length).toBeGreaterThan(30);
  expect(results.indexOf('skip')).toBe(results.lastIndexOf('fail') + 1);
  expect(report.tests.at(-1)?.reason).toBe('no time is left: BHYVEC_SELFTEST_LIMIT=465 gives more');
});

test('no test of it alone takes longer than all of them may', () => {
  const names = [...script().text.matchAll(/^(?:test|probe)_(\w+)\(\) \{/gm)].map(([all]) =>
    all.replace(/^test_|\(\) \{$/g, '').replaceAll('_', '-'),
  );
  expect(names.length).toBeGreaterThan(30);
  const slow = oneOf(9, names).filter((name) => runEndless([name]).seconds >= most);
  expect(slow).toEqual([]);
});

test.runIf(full)('the first guest starts after a hundred quick commands, and after no wait of its own', async () => {
  const host = standInHost();
  try {
    expect((await run(script(), host, only('off'))).status).toBe(0);
    const words = host.history().map(({ argv }) => argv.join(' '));
    // Each once: on a busy machine a wait looks again, a tenth of a second later, and says the same words.
    const before = new Set(
      words.slice(
        0,
        words.findIndex((all) => all.startsWith('bhyve ')),
      ),
    );
    expect(before.size).toBeGreaterThan(50);
    expect(before.size).toBeLessThan(120);
    expect([...before].filter((all) => /^sleep (?!0\.1$)/.test(all))).toEqual([]);
  } finally {
    host.dispose();
  }
});
