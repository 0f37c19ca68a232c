/** Mistakes: the code of each, its place, and what is made of the rest of the document. */
import { describe, expect, it } from 'vitest';
import { maximumFaults } from './faults.ts';
import { covered, outline, parse } from './testing.ts';

/** What is reported, as code and the text that it points at, and the tree that is made all the same. */
const cases: readonly [title: string, text: string, reports: readonly string[], tree: unknown][] = [
  ['nothing', '', ['BV0106 '], null],
  ['only space and a comment', ' \n<!-- a -->', ['BV0106 '], null],
  ['text that is not XML', ' {"a": 1}\n', ['BV0106 {"a": 1}'], null],
  ['a DOCTYPE', '<!DOCTYPE a SYSTEM "a.dtd"><a/>', ['BV0107 <!DOCTYPE'], ['a', {}]],
  [
    'a DOCTYPE with a subset',
    `<!DOCTYPE a [<!ENTITY x "]>"><!-- ' -->]><a>&x;</a>`,
    ['BV0107 <!DOCTYPE'],
    ['a', {}, '&x;'],
  ],
  ['a DOCTYPE without end', '<!DOCTYPE a\n<a/>', ['BV0107 <!DOCTYPE'], ['a', {}]],
  ['a DOCTYPE of HTML', '<!doctype html><html/>', ['BV0107 <!doctype'], ['html', {}]],
  ['a declaration', '<a><!ENTITY x "y"></a>', ['BV0108 <!ENTITY x "y">'], ['a', {}]],
  ['control characters', '<a>\u0001\u001b</a>', ['BV0110 \u0001', 'BV0110 \u001b'], ['a', {}, '\u0001\u001b']],
  ['half a surrogate pair', '<a>\ud800</a>', ['BV0110 \ud800'], ['a', {}, '\ud800']],
  ['a missing end tag', '<a><b><c></b></a>', ['BV0111 <c>'], ['a', {}, ['b', {}, ['c', {}]]]],
  ['missing end tags at the end', '<a><b>', ['BV0111 <b>'], ['a', {}, ['b', {}]]],
  ['a misspelt end tag', '<a><b>1</B><c/></a>', ['BV0112 </B>'], ['a', {}, ['b', {}, '1'], ['c', {}]]],
  ['the end tag of the parent twice', '<a><b>1</a></a>', ['BV0112 </a>'], ['a', {}, ['b', {}, '1']]],
  ['an end tag too many', '<a><b/></b></a>', ['BV0113 </b>'], ['a', {}, ['b', {}]]],
  ['an end tag after the end', '<a/></a>', ['BV0113 </a>'], ['a', {}]],
  ['tags that cross', '<a><b><c></b></c></a>', ['BV0111 <c>', 'BV0113 </c>'], ['a', {}, ['b', {}, ['c', {}]]]],
  ['no > in an empty tag', `<a><b x='1'\n<c/></a>`, [`BV0114 <b x='1'`], ['a', {}, ['b', { x: '1' }], ['c', {}]]],
  ['no > in a start tag', '<a><b text</b></a>', ['BV0114 <b'], ['a', {}, ['b', {}]]],
  ['no > in an end tag', '<a><b>1</b\n<c/></a>', ['BV0114 </b'], ['a', {}, ['b', {}, '1'], ['c', {}]]],
  ['no > at the end', '<a', ['BV0114 <a'], ['a', {}]],
  ['an open comment', '<a><!-- </a>', ['BV0115 <!--'], ['a', {}]],
  ['an open CDATA section', '<a><![CDATA[1</a>', ['BV0115 <![CDATA['], ['a', {}, '1</a>']],
  ['an open instruction', '<a/><?b', ['BV0115 <?'], ['a', {}]],
  ['hyphens in a comment', '<a><!-- 1 -- 2 --></a>', ['BV0116 --'], ['a', {}]],
  ['a third hyphen at the end of a comment', '<a><!-- 1 ---></a>', ['BV0116 --'], ['a', {}]],
  ['the end of CDATA in a text', '<a>]]></a>', ['BV0117 ]]>'], ['a', {}, ']]>']],
  ['< in a text', '<a>1 < 2</a>', ['BV0118 <'], ['a', {}, '1 < 2']],
  ['< in a value', `<a b='1<2'/>`, ['BV0119 <'], ['a', { b: '1<2' }]],
  ['& in a text', '<a>1 & 2</a>', ['BV0120 &'], ['a', {}, '1 & 2']],
  ['no semicolon', `<a b='&lt 2'/>`, ['BV0120 &lt'], ['a', { b: '&lt 2' }]],
  ['an entity of HTML', '<a>&nbsp;</a>', ['BV0121 &nbsp;'], ['a', {}, '&nbsp;']],
  [
    'numbers that are no characters',
    '<a>&#0;&#xZ;&#;&#x110000;&#99999999999999999999;</a>',
    ['BV0122 &#0;', 'BV0122 &#xZ;', 'BV0122 &#;', 'BV0122 &#x110000;', 'BV0122 &#99999999999999999999;'],
    ['a', {}, '&#0;&#xZ;&#;&#x110000;&#99999999999999999999;'],
  ],
  ['an attribute twice', `<a b='1' b='2'/>`, ['BV0123 b'], ['a', { b: '2' }]],
  [
    'an attribute twice by its namespace',
    `<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>`,
    ['BV0123 q:x'],
    ['a', { 'p:x': '1', 'q:x': '2' }],
  ],
  ['no value', '<a b c=/>', ['BV0124 b', 'BV0124 c='], ['a', {}]],
  ['no quotes', '<a b=/vm/1/>', ['BV0125 /vm/1'], ['a', { b: '/vm/1' }]],
  ['no closing quote before an attribute', `<a b='1 c='2'>3</a>`, [`BV0126 '1`], ['a', { b: '1', c: '2' }, '3']],
  [
    'no closing quote before the end of the tag',
    `<a b='1><c d='2'/></a>`,
    [`BV0126 '1`],
    ['a', { b: '1' }, ['c', { d: '2' }]],
  ],
  ['no closing quote before the end of the line', `<a b='1\n c='2'/>`, [`BV0126 '1`], ['a', { b: '1', c: '2' }]],
  ['another closing quote', `<a b='1" c="2"/>`, [`BV0126 '1"`], ['a', { b: '1', c: '2' }]],
  ['no space', `<a b='1'c='2'/>`, ['BV0127 c'], ['a', { b: '1', c: '2' }]],
  ['no =', `<a b'1' c '2'/>`, [`BV0128 b'1'`, `BV0128 c '2'`], ['a', { b: '1', c: '2' }]],
  [
    'odd things in a tag',
    `<a b='1', / <!-- c --> ="2" d='3'/>`,
    ['BV0129 ,', 'BV0129 /', 'BV0129 <!-- c -->', 'BV0129 =', 'BV0129 "2"'],
    ['a', { b: '1', d: '3' }],
  ],
  [
    'odd end tags',
    `<a><b></b c='1'><d></ d><e></e/><f></></a>`,
    [`BV0130 </b c='1'>`, 'BV0130 </ d>', 'BV0130 </e/>', 'BV0130 </>'],
    ['a', {}, ['b', {}], ['d', {}], ['e', {}], ['f', {}]],
  ],
  [
    'odd names',
    `<a:b:c><:d 1e='1' f@='2'/></a:b:c>`,
    ['BV0131 a:b:c', 'BV0131 :d', 'BV0131 1e', 'BV0131 f@'],
    ['a:b:c', {}, [':d', { '1e': '1', 'f@': '2' }]],
  ],
  ['a hard space in a tag', `<a\u00a0b='1'/>`, ['BV0131 \u00a0b'], ['a', { '\u00a0b': '1' }]],
  [
    'a prefix without namespace, once',
    `<a><p:b/><p:c q:d='1'/></a>`,
    ['BV0132 p', 'BV0132 q'],
    ['a', {}, ['p:b', {}], ['p:c', { 'q:d': '1' }]],
  ],
  [
    'reserved prefixes',
    `<a xmlns:xml='u' xmlns:xmlns='u' xmlns:p=''/>`,
    ['BV0133 xmlns:xml', 'BV0133 xmlns:xmlns', 'BV0133 xmlns:p'],
    ['a', {}],
  ],
  ['the reserved prefix of an element', '<xmlns:a/>', ['BV0133 xmlns'], ['xmlns:a', {}]],
  ['signs in a row, once', '<a>b && c</a>', ['BV0120 &&'], ['a', {}, 'b && c']],
  ['a start tag for an end tag, once', '<a><t>b<t></a>', ['BV0112 <t>'], ['a', {}, ['t', {}, 'b', ['t', {}]]]],
  ['an address of mail', '<a>ask <me@example.org></a>', ['BV0118 <me@example.org>'], ['a', {}, 'ask ']],
  ['several roots, once', '<a/><b/><c/>', ['BV0134 <b/>'], ['a', {}]],
  ['text around the root', 'x<a/> y z ', ['BV0135 x', 'BV0135 y z'], ['a', {}]],
  ['a late XML declaration', ` <?xml version='1.0'?><a/>`, [`BV0136 <?xml version='1.0'?>`], ['a', {}]],
  [
    'an XML declaration without version',
    `<?xml encoding='UTF-8'?><a/>`,
    [`BV0137 <?xml encoding='UTF-8'?>`],
    ['a', {}],
  ],
  ['an instruction without a name', '<a><? b?><?XML c?></a>', ['BV0138 <? b?>', 'BV0138 <?XML c?>'], ['a', {}]],
];

