/** The search for a file upwards. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nearestAbove } from './upwards.ts';

let top = '';
beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'bhyvec-upwards-'));
  mkdirSync(path.join(top, 'shared/mine/deep'), { recursive: true });
});
afterEach(() => {
  rmSync(top, { recursive: true });
});

const put = (folder: string): string => {
  const file = path.join(top, folder, 'a.lock');
  writeFileSync(file, '');
  return file;
};
const from = (folder: string): string | null => nearestAbove('a.lock', path.join(top, folder));

test('the nearest one counts, in the folder itself or above', () => {
  const above = put('shared');
  expect(from('shared/mine/deep')).toBe(above);
  const nearer = put('shared/mine');
  expect(from('shared/mine/deep')).toBe(nearer);
  expect(from('shared')).toBe(above);
});

test('what lies in or above a folder that everybody may write to is not found from below it', () => {
  chmodSync(path.join(top, 'shared'), 0o1777);
  const there = put('shared');
  put('.');
  expect(from('shared/mine/deep')).toBeNull();
  // Who works there means it.
  expect(from('shared')).toBe(there);
});
