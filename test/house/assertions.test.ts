/** What tests assert: no comparison that fits whatever it is given. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';

/** The arguments of each call of a matcher that takes an expression for what it is to be part of. */
function partsOf(text: string): readonly string[] {
  return text.split('.toMatchObject(').slice(1).map(firstArguments);
}

/** The text up to the parenthesis that closes the call. */
function firstArguments(text: string): string {
  let depth = 1;
  const end = [...text].findIndex((character) => {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    return depth === 0;
  });
  return text.slice(0, end);
}

/** Whether a regular expression stands there for a value: as such it fits any text. */
function hasBareExpression(parts: string): boolean {
  const withoutTexts = parts.replaceAll(/(?<=[:[,]\s*)'(?:[^'\\\n]|\\.)*'/g, "''");
  return /[:[,]\s*\/(?![/*])/.test(withoutTexts);
}

test('a regular expression in toMatchObject is in expect.stringMatching: by itself it fits any text', () => {
  expect(
    ['{ err: /x/ }', '{ err: expect.stringMatching(/x/) }', '[/x/]', '{ a: 1, // why\n }'].map(hasBareExpression),
  ).toEqual([...[true, false, true, false]]);
  const files = ['src', 'test'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  );
  const tests = files.filter((file) => file.endsWith('.ts') && !file.endsWith('assertions.test.ts'));
  const found = tests.filter((file) => partsOf(readFileSync(path.join(root, file), 'utf8')).some(hasBareExpression));
  expect(found).toEqual([]);
});
