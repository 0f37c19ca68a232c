/** Random texts: pieces of XML in any order, and domains with something wrong in them. */
import fc from 'fast-check';
import { domains } from './domains.ts';

/** Pieces of XML, right and wrong. */
const pieces = fc.constantFrom(
  ...['<', '>', '/>', '</', '&', '&amp;', '&#0;', '&#x41;', '"', "'", '=', ' ', '\n', '\r\n', '--', '<!--', '-->'],
  ...[
    '<![CDATA[',
    ']]>',
    '<?xml version="1.0"?>',
    '<?x',
    '?>',
    '<!DOCTYPE a [',
    'xmlns:a="b"',
    'a:b',
    '\ufeff',
    '\u00e9',
  ],
  ...['<domain type="bhyve">', '</domain>', '<name>x</name>', '<devices>', '</devices>', '<memory>1</memory>', '<os>'],
  ...['<disk>', '<target dev="vda"/>', '%%X%%', '${a}', '{{ b }}', '\u0000', '\ud800', '\u2028', '<a b="c"', '</a>'],
);

/** Values that look like numbers, words, paths, and are none. */
const values = fc.constantFrom(
  ...['', ' ', '-1', '0', '1', '4294967296', '99999999999999999999', '0x', '0xffffffff', '1e9', 'NaN', '\u0661'],
  ...[
    'yes',
    'none',
    'auto',
    'virtio',
    'sata',
    'nvme0n1',
    'sdzzzzzz',
    'usb',
    'pci',
    'drive',
    'efi',
    'xen',
    'constructor',
  ],
  ...['/', '//', 'a,b', '%(x)', '\\', 'a\tb', '__proto__', '/dev/nmdmA', '::', '0-4294967295', '^1', '5-1', '1-16383'],
);

/** Any text. */
export const anyText = fc.oneof(
  fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.array(pieces, { maxLength: 20 }).map((parts) => `<domain type='bhyve'>${parts.join('')}</domain>`),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Another value in the place of one attribute or text. */
const otherValue = fc.record({ at: fc.nat(), value: values, kind: fc.constantFrom('attribute', 'text') });

function withOtherValue(xml: string, { at, value, kind }: { at: number; value: string; kind: string }): string {
  const places = [...xml.matchAll(kind === 'text' ? />([^<>\n]+)</g : /'([^'<>]*)'/g)];
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return xml;
  const start = place.index + 1;
  return xml.slice(0, start) + value + xml.slice(start + (place[1] ?? '').length);
}

/** A cut, a doubled part, or a foreign piece. */
const damage = fc.record({
  at: fc.nat(),
  length: fc.nat(60),
  piece: pieces,
  kind: fc.constantFrom('cut', 'double', 'insert'),
});

function damaged(
  xml: string,
  { at, length, piece, kind }: { at: number; length: number; piece: string; kind: string },
): string {
  const start = at % (xml.length + 1);
  const part = xml.slice(start, start + length);
  const middle = kind === 'cut' ? '' : kind === 'double' ? part + part : piece + part;
  return xml.slice(0, start) + middle + xml.slice(start + length);
}

/** A domain with values that it should not have. */
export const wrongValues = fc
  .tuple(domains, fc.array(otherValue, { minLength: 1, maxLength: 6 }))
  .map(([{ xml }, changes]) => changes.reduce(withOtherValue, xml));

/** A domain whose text was damaged. */
export const damagedDomains = fc
  .tuple(domains, fc.array(damage, { minLength: 1, maxLength: 4 }))
  .map(([{ xml }, changes]) => changes.reduce(damaged, xml));
