/** The outermost element of a document, found without parsing it. */
import { expect, test } from 'vitest';
import { rootName } from './root-name.ts';

test.each([
  ['<network/>', 'network'],
  ["\uFEFF<?xml version='1.0'?>\n<!-- <domain> -->\n<network ipv6='yes'>", 'network'],
  ['<!DOCTYPE domain [ <!ENTITY a "b"> ]>\n<domain>', 'domain'],
  ['<!DOCTYPE domain>\n<domain>', 'domain'],
  ['<n:network>', 'n:network'],
  ['<!-- no end', ''],
  ['text', ''],
  ['', ''],
])('%j', (text, name) => {
  expect(rootName(text)).toBe(name);
});

test('many comments are passed in one go', () => {
  expect(rootName('<!-- a -->'.repeat(100_000))).toBe('');
});