describe('a mistake is reported at its place, and parsing goes on:', () => {
  it.each(cases)('%s', (_title, text, reports, tree) => {
    const { root, diagnostics } = parse(text);
    expect(diagnostics.map(({ code, span }) => `${code} ${covered(span)}`)).toEqual(reports);
    expect(root === null ? null : outline(root)).toEqual(tree);
  });
});

describe('several mistakes', () => {
  it('are all reported in one run', () => {
    const { codes } = parse(`<a b=1 b='2'>\n<c>&x; & ]]></d>\n<!-- -- --><e f='1'g='2'/>\n</a>`);
    expect(codes).toEqual(['BV0125', 'BV0123', 'BV0121', 'BV0120', 'BV0117', 'BV0112', 'BV0116', 'BV0127']);
  });

  it('are reported up to a limit', () => {
    const { diagnostics } = parse(`<a>${'& '.repeat(1000)}</a>`);
    expect(diagnostics).toHaveLength(maximumFaults + 1);
    expect(diagnostics.at(-1)?.name).toBe('too-many-mistakes');
  });

  it('get a first line of at most 100 characters, whatever the names', () => {
    const long = 'n'.repeat(1000);
    const texts = cases.map(([, text]) => text.replace(/[a-z]+/g, long)).concat(cases.map(([, text]) => text));
    for (const { message } of texts.flatMap((text) => parse(text).diagnostics)) {
      expect([message, message.length > 100]).toEqual([message, false]);
      expect(message).not.toMatch(/\p{Cc}/u);
    }
  });
});

