/** Bytes that are a text, and all the kinds that are not. */
import { describe, expect, it } from 'vitest';
import { createReporter } from '../../diagnostics/reporter.ts';
import { positionOf } from '../../diagnostics/source.ts';
import { largestDocument } from '../../text/limits.ts';
import { decodeSource } from './decode.ts';

function decode(bytes: Uint8Array | readonly number[]) {
  const reporter = createReporter({ strict: false });
  const source = decodeSource('test.xml', Uint8Array.from(bytes), reporter);
  for (const { span } of reporter.diagnostics) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(span.source.text.length);
  }
  return { text: source?.text ?? null, diagnostics: reporter.diagnostics };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

describe('decodeSource', () => {
  it.each([
    ['plain text', '<a/>'],
    ['nothing', ''],
    ['all lengths of UTF-8', '<a>\u00e9\u20ac\ud7ff\ue000\ufffd\u{10000}\u{10ffff}</a>'],
    ['declared as UTF-8', `<?xml version='1.0' encoding='utf-8'?><a/>`],
    ['declared as ASCII', `<?xml version="1.0" encoding="US-ASCII"?><a/>`],
    ['another encoding in a comment', `<?xml version='1.0'?><!-- encoding='UTF-16' --><a/>`],
  ])('reads %s', (_title, text) => {
    expect(decode(utf8(text))).toEqual({ text, diagnostics: [] });
    expect(decode([0xef, 0xbb, 0xbf, ...utf8(text)])).toEqual({ text, diagnostics: [] });
  });

  it.each([
    ['UTF-16, little end first, with a mark', [0xff, 0xfe, 0x3c, 0, 0x61, 0], 'UTF-16'],
    ['UTF-16, big end first, with a mark', [0xfe, 0xff, 0, 0x3c, 0, 0x61], 'UTF-16'],
    ['UTF-16, little end first', [0x3c, 0, 0x61, 0], 'UTF-16'],
    ['UTF-16, big end first', [0, 0x3c, 0, 0x61], 'UTF-16'],
    ['UTF-16 of one character', [0x3c, 0], 'UTF-16'],
    ['UTF-32, little end first, with a mark', [0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0], 'UTF-32'],
    ['UTF-32, big end first, with a mark', [0, 0, 0xfe, 0xff, 0, 0, 0, 0x3c], 'UTF-32'],
    ['UTF-32, little end first', [0x3c, 0, 0, 0, 0x61, 0, 0, 0], 'UTF-32'],
    ['UTF-32, big end first', [0, 0, 0, 0x3c, 0, 0, 0, 0x61], 'UTF-32'],
  ])('refuses %s', (_title, bytes, encoding) => {
    const { text, diagnostics } = decode(bytes);
    expect(text).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toEqual(['BV0103']);
    expect(diagnostics[0]?.message).toContain(encoding);
  });

  it.each([
    ['Latin-1', '<a>\n\xe9\xe9</a>', 4],
    ['a lone continuation byte', '\x80', 0],
    ['an overlong form', '<a>\xc0\x80', 3],
    ['an overlong form of three bytes', '<\xe0\x80\xaf', 1],
    ['half a surrogate pair', '<\xed\xa0\x80', 1],
    ['a number above the last one', '<\xf4\x90\x80\x80', 1],
    ['a sequence that is cut off', '<a>\xe2\x82', 3],
  ])('refuses %s and says where', (_title, text, offset) => {
    const { text: decoded, diagnostics } = decode(latin(text));
    expect(decoded).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toEqual(['BV0102']);
    expect(diagnostics[0]?.message).toContain(`offset ${String(offset)}`);
    expect(diagnostics[0]?.span.start).toBe(offset);
  });

  it('points at the line behind a byte order mark and longer characters', () => {
    const { diagnostics } = decode([0xef, 0xbb, 0xbf, ...utf8('<a>\u20ac\n\u{1f427}'), 0xff]);
    const [diagnostic] = diagnostics;
    expect(diagnostic?.message).toBe('byte 0xFF in line 2 (offset 14) is not UTF-8');
    expect(diagnostic && positionOf(diagnostic.span.source, diagnostic.span.start)).toEqual({ line: 2, column: 3 });
  });

  it('refuses NUL, in a text at its place', () => {
    const inText = decode(utf8('<name>\u20aca\0b</name>'));
    expect(inText.diagnostics.map(({ code, span }) => [code, span.start])).toEqual([['BV0105', 8]]);
    const binary = decode([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]);
    expect(binary.diagnostics.map(({ code, span }) => [code, span.source.text])).toEqual([['BV0105', '']]);
  });

  it('refuses another declared encoding, and does not also complain of its bytes', () => {
    const { text, diagnostics } = decode(latin(`<?xml version='1.0' encoding="ISO-8859-1"?><a>\xe9</a>`));
    expect(text).toBeNull();
    expect(diagnostics.map(({ code, span }) => [code, span.source.text.slice(span.start, span.end)])).toEqual([
      ['BV0104', 'ISO-8859-1'],
    ]);
  });

  it('reads 4 MiB and not a byte more', () => {
    expect(decode(new Uint8Array(largestDocument).fill(0x20)).diagnostics).toEqual([]);
    expect(decode(new Uint8Array(largestDocument + 1).fill(0x20)).diagnostics.map(({ code }) => code)).toEqual([
      'BV0101',
    ]);
  });

  it('refuses 100 MB', () => {
    const reporter = createReporter({ strict: false });
    const bytes = new Uint8Array(100_000_000);
    expect(decodeSource('test.xml', bytes, reporter)).toBeNull();
    expect(reporter.diagnostics.map(({ code }) => code)).toEqual(['BV0101']);
  });
});
