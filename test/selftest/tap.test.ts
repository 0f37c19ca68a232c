/**
 * The report as readers of TAP and YAML take it: the rules of YAML 1.2 for the two kinds of scalars that it has (7.3.2 single-quoted,
 * 8.1.2 literal), and those of TAP for what stands where.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readTap } from '../../src/selftest/report.ts';

const parts = readFileSync('src/selftest/sh/tap.sh', 'utf8');

/** Reads the block below a test as YAML, strictly: null where a reader of YAML would refuse it. */
function readBlock(lines: readonly string[]): { readonly message: string; readonly log: string } | null {
  const [start, message = '', log, ...rest] = lines;
  const quoted = /^ {2}message: '((?:[ -&(-~]|'')*)'$/.exec(message)?.[1];
  if (start !== '  ---' || quoted === undefined || log !== '  log: |' || rest.pop() !== '  ...') return null;
  const deep = /^ */.exec(rest.find((line) => line.trim() !== '') ?? '    ')?.[0].length;
  const isText = (line: string): boolean => /^[\t -~]*$/.test(line) && (/^ {4}/.test(line) || line === '');
  if (deep !== 4 || !rest.every(isText)) return null;
  return { message: quoted.replaceAll("''", "'"), log: rest.map((line) => line.slice(4)).join('\n') };
}

/** What tap.sh says of tests that failed so. */
function told(failures: readonly { readonly why: string; readonly log: string; readonly report: string }[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-tap-'));
  try {
    const calls = failures.map(({ log, report }, at) => {
      writeFileSync(path.join(folder, `log-${String(at)}`), log);
      writeFileSync(path.join(folder, `report-${String(at)}`), report);
      return [
        `cp "$work/log-${String(at)}" "$work/log"`,
        `report=$work/report-${String(at)}`,
        `why=$1`,
        `tell_result tap 'its tap'`,
        'shift',
      ].join('\n');
    });
    const text = `set -u\nnewline='\n'\nwork=$0\n${parts}\n${calls.join('\n')}\n`;
    const words = ['-c', text, folder, ...failures.map(({ why }) => why)];
    const { stdout, stderr } = spawnSync('sh', words, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    expect(stderr).toBe('');
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const awful = [
  'launch run: ended with 1, not with 0 # at all',
  '- first',
  "it's 'quoted' \"twice\"",
  'key: [a, {b: c}] & * ! | > % @ ` \\n ~',
  'left behind:\n process 12\n interface tap0',
  "'",
  'yes',
  '...',
  '\u001B[1mred\u0007 and \r back \u00E4',
];

test('whatever a message and a log say, the block below is YAML, and our reader has it back', () => {
  const failures = awful.map((why) => ({ why, log: `${why}\n`, report: 'launcher 12\nguest 13\n' }));
  const logs = ['', '\n\n   deep\nshallow\n\ttab\n', '  ...\n---\n...\n', 'no end of line', '\u0000\u0001\u00E4\r\n'];
  failures.push(...logs.map((log) => ({ why: 'x', log, report: '' })));
  failures.push({ why: 'x', log: 'no end of line', report: 'end 1' });
  const text = told(failures);
  const blocks = text.split(/^not ok \d+ - tap: its tap\n/m).slice(1);
  const read = blocks.map((block) => readBlock(block.replace(/\n$/, '').split('\n')));
  const shown = (said: string): string =>
    Buffer.from(said.replaceAll('\n', ' ')).toString('latin1').replaceAll(/[^ -~]/g, '?'); // prettier-ignore
  expect(read.map((one) => one?.message)).toEqual([...awful.map((why) => shown(why)), 'x', 'x', 'x', 'x', 'x', 'x']);
  expect(read.slice(awful.length).map((one) => one?.log)).toEqual([
    'nothing was said',
    '\n\ndeep\nshallow\n\ttab',
    '...\n---\n...',
    'no end of line',
    '?????',
    'no end of line\nreport: end 1',
  ]);
  const { tests } = readTap(`TAP version 13\n1..${String(failures.length)}\n${text}`);
  expect(tests.map(({ reason }) => reason)).toEqual(read.map((one) => one?.message));
  expect(tests.map(({ log }) => log.join('\n'))).toEqual(read.map((one) => one?.log));
});

test('a fact is one line, whatever a program has said', () => {
  const { stdout } = spawnSync('sh', ['-c', `newline='\n'\n${parts}\nfact a "$1" b`, 'sh', 'one\nok 1 - two'], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('# fact a: one ok 1 - two\n# hangs on it: b\n');
});
