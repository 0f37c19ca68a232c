/** The page about the dialects: the table, and every row of it once. `npx vitest run src/dialect -u` refreshes the page. */
import { expect, test } from 'vitest';
import { differences } from './differences.ts';
import { dialectsPage } from './page.ts';

test('the page about dialects is the table', async () => {
  await expect(dialectsPage()).toMatchFileSnapshot('../../docs/dialects.md');
});

test('every row is on it once', () => {
  const names = [...dialectsPage().matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  expect(names.toSorted()).toEqual(Object.keys(differences).toSorted());
});
