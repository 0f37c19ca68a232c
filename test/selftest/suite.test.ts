/**
 * The self-test on the stand-in host, where each of its tests passes: what differs between it and a real host is a mistake of the
 * stand-in. A sample here; in a full run all tests on all releases, and under all shells.
 */
import { spawnSync } from 'node:child_process';
import { rmdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { releases, type Release } from '../../src/host/releases.ts';
import { readTap } from '../../src/selftest/report.ts';
import { full, size } from '../full.ts';
import { differences } from './reports.ts';
import { only, run, standInHost, start, stateOf, troubles, writeScript } from './suite.ts';
import { forAllTests } from '../lend.ts';

const script = forAllTests(
  () => writeScript(full ? releases : ['15.0']),
  (it) => {
    it.remove();
  },
);
/** What bhyvec cannot make for older releases, and what is not installed here. */
function skipsOf(release: Release): readonly string[] {
  const at = releases.indexOf(release);
  const since = (first: Release): boolean => at >= releases.indexOf(first);
  return [
    ...(since('15.0') ? [] : ['tcp', 'slirp']),
    ...(since('13.1') ? [] : ['secret', 'probe-tap-name', 'probe-percent']),
    'supervisor',
  ];
}

async function passes({ release, words, shell }: Case): Promise<void> {
  const host = standInHost({ release });
  try {
    const before = stateOf(host);
    const result = await run(script(), host, ['--keep-going', ...words], { shell });
    const skips = new Set(skipsOf(release));
    const found = troubles(result.report).filter(
      (trouble) => !(/ skip: /.test(trouble) && skips.has(trouble.split(' ')[0] ?? '')),
    );
    expect([found, result.status, result.stderr]).toEqual([[], 0, '']);
    expect(stateOf(host)).toBe(before);
    expect(differences(release, result.report.facts)).toEqual([]);
  } finally {
    host.dispose();
  }
}

const shells = [['dash'], ['busybox', 'ash'], ['mksh']].filter(
  ([program = '', ...words]) => spawnSync(program, [...words, '-c', ':']).status === 0,
);

interface Case {
  readonly title: string;
  readonly release: Release;
  readonly words: readonly string[];
  readonly shell: readonly string[];
}

const sample: Case = {
  title: 'a sample',
  release: '15.0',
  words: only('tap', 'probe-tap-up', 'probe-ps'),
  shell: ['sh'],
};
const cases: readonly Case[] = [
  ...releases.map((release) => ({ title: `all on ${release}`, release, words: [], shell: ['sh'] })),
  ...shells.map((shell) => ({ title: `all under ${shell.join(' ')}`, release: '15.0' as const, words: [], shell })),
];
/** What CI takes of them comes first: the newest release, the one that is to come, and a shell. */
const isFirst = ({ release, shell }: Case): boolean =>
  shell === shells.at(-1) || (shell[0] === 'sh' && (release === '15.0' || release === 'main'));
const all = [...cases.filter(isFirst), ...cases.filter((one) => !isFirst(one))];

test.each(full ? all.slice(0, size(1, all.length, 3)) : [sample])(
  '$title: the tests pass, and the host is as it was',
  async (one) => {
    await passes(one);
  },
);

describe('where nothing can be tested', () => {
  test.each([
    ['a jail', { sysctls: { 'security.jail.jailed': '1' } }, 'this is a jail'],
    ['a securelevel', { sysctls: { 'kern.securelevel': '1' } }, 'the securelevel is 1'],
    ['another processor', { arch: 'arm64' }, 'programs for amd64'],
    ['a vmm that does not work', { modules: [], deadModules: ['vmm'] }, 'vmm does not work'],
    [
      'a processor without real mode for guests',
      { sysctls: { 'hw.vmm.vmx.initialized': '1', 'hw.vmm.vmx.cap.unrestricted_guest': '0' } },
      'unrestricted guest',
    ],
    ['no iasl', { absentFiles: ['usr/sbin/iasl'] }, '/usr/sbin/iasl is not there'],
  ])('%s: it says so, and touches nothing', async (_title, options, reason) => {
    const host = standInHost(options);
    try {
      const before = stateOf(host);
      const { status, stdout, report } = await run(script(), host, []);
      expect([status, report.tests]).toEqual([1, []]);
      expect(stdout).toMatch(/^TAP version 13\n(?:# .*\n)*1\.\.0 # SKIP .*\n$/);
      expect(report.problem).toContain(reason);
      expect(stateOf(host)).toBe(before);
    } finally {
      host.dispose();
    }
  });

  test('who is not root', async () => {
    const host = standInHost();
    try {
      // id(1) that fails prints no 0.
      host.fail(0, { pattern: 'id' });
      expect((await run(script(), host, [])).report.problem).toContain('only root');
    } finally {
      host.dispose();
    }
  });
});

test.runIf(full)('what a host lacks is no failure: the test is skipped and says why', async () => {
  const sysctls = { 'hw.vmm.halt_detection': '0', 'kern.racct.enable': '0' };
  const host = standInHost({ absentModules: ['nmdm'], sysctls });
  try {
    rmdirSync(host.path('/etc/rc.conf.d'));
    writeFileSync(host.path('/etc/rc.conf.d'), 'in the way\n');
    const before = stateOf(host);
    const { status, report } = await run(script(), host, only('halt', 'nmdm', 'tcp', 'limits', 'service'));
    expect([status, report.tests.map(({ name, reason }) => [name, reason])]).toEqual([
      0,
      [
        ['halt', 'hw.vmm.halt_detection is 0: a guest that halts never ends'],
        ['nmdm', 'the module nmdm is not there'],
        ['tcp', null],
        ['limits', 'limits are switched off: kern.racct.enable=1 in loader.conf; the launcher says so'],
        ['service', '/etc/rc.conf.d/bhyve_bhyvecst_service cannot be written here'],
      ],
    ]);
    expect(stateOf(host)).toBe(before);
  } finally {
    host.dispose();
  }
});

test.runIf(full)('where no time is left for a test it is skipped; who reads the report may go', async () => {
  const host = standInHost();
  try {
    const before = stateOf(host);
    const env = { ...host.env, BHYVEC_SELFTEST_LIMIT: '-1' };
    const late = await run(script(), host, only('off'), { env });
    expect([late.status, late.report.tests.map(({ reason }) => reason)]).toEqual([
      0,
      ['no time is left: BHYVEC_SELFTEST_LIMIT=-3 gives more'],
    ]);
    const words = `sh ${script().file} --only off | head -n 2`;
    expect((await host.run('sh', ['-c', words], { env: { BHYVEC_SELFTEST_PATIENCE: '600' } })).stdout).toBe(
      'TAP version 13\n1..1\n',
    );
    expect((await run(script(), host, ['--clean'])).stdout).toBe('# nothing is left over\n');
    expect(stateOf(host)).toBe(before);
  } finally {
    host.dispose();
  }
});

test.runIf(full)('a signal ends it in order, and it says so', async () => {
  const host = standInHost();
  try {
    const before = stateOf(host);
    host.pause(1, { pattern: 'bhyve' });
    const running = start(script(), host, only('off'));
    await host.paused();
    running.kill('SIGTERM');
    host.release();
    const { status, stdout } = await running.done;
    expect([status, readTap(stdout).problem]).toEqual([143, 'ended by SIGTERM']);
    expect(stateOf(host)).toBe(before);
  } finally {
    host.dispose();
  }
});

test.runIf(full)('two of them at once: the second one says who has the host', async () => {
  const host = standInHost();
  try {
    host.pause(1, { pattern: 'bhyve' });
    const first = start(script(), host, only('off'));
    await host.paused();
    const second = await run(script(), host, only('off'));
    expect([second.status, second.report.problem]).toEqual([
      1,
      expect.stringContaining(`process ${String(first.pid)}`),
    ]);
    expect((await run(script(), host, ['--clean'])).status).toBe(1);
    host.release();
    expect((await first.done).status).toBe(0);
  } finally {
    host.dispose();
  }
});

test('a failure ends it, unless it is to go on; a wrong name is wrong usage', async () => {
  const host = standInHost();
  try {
    host.fail(0, { pattern: 'bhyve' });
    const names = only('off', 'reset');
    const stopped = await run(script(), host, names);
    expect([stopped.status, stopped.report.tests.map(({ result }) => result)]).toEqual([1, ['fail']]);
    expect(stopped.report.problem).toContain('off failed');
    const whole = await run(script(), host, [...names, '--keep-going']);
    expect([whole.status, whole.report.problem, whole.report.tests.length]).toEqual([1, null, 2]);
    expect((await run(script(), host, only('of'))).status).toBe(2);
    expect((await run(script(), host, ['--all'])).status).toBe(2);
  } finally {
    host.dispose();
  }
});
