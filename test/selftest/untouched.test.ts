/**
 * What the self-test did not make it leaves as it is, on hosts with random interfaces, guests and files of others, also such as are
 * called nearly as its own: it comes to its end, or is killed anywhere and then cleaned, by --clean or by the next run. Where a name of
 * its own is taken, it refuses.
 */
import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { size } from '../full.ts';
import type { Host } from '../host/host.ts';
import { killAt, only, run, standInHost, stateOf, writeScript } from './suite.ts';
import { forAllTests } from '../lend.ts';

const script = forAllTests(
  () => writeScript(['15.0']),
  (it) => {
    it.remove();
  },
);
/** Things that others have on the host. */
interface Others {
  readonly interfaces: readonly { readonly words: readonly string[] }[];
  readonly guests: readonly string[];
  readonly files: readonly string[];
}

const descriptions = [
  'bhyve bhyvecst-mine interface 0',
  'bhyve bhyvecst-idle2 interface 0',
  'bhyve bhyvecst-',
  'bhyvec host selftest of somebody',
  'uplink',
];
const interfaces = fc.uniqueArray(
  fc.record({
    create: fc.constantFrom('tap', 'tap10001', 'tap29999', 'bridge', 'bridge10001'),
    name: fc.constantFrom('', 'bhyvecst1', 'bhyvecst', 'vm0'),
    description: fc.constantFrom('', ...descriptions),
  }),
  { maxLength: 4, selector: ({ create, name }) => (name === '' ? create : name) },
);
const others: fc.Arbitrary<Others> = fc.record({
  interfaces: interfaces.map((all) =>
    all.map(({ create, name, description }) => ({
      words: [
        create,
        'create',
        ...(description === '' ? [] : ['description', description]),
        ...(name === '' ? [] : ['name', name]),
      ],
    })),
  ),
  guests: fc.uniqueArray(fc.constantFrom('bhyvecst-mine', 'bhyvecst-idle2', 'bhyvecst', 'other'), { maxLength: 2 }),
  files: fc.uniqueArray(
    fc.constantFrom(
      '/var/log/bhyve_bhyvecst_idle.log',
      '/var/log/bhyve_bhyvecst_mine.log',
      '/etc/rc.conf.d/bhyve_bhyvecst_service',
      '/usr/local/etc/rc.d/bhyve_bhyvecst_service',
      '/var/run/bhyvec-selftest2/made',
      '/var/run/bhyvec/mine/journal',
    ),
    { maxLength: 3 },
  ),
});

async function furnish(host: Host, { interfaces: made, guests, files }: Others): Promise<void> {
  // Two that want the same number: the second one is not there then.
  for (const { words } of made) await host.run('ifconfig', words);
  for (const guest of guests) {
    const firmware = 'bootrom,/usr/local/share/uefi-firmware/BHYVE_UEFI.fd';
    host.start('bhyve', ['-A', '-H', '-m', '64M', '-s', '0,hostbridge', '-s', '31,lpc', '-l', firmware, guest]);
    await host.waitRunning(guest);
  }
  for (const file of files) {
    mkdirSync(path.dirname(host.path(file)), { recursive: true });
    writeFileSync(host.path(file), 'somebody else\n');
  }
}

const tests = ['off', 'start', 'tap', 'service', 'full', 'nmdm', 'refused', 'launcher-killed', 'probe-tap-name'];
const ends = fc.record({
  name: fc.constantFrom(...tests),
  /** Null for a run that comes to its end. */
  killedAt: fc.option(fc.integer({ min: 1, max: 200 })),
  isCleaned: fc.boolean(),
});

test('whatever else is on the host is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(others, ends, async (there, { name, killedAt, isCleaned }) => {
      const host = standInHost();
      try {
        await furnish(host, there);
        const before = stateOf(host);
        if (killedAt === null) {
          const { status, stdout } = await run(script(), host, only(name));
          expect(status, stdout).toBe(0);
        } else if (await killAt(script(), host, killedAt, only(name))) {
          const next = await run(script(), host, isCleaned ? ['--clean'] : only('off'));
          expect([next.status, next.stderr], next.stdout).toEqual([0, '']);
        }
        expect(stateOf(host)).toBe(before);
      } finally {
        host.dispose();
      }
    }),
    { numRuns: size(1, 100, 12), seed: 14, endOnFailure: true },
  );
});

test.each([
  ['a bridge of the name of ours', ['bridge', 'create', 'name', 'bhyvecst0'], 'bhyvecst0'],
  ['a bridge with the description of ours', ['bridge', 'create', 'description', 'bhyvec host selftest'], 'bridge0'],
  ['a tap of a guest of ours', ['tap', 'create', 'description', 'bhyve bhyvecst-idle interface 0'], 'tap0'],
])('%s that is not ours: the test refuses, and touches nothing', async (_title, words, what) => {
  const host = standInHost();
  try {
    await host.run('ifconfig', words);
    const before = stateOf(host);
    const { status, report } = await run(script(), host, only('off'));
    expect([status, report.problem]).toEqual([
      1,
      `${what} is there already, and not made by this test: remove or rename it`,
    ]);
    expect((await run(script(), host, ['--clean'])).stdout).toBe('# nothing is left over\n');
    expect(stateOf(host)).toBe(before);
  } finally {
    host.dispose();
  }
});
