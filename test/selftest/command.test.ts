/** `bhyvec host selftest` as users meet it, on a stand-in host. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { full } from '../full.ts';
import { buildProgram, type Program } from '../cli/program.ts';
import type { Host } from '../host/host.ts';
import { standInHost, stateOf } from './suite.ts';

let program: Program;
let host: Host;
beforeAll(async () => {
  program = await buildProgram();
  host = standInHost();
});
afterAll(() => {
  program.remove();
  host.dispose();
});

const patient = { BHYVEC_SELFTEST_PATIENCE: '600', BHYVEC_SELFTEST_LIMIT: '36000' };

function selftest(...words: readonly string[]): ReturnType<Program['run']> {
  return program.run(['host', 'selftest', ...words], { env: { ...host.env, ...patient } });
}

test('it runs the tests, the supervisor too, and leaves nothing', () => {
  const before = stateOf(host);
  const { status, out, err } = selftest('--only', 'supervisor');
  expect([status, err]).toEqual([0, '']);
  expect(out).toMatch(/^TAP version 13\n1[.][.]1\n(?:# .*\n)*ok 1 - supervisor: [^#\n]*\n# 1 of 1 passed/);
  expect(stateOf(host)).toBe(before);
});

test.runIf(full)('JSON has the published shape', () => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
  const validate = ajv.compile(JSON.parse(readFileSync('schemas/selftest.schema.json', 'utf8')) as object);
  host.fail(0, { pattern: 'bhyve' });
  const failed = selftest('--only', 'off', '--format', 'json');
  host.disarm();
  const report = JSON.parse(failed.out) as { passed: boolean; tests: { result: string; log: string[] }[] };
  expect(validate(report), ajv.errorsText(validate.errors)).toBe(true);
  expect([failed.status, report.passed, report.tests[0]?.result]).toEqual([1, false, 'fail']);
  expect(report.tests[0]?.log.length).toBeGreaterThan(0);
});

test('--list, --clean and wrong usage', () => {
  expect(selftest('--list').out).toContain('\nprobe-tap-up does bhyve raise its tap?\n');
  expect(selftest('--clean')).toMatchObject({ status: 0, out: '# nothing is left over\n' });
  expect(selftest('--only', 'of')).toMatchObject({ status: 2 });
  expect(selftest('--format', 'xml')).toMatchObject({ status: 2 });
});

test('--read tells what a report says of the table, in TAP or JSON', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-report-'));
  try {
    const read = (text: string, ...words: readonly string[]): ReturnType<Program['run']> => {
      const file = path.join(folder, 'report');
      writeFileSync(file, text);
      return program.run(['host', 'selftest', '--read', file, ...words]);
    };
    const tap = (release: string): string =>
      `TAP version 13\n1..0\n# fact release: ${release}\n# fact without-capabilities: runs\n# fact capability-tcp-console: refused with 4\n`;
    const settled = read(tap('14.3-RELEASE'));
    expect([settled.status, settled.out]).toEqual([
      0,
      expect.stringContaining('\nsettled: tcp-console: absent, for it refused with 4;'),
    ]);
    const json = read(tap('15.0-RELEASE'), '--format', 'json');
    expect([json.status, read(json.out).out]).toEqual([
      1,
      expect.stringContaining('\ncontrary: tcp-console: absent, for it'),
    ]);
    expect(read('TAP version 13\n')).toMatchObject({ status: 1, out: '' });
    expect(read('{"version": 2}').err).toMatch(/report: version is not/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--print gives the script of all releases, for which no host is needed', () => {
  const { status, out } = program.run(['host', 'selftest', '--print']);
  expect([status, out.startsWith('#!/bin/sh\n'), out.endsWith('main "$@"\nexit\n')]).toEqual([0, true, true]);
  expect(out.length).toBeLessThan(200_000);
  expect(out.match(/^set .*$/gm)).toContain('set 15.0');
});
