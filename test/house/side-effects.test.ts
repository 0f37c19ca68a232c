/**
 * Side effects are in a few rooms and nowhere else: dependency-cruiser keeps modules of Node out of all others, oxlint its globals,
 * and this test the clock, chance and what waits; the two lists of rooms are one.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { nodeFolders } from '../../.dependency-cruiser.mjs';
import { root } from '../../scripts/bundling.mjs';
import { filesBelow } from './tree.ts';

const sources = filesBelow('src').filter((file) => /(?<!\.test|\.testing)\.ts$/.test(file));
const isEffect = (file: string): boolean => nodeFolders.some((folder) => new RegExp(folder).test(file));

interface LintRules {
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: Readonly<Record<string, unknown>>;
  }[];
}

test('the linter allows the globals of Node where the layer rules allow its modules', () => {
  const text = readFileSync(path.join(root, '.oxlintrc.json'), 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');
  const { overrides } = JSON.parse(text) as LintRules;
  const [allowed] = overrides.filter(({ rules }) => rules['no-restricted-globals'] === 'off');
  const files = new Set(globSync([...(allowed?.files ?? [])], { cwd: root }));
  expect(sources.filter((file) => files.has(file) && !isEffect(file))).toEqual([]);
  // Two of them use modules of Node, but none of its globals.
  expect(sources.filter((file) => !files.has(file) && isEffect(file))).toEqual([
    'src/supervisor/compiler.ts',
    'src/supervisor/paths.ts',
  ]);
});

test('what is pure asks no clock, no chance, and waits for nothing', () => {
  const impure =
    /\b(?:Date\.now|new Date\(\)|Math\.random|performance\.|crypto\.|setTimeout|setInterval|setImmediate|fetch\()/;
  const pure = sources.filter((file) => !isEffect(file));
  expect(pure.length).toBeGreaterThan(200);
  expect(pure.filter((file) => impure.test(readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
});
