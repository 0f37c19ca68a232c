/** No full run is forgotten: what `npm test` runs as a sample stands in scripts/full-runs.mjs, and CI runs it at full size. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { fullRuns } from '../../scripts/full-runs.mjs';
import { filesBelow } from './tree.ts';

const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const tests = [...filesBelow('test'), ...filesBelow('src')].filter((file) => file.endsWith('.ts'));

test('each file with a sample has its full run', () => {
  const users = tests.filter((file) => /from '[./]+\/(?:test\/)?full\.ts'/.test(textOf(file)));
  expect(Object.keys(fullRuns).toSorted()).toEqual(users.toSorted());
});

test('there is one switch', () => {
  const name = ['BHYVEC', 'FULL'].join('_');
  expect(tests.filter((file) => textOf(file).includes(`'${name}'`))).toEqual(['test/full.ts']);
});

test('CI runs them', () => {
  expect(textOf('.ci/run')).toContain('npm run --silent test:full');
});
