/**
 * No test waits a fixed time for something to happen, none fails because a machine is slow, and none is tried twice:
 * test/until.ts has the ways to wait.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { filesBelow } from './tree.ts';

/** What no test has, and what it does instead. */
const refused: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bsetTimeout\(|timers\/promises/, '`until` or `found` wait for the thing itself'],
  [/\bperformance\.now\(|\bhrtime\b|Date\.now\(\)\s*[-+]|[-+<>]\s*Date\.now\(/, '`npm run bench` measures'],
  [/\b(?:timeout|retry|repeats|interval):\s*[\d_]+/, 'the limit of vitest.config.ts is the only one'],
  [/^ *\}, [\d_]{4,}\);$/m, 'the limit of vitest.config.ts is the only one'],
  [/\bAtomics\.wait\(|\bvi\.waitFor\(|\bvi\.waitUntil\(/, '`until` or `found` wait for the thing itself'],
  [/['"`]sleep \d*\.?\d+['"`]/, '`until` or `found` wait for the thing itself'],
];

/** Those that may, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'test/until.ts': 'has the ways to wait',
  'test/cli/start-resident.ts': 'reads a fifo again until its line is there, as a call that blocks would',
  'test/launcher/measure.ts': 'measures for the bench; the test looks at the processes alone',
  'test/house/waiting.test.ts': 'has the patterns',
};

const files = [...filesBelow('test'), ...filesBelow('src')].filter(
  (file) => file.endsWith('.ts') && (file.startsWith('test/') || file.endsWith('.test.ts')),
);

test('tests wait for the thing itself', () => {
  const found = files
    .filter((file) => !(file in exceptions))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      return refused.filter(([pattern]) => pattern.test(text)).map(([, instead]) => `${file}: ${instead}`);
    });
  expect(found).toEqual([]);
  for (const file of Object.keys(exceptions)) expect(files).toContain(file);
});

test('nothing is tried twice', () => {
  expect(readFileSync(path.join(root, 'vitest.config.ts'), 'utf8')).toContain(' retry: 0,');
});