describe('details of a report', () => {
  it('point at the start tag that an end tag does not match, and mend it', () => {
    const [diagnostic] = parse('<a><source></sorce></a>').diagnostics;
    expect(diagnostic?.notes.map(({ span, text }) => [covered(span), text])).toEqual([
      ['<source>', '<source> starts here'],
    ]);
    expect(diagnostic?.edit?.text).toBe('</source>');
  });

  it('know the namespaces of libvirt', () => {
    const [diagnostic] = parse('<domain><bhyve:commandline/></domain>').diagnostics;
    expect(diagnostic?.help).toContain(`xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'`);
    expect(diagnostic?.edit?.span.start).toBe('<domain'.length);
  });

  it('mend what can be mended, so that the result has no mistake left', () => {
    const mendable = /^BV01(?:14|17|18|19|20|25|26|27|28)$/;
    for (const [title, text] of cases) {
      const { diagnostics } = parse(text);
      if (!diagnostics.every(({ code, edit }) => mendable.test(code) && edit !== null)) continue;
      const mended = diagnostics.reduceRight(
        (old, { edit }) => (edit === null ? old : old.slice(0, edit.span.start) + edit.text + old.slice(edit.span.end)),
        text,
      );
      const left = parse(mended).codes.filter((code) => code !== 'BV0111');
      expect([title, mended, left]).toEqual([title, mended, []]);
    }
  });
});

describe('hostile input', () => {
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${String(i + 1)} "${`&l${String(i)};`.repeat(10)}">`);
  const texts: readonly [string, string, readonly string[]][] = [
    ['billion laughs', `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs.join('')}]><a>&l10;</a>`, ['BV0107']],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', ['BV0107']],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://192.0.2.1/">%x;]><a/>', ['BV0107']],
    ['257 levels', '<a>'.repeat(257) + '</a>'.repeat(257), ['BV0109']],
    ['10,000 levels', '<a>'.repeat(10_000) + '</a>'.repeat(10_000), ['BV0109']],
    ['a million levels that are never closed', '<a>'.repeat(1_000_000), ['BV0109']],
  ];
  it.each(texts)('%s', (_title, text, expected) => {
    expect(parse(text).codes).toEqual(expected);
  });
});
