/** The escape of a console, key by key and in pieces. */
import { expect, test } from 'vitest';
import { createEscape } from './escape.ts';

function typed(...pieces: readonly string[]): { readonly bytes: string; readonly hasLeft: boolean } {
  const escape = createEscape();
  let bytes = '';
  for (const piece of pieces) {
    const result = escape(Buffer.from(piece));
    bytes += Buffer.from(result.send).toString();
    if (result.leave) return { bytes, hasLeft: true };
  }
  return { bytes, hasLeft: false };
}

test.each([
  ['at once', ['~.'], '', true],
  ['after a line', ['ls\r~.more'], 'ls\r', true],
  ['in two pieces', ['ls\n', '~', '.'], 'ls\n', true],
  ['within a line it is text', ['a~.'], 'a~.', false],
  ['two tildes are one', ['~~.'], '~.', false],
  ['another key after the tilde', ['~x'], '~x', false],
  ['a line end after the tilde', ['~\r~.'], '~\r', true],
  ['^] anywhere', ['a\x1d', 'b'], 'a', true],
  ['^] after a tilde', ['~\x1d'], '', true],
  ['control keys go through', ['\x03\x04'], '\x03\x04', false],
] as const)('%s', (_title, pieces, bytes, hasLeft) => {
  expect(typed(...pieces)).toEqual({ bytes, hasLeft });
});
