/** docs/host-profile.md names every key, its default, and shows profiles that work. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { profileShape } from './fields.ts';
import { read } from './read.testing.ts';
import type { RecordShape } from './shape.ts';

const page = readFileSync('docs/host-profile.md', 'utf8');

test('the page has every key with its default', () => {
  for (const [path, value] of keysOf('', profileShape)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${path}\` |`));
    expect(row, path).toBeDefined();
    if (value !== null) expect(row?.split('|').at(-2), path).toContain(value);
  }
});

test('every profile on the page works', () => {
  const blocks = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  expect(blocks.length).toBeGreaterThan(3);
  for (const block of blocks) expect(read(block).diagnostics, block).toEqual([]);
});

/** Keys without keys of their own, with their default as text. */
function* keysOf(path: string, shape: RecordShape): Generator<readonly [string, string | null]> {
  for (const [key, field] of Object.entries(shape.fields)) {
    const inner = path === '' ? key : `${path}.${key}`;
    if (field.shape.kind === 'record') yield* keysOf(inner, field.shape);
    else yield [inner, field.default === undefined ? null : JSON.stringify(field.default).replaceAll('"', '')];
  }
}
