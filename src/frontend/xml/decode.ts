/**
 * Bytes become a text: UTF-8 with or without a byte order mark. *Needs* the whole file; *gives* its text; *reports*
 * BV0101 to BV0105.
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import { largestDocument } from '../../text/limits.ts';
import { brief } from './names.ts';
import { positionOf, type SourceFile } from '../../diagnostics/source.ts';

/**
 * Decodes a file, or gives null and reports why not. Nothing of a file is looked at that is too large, or that is not
 * text: the diagnostic then points into an empty text of the same name.
 */
export function decodeSource(name: string, bytes: Uint8Array, reporter: Reporter): SourceFile | null {
  const empty: SourceFile = { name, text: '' };
  const nowhere = { source: empty, start: 0, end: 0 };
  if (bytes.length > largestDocument) {
    reporter.report('BV0101', nowhere, { limit: largestDocument });
    return null;
  }
  const encoding = wideEncoding(bytes);
  if (encoding !== null) {
    reporter.report('BV0103', nowhere, { encoding });
    return null;
  }
  const fault = firstFault(bytes);
  const nul = bytes.indexOf(0);
  if (nul >= 0 && fault >= 0) {
    reporter.report('BV0105', nowhere, { offset: nul });
    return null;
  }
  const source: SourceFile = { name, text: new TextDecoder().decode(bytes) };
  if (nul >= 0) {
    const at = textLength(bytes.subarray(0, nul));
    reporter.report('BV0105', { source, start: at, end: at + 1 }, { offset: nul });
    return null;
  }
  if (reportDeclaredEncoding(source, reporter)) return null;
  if (fault >= 0) {
    const at = textLength(bytes.subarray(0, fault));
    const byte = `0x${(bytes[fault] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
    const { line } = positionOf(source, at);
    reporter.report('BV0102', { source, start: at, end: at + 1 }, { byte, line, offset: fault });
    return null;
  }
  return source;
}

/** UTF-16 and UTF-32, by their byte order marks or by the NUL bytes beside a `<` or a space at the start. */
function wideEncoding(bytes: Uint8Array): string | null {
  const [a = 1, b = 1, c = 1, d = 1] = bytes;
  const isMarkup = (byte: number): boolean => [0x3c, 0x20, 0x09, 0x0a, 0x0d].includes(byte);
  if (a === 0 && b === 0 && (c === 0 ? isMarkup(d) : c === 0xfe && d === 0xff)) return 'UTF-32';
  if (b === 0xfe && a === 0xff) return c === 0 && d === 0 && bytes.length > 3 ? 'UTF-32' : 'UTF-16';
  if (a === 0xfe && b === 0xff) return 'UTF-16';
  if (a === 0 && isMarkup(b)) return 'UTF-16';
  if (isMarkup(a) && b === 0) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16';
  return null;
}

const declaredEncoding = /^<\?xml[ \t\r\n][^<>?]{0,200}?encoding[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/;

function reportDeclaredEncoding(source: SourceFile, reporter: Reporter): boolean {
  const match = declaredEncoding.exec(source.text.slice(0, 400));
  const encoding = match?.[1] ?? match?.[2];
  if (match === null || encoding === undefined || /^(?:utf-?8|(?:us-)?ascii)$/i.test(encoding)) return false;
  const end = match[0].length - 1;
  const span = { source, start: end - encoding.length, end };
  reporter.report('BV0104', span, { encoding: brief(encoding) });
  return true;
}

/** How long the text of valid bytes is, without a byte order mark. */
function textLength(bytes: Uint8Array): number {
  return new TextDecoder().decode(bytes).length;
}

/** The offset of the first byte that starts no correct UTF-8 sequence (Unicode, table 3-7), or -1. */
function firstFault(bytes: Uint8Array): number {
  const isContinuation = (at: number, low = 0x80, high = 0xbf): boolean => {
    const byte = bytes[at] ?? 0;
    return byte >= low && byte <= high;
  };
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) {
      at += 1;
    } else if (byte >= 0xc2 && byte <= 0xdf && isContinuation(at + 1)) {
      at += 2;
    } else if (
      byte >= 0xe0 &&
      byte <= 0xef &&
      isContinuation(at + 1, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf) &&
      isContinuation(at + 2)
    ) {
      at += 3;
    } else if (
      byte >= 0xf0 &&
      byte <= 0xf4 &&
      isContinuation(at + 1, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf) &&
      isContinuation(at + 2) &&
      isContinuation(at + 3)
    ) {
      at += 4;
    } else {
      return at;
    }
  }
  return -1;
}
