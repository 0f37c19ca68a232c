/** What a machine can check of how our files are written: their size, their first lines, their characters, their words. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { filesBelow } from './tree.ts';

/** Words that put work off, split so that this file does not hold them. */
const forbidden = [
  ['TO', 'DO'],
  ['FIX', 'ME'],
  ['XX', 'X'],
  ['HA', 'CK'],
].map((parts) => parts.join(''));
const longestFile = 300;
const longestComment = 8;

function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const ours = ['src', 'scripts', 'test', 'templates', 'man', 'docs', '.ci'].flatMap(filesBelow);
const topLevel = ['vitest.config.ts', '.oxlintrc.json', '.dependency-cruiser.mjs'];
const isGenerated = (file: string): boolean => /[.]gen[.]/.test(file);
const code = [...ours, ...topLevel].filter((file) => /[.](?:ts|mjs|js)$/.test(file) && !isGenerated(file));
const texts = [...ours, ...topLevel].filter(
  (file) => /[.](?:ts|mjs|js|md|hbs|json|1)$|^[.]ci/.test(file) && !isGenerated(file),
);

/** The comment that a file opens with, after a `#!` line. */
function openingComment(text: string): string | null {
  const body = text.replace(/^#!.*\n/, '');
  return (/^\/\*\*[\s\S]*?\*\/\n/.exec(body) ?? /^(?:\/\/.*\n)+/.exec(body))?.[0] ?? null;
}

test('code opens with a comment of a few lines that says what the file holds', () => {
  const lengthOf = (file: string): number => openingComment(textOf(file))?.trimEnd().split('\n').length ?? 0;
  expect(code.filter((file) => lengthOf(file) === 0 || lengthOf(file) > longestComment)).toEqual([]);
});

test('files are short enough to be read', () => {
  const lengths = code.map((file) => [file, textOf(file).trimEnd().split('\n').length] as const);
  expect(lengths.filter(([, length]) => length > longestFile)).toEqual([]);
});

const readable = texts.filter((file) => !file.startsWith('test/golden/'));

test('texts are plain ASCII, data in tests aside', () => {
  const files = readable.filter((file) => !file.endsWith('.test.ts'));
  const found = files.flatMap((file) => {
    const lines = textOf(file).split('\n');
    return lines.flatMap((line, i) => (/[^\t -~]/.test(line) ? [`${file}:${String(i + 1)}`] : []));
  });
  expect(found).toEqual([]);
});

test('nothing is put off', () => {
  const words = new RegExp(`\\b(?:${forbidden.join('|')})\\b`);
  expect(readable.filter((file) => words.test(textOf(file)))).toEqual([]);
});

test('no source is a barrel of re-exports', () => {
  const barrels = code.filter((file) => {
    const lines = textOf(file)
      .replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
      .trim()
      .split('\n');
    return file.startsWith('src/') && lines.every((line) => /^export (?:\*|\{.*\}) from /.test(line));
  });
  expect(barrels).toEqual([]);
});
