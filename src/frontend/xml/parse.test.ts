/** Well-formed documents: names, values and texts, and where each of them stands. */
import { describe, expect, it } from 'vitest';
import { createGrammar } from './grammar.ts';
import { createLexer } from './tokens.ts';
import { parse, covered, outline } from './testing.ts';

function tree(text: string) {
  const { root, codes } = parse(text);
  expect(codes).toEqual([]);
  return root === null ? null : outline(root);
}

describe('parseXml', () => {
  it('reads elements, attributes and texts', () => {
    expect(tree(`<a x='1' y = "2"><b/>t<c >u</c ></a>`)).toEqual([
      'a',
      { x: '1', y: '2' },
      ['b', {}],
      't',
      ['c', {}, 'u'],
    ]);
  });

  it('joins text, CDATA and references, and leaves comments and instructions out', () => {
    expect(tree('<a>1<![CDATA[<&2]]>&lt;<!-- no -->&#x33;<?no no?>&#52;</a>')).toEqual(['a', {}, '1<&2<34']);
  });

  it('normalises line ends, and space in attribute values, but not what references stand for', () => {
    expect(tree(`<a x='1\r\n2\t3\r4&#10;&#13;'>1\r\n2\r3<![CDATA[\r\n]]>&#13;</a>`)).toEqual([
      'a',
      { x: '1 2 3 4\n\r' },
      '1\n2\n3\n\r',
    ]);
  });

  it('keeps spans as offsets of the original text', () => {
    const { root } = parse(`<?xml version='1.0'?>\r\n<a>\r\n<b x='1&lt;2' y="3">t\r\n<![CDATA[u]]></b></a>`);
    const b = root?.children[1];
    if (b?.kind !== 'element') throw new Error('no element');
    expect(covered(b.span)).toBe(`<b x='1&lt;2' y="3">t\r\n<![CDATA[u]]></b>`);
    expect(covered(b.startSpan)).toBe(`<b x='1&lt;2' y="3">`);
    expect(covered(b.nameSpan)).toBe('b');
    expect(b.attributes.map(({ nameSpan }) => covered(nameSpan))).toEqual(['x', 'y']);
    expect(b.attributes.map(({ valueSpan }) => covered(valueSpan))).toEqual(['1&lt;2', '3']);
    expect(b.children.map(({ span }) => covered(span))).toEqual(['t\r\n<![CDATA[u]]>']);
  });

  it('resolves namespaces', () => {
    const { root, codes } = parse(
      `<a xmlns='u' xmlns:p='v' x='1' p:y='2' xml:lang='en'><p:b><c xmlns='' xmlns:p='w' p:z=''/></p:b></a>`,
    );
    expect(codes).toEqual([]);
    expect(root?.name).toEqual({ prefix: '', local: 'a', namespace: 'u' });
    expect(root?.attributes.map(({ name }) => name)).toEqual([
      { prefix: '', local: 'x', namespace: '' },
      { prefix: 'p', local: 'y', namespace: 'v' },
      { prefix: 'xml', local: 'lang', namespace: 'http://www.w3.org/XML/1998/namespace' },
    ]);
    const b = root?.children[0];
    expect(b?.kind === 'element' && b.name.namespace).toBe('v');
    const c = b?.kind === 'element' ? b.children[0] : undefined;
    expect(c?.kind === 'element' && [c.name.namespace, c.attributes[0]?.name.namespace]).toEqual(['', 'w']);
  });

  it('takes names from all of Unicode, and names that JavaScript uses itself', () => {
    expect(tree('<\u00e9l\u00e9ment \u{10000}x="1"/>')).toEqual(['\u00e9l\u00e9ment', { '\u{10000}x': '1' }]);
    expect(tree('<__proto__ constructor="1"><toString/></__proto__>')).toEqual([
      '__proto__',
      { constructor: '1' },
      ['toString', {}],
    ]);
  });

  it('reads 256 levels', () => {
    const { codes } = parse('<a>'.repeat(256) + '</a>'.repeat(256));
    expect(codes).toEqual([]);
  });

  it('reads a large document slice by slice as it does in one', () => {
    const filler = `<b x='${'>'.repeat(50_000)}'/><!-- ${'<'.repeat(50_000)} -->\n`;
    const items = Array.from({ length: 5_000 }, (_, i) => `<item n='${String(i)}'>text ${String(i)}</item>\n`).join('');
    const { root, codes } = parse(`<a>${items}${filler}${items}</a>`);
    expect(codes).toEqual([]);
    const elements = root?.children.filter((child) => child.kind === 'element') ?? [];
    expect(elements).toHaveLength(10_001);
    for (const element of elements) {
      expect(covered(element.nameSpan)).toBe(element.name.local);
      for (const { value, valueSpan } of element.attributes) expect(covered(valueSpan)).toBe(value);
    }
  });
});

describe('the grammar', () => {
  it('has a token for each character in each mode', () => {
    const lexer = createLexer(false);
    // chevrotain looks characters up in blocks of 255, so all of them are tried at the edges of the blocks.
    const edges = Array.from({ length: 0x10000 }, (_, code) => code).filter((code) => code < 512 || code % 255 < 2);
    for (const character of [...edges, 0xfffe, 0xffff].map((code) => String.fromCharCode(code))) {
      for (const mode of ['content', 'tag', 'value']) expect(lexer.tokenize(character, mode).errors).toEqual([]);
    }
  });

  it('passes the validations of chevrotain, which the compiler skips', () => {
    // They are written for Node 22, and want one function that Node 20 has not; what the compiler uses does not.
    if (!('groupBy' in Object)) Object.assign(Object, { groupBy });
    expect(() => createGrammar(true)).not.toThrow();
  });
});

/** Object.groupBy of ECMAScript 2024. */
function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Readonly<Record<string, Item[]>> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return Object.fromEntries(groups);
}
