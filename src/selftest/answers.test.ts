/** What reports say of the table of releases. */
import { expect, test } from 'vitest';
import { availability, capabilities, releases } from '../host/releases.ts';
import { readAnswers } from './answers.ts';
import { showAnswers } from './show-answers.ts';
import type { SelftestReport } from './report-shape.ts';

function reportOf(release: string, values: Readonly<Record<string, string>>): SelftestReport {
  const all = { release, 'without-capabilities': 'runs', ...values };
  const facts = Object.entries(all).map(([name, value]) => ({
    name,
    value,
    place: name.startsWith('capability-') ? `src/host/releases.ts: ${name.slice('capability-'.length)}` : null,
  }));
  return { version: 1, passed: true, problem: null, facts, tests: [] };
}

function verdicts(release: string, values: Readonly<Record<string, string>>): readonly string[] {
  const { answers } = readAnswers(reportOf(release, values));
  return answers
    .filter(({ said }) => said !== null)
    .map(({ capability, host, verdict }) => `${capability} ${String(host)} ${verdict}`);
}

test.each([
  ['14.3-RELEASE-p5', { 'capability-tcp-console': 'runs' }, 'tcp-console there settled'],
  ['14.3-RELEASE', { 'capability-tcp-console': 'refused with 4' }, 'tcp-console absent settled'],
  ['15.0-RELEASE', { 'capability-tcp-console': 'runs' }, 'tcp-console there agrees'],
  ['15.0-RELEASE', { 'capability-tcp-console': 'refused with 4' }, 'tcp-console absent contrary'],
  ['14.4-RELEASE', { 'capability-numa': 'refused with 64' }, 'numa absent settled'],
  // What bhyve passes over it takes as well.
  ['15.0-RELEASE', { 'capability-fbuf-vga': 'runs' }, 'fbuf-vga null says nothing'],
  ['11.4-RELEASE', { 'capability-block-nodelete': 'runs' }, 'block-nodelete there settled'],
  ['12.2-RELEASE', { 'capability-xhci-empty': 'refused with 139' }, 'xhci-empty absent settled'],
  ['11.3-RELEASE', { 'capability-error-exit-status': 'refused with 1' }, 'error-exit-status absent settled'],
  ['12.4-RELEASE', { modules: 'vmm nmdm if_tuntap' }, 'tuntap there settled'],
  ['12.4-RELEASE', { modules: 'vmm nmdm' }, 'tuntap null open'],
  ['11.4-RELEASE', { devices: 'hostbridge virtio-net ahci ' }, 'virtio-scsi absent settled'],
  // No release of the table, and answers that are none.
  ['14.3-STABLE', { 'capability-tcp-console': 'runs' }, 'tcp-console null says nothing'],
  ['14.3-RELEASE', { 'capability-tcp-console': 'refused with 137' }, 'tcp-console null open'],
  ['14.3-RELEASE', { 'capability-slirp': 'not asked: libslirp is not there' }, 'slirp null open'],
  [
    '14.3-RELEASE',
    { 'capability-tcp-console': 'refused with 4', 'without-capabilities': 'refused with 4' },
    'tcp-console null open',
  ],
  ['16.0-CURRENT', { 'capability-tcp-console': 'runs' }, 'tcp-console there agrees'],
])('%s with %j: %s', (release, values, verdict) => {
  expect(verdicts(release, values)).toEqual([verdict]);
});

test('a host that answers as the table says contradicts nothing, and ends each doubt that is asked', () => {
  for (const release of releases) {
    if (release === 'main') continue;
    const values = Object.fromEntries(
      capabilities.map((capability) => {
        const isThere = availability(capability, release, 'amd64') === 'yes';
        const said =
          capability === 'error-exit-status'
            ? `refused with ${isThere ? '4' : '1'}`
            : isThere
              ? 'runs'
              : 'refused with 4';
        return [`capability-${capability}`, said];
      }),
    );
    const all = verdicts(`${release}-RELEASE`, values);
    expect(all.filter((verdict) => verdict.endsWith(' contrary'))).toEqual([]);
    expect(all.filter((verdict) => verdict.endsWith(' open'))).toEqual([]);
  }
});

test('as text: what is new first, then what is left open, and other answers with what hangs on them', () => {
  const report = reportOf('14.3-RELEASE', {
    'capability-tcp-console': 'runs',
    'capability-hda': 'runs',
    'ps-title': 'bhyve\u001B[2J',
  });
  const facts = report.facts.map((fact) =>
    fact.name === 'ps-title' ? { ...fact, place: 'templates: has_title' } : fact,
  );
  const tests = [{ name: 'off', title: '', result: 'pass' as const, reason: null, log: [] }];
  const whole = { ...report, facts, tests };
  expect(showAnswers(whole, readAnswers(whole)).split('\n')).toEqual([
    'FreeBSD 14.3-RELEASE: 1 passed, 0 failed, 0 skipped',
    'settled: tcp-console: there, for it runs; the table has it in doubt',
    'open: bootindex: nobody asked; the table has it in doubt',
    'open: slirp: nobody asked; the table has it in doubt',
    'open: fbuf-large: nobody asked; the table has it in doubt',
    'answers that agree with src/host/releases.ts: 1',
    'ps-title: bhyve\\x1b[2J',
    '  hangs on it: templates: has_title',
    '',
  ]);
});
