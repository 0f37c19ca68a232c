/** Texts of the largest size, in a sample of a quarter of it: whatever they consist of, they are parsed to the end. */
import { describe, expect, it } from 'vitest';
import { size } from '../../../test/full.ts';
import { largestDocument } from '../../text/limits.ts';
import { parse } from './testing.ts';

const length = size(largestDocument / 4, largestDocument);

describe('a large text', () => {
  const fill = (start: string, piece: string, end: string): string =>
    start + piece.repeat(Math.floor((length - start.length - end.length) / piece.length)) + end;
  // Where time grew too fast with the length, the limit of the test would end it: quadratic work takes hours here.
  it.each([
    [
      'of devices',
      fill('<domain>', `  <disk type='file'>\n    <source file='/vm/1.img'/>\n  </disk>\n`, '</domain>'),
      0,
    ],
    ['of text', fill('<a>', 't', '</a>'), 0],
    ['of one name', fill('<', 'n', '/>'), 0],
    ['of one value', fill(`<a b='`, ' ', `'/>`), 0],
    ['of space in an open value', fill(`<a b='`, ' ', '/>'), 1],
    ['of <', fill('', '<', ''), 2],
    ['of & in a row', fill('<a>', '&', '</a>'), 1],
    ['of &', fill('<a>', '& ', '</a>'), 101],
    ['of quotes', fill('<a ', `"'`, '>'), 1],
    ['of hyphens', fill('<a><!--', '-', '</a>'), 1],
    ['of open comments', fill('<a>', '<!--', ''), 1],
    ['of zeros in a reference', fill('<a>&#', '0', ';</a>'), 1],
    ['of end tags', fill('<a>', '</b>', ''), 101],
  ])('%s come to an end', (_title, text, expected) => {
    expect(parse(text).diagnostics).toHaveLength(expected);
  });
});
