/** The engine on small grammars: what it takes and what not, pattern by pattern. */
import { describe, expect, test } from 'vitest';
import { soundTree } from '../../../test/relaxng/corpus.ts';
import { compileGrammar } from './compile-grammar.ts';
import { generateSchema, readRng } from './generate.ts';
import { loadGrammar } from './grammar.ts';
import { createPatterns } from './create-patterns.ts';
import { createValidator } from './validate.ts';
import { walk } from './walk.ts';

const header =
  'xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"';

function grammarOf(start: string, more = ''): string {
  return `<grammar ${header}><start>${start}</start>${more}</grammar>`;
}

/** Tells which of the documents are valid. */
function valid(start: string, documents: readonly string[], more = ''): readonly boolean[] {
  const validate = createValidator(
    compileGrammar(loadGrammar('main.rng', (name) => readRng(name, grammarOf(start, more)))),
  );
  return documents.map((document) => validate(soundTree(document)).valid);
}

function element(name: string, content = '<empty/>'): string {
  return `<element name="${name}">${content}</element>`;
}

describe('sequences', () => {
  test('a group has an order', () => {
    const r = element('r', `${element('a')}<optional>${element('b')}</optional>${element('c')}`);
    expect(valid(r, ['<r><a/><c/></r>', '<r><a/><b/><c/></r>', '<r><c/><a/></r>', '<r><a/></r>'])).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('an interleave has none', () => {
    const parts = `${element('a')}<zeroOrMore>${element('b')}</zeroOrMore><optional>${element('c')}</optional>`;
    const r = element('r', `<interleave>${parts}</interleave>`);
    const good = ['<r><a/></r>', '<r><b/><c/><b/><a/><b/></r>'];
    const bad = ['<r/>', '<r><a/><a/></r>', '<r><a/><c/><c/></r>'];
    expect(valid(r, [...good, ...bad])).toEqual([true, true, false, false, false]);
  });

  test('groups inside an interleave keep their order', () => {
    const group = `<group>${element('a')}${element('b')}</group>`;
    const r = element('r', `<interleave>${group}${element('x')}</interleave>`);
    expect(valid(r, ['<r><a/><x/><b/></r>', '<r><x/><a/><b/></r>', '<r><b/><x/><a/></r>'])).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('one or more', () => {
    const r = element('r', `<oneOrMore><choice>${element('a')}${element('b')}</choice></oneOrMore>`);
    expect(valid(r, ['<r/>', '<r><b/></r>', '<r><b/><a/><b/></r>', '<r><c/></r>'])).toEqual([false, true, true, false]);
  });

  test('mixed content takes text anywhere, other content white space only', () => {
    const mixed = element('r', `<mixed>${element('a')}</mixed>`);
    expect(valid(mixed, ['<r>one<a/>two</r>', '<r><a/></r>', '<r>one</r>'])).toEqual([true, true, false]);
    expect(valid(element('r', element('a')), ['<r> <a/>\n</r>', '<r>x<a/></r>'])).toEqual([true, false]);
  });

  test('what one child leaves open another one decides', () => {
    const a = (content: string): string => element('a', content);
    const choice = `<choice><group>${a(element('x'))}${element('y')}</group><group>${a(element('x'))}${element('z')}</group></choice>`;
    const documents = ['<r><a><x/></a><y/></r>', '<r><a><x/></a><z/></r>', '<r><a/><y/></r>'];
    expect(valid(element('r', choice), documents)).toEqual([true, true, false]);
    const differ = `<choice><group>${a(element('x'))}${element('y')}</group><group>${a(element('w'))}${element('z')}</group></choice>`;
    const crossed = ['<r><a><x/></a><y/></r>', '<r><a><w/></a><z/></r>', '<r><a><w/></a><y/></r>'];
    expect(valid(element('r', differ), crossed)).toEqual([true, true, false]);
  });

  test('not allowed is nothing', () => {
    const r = element('r', `<choice><notAllowed/>${element('a')}</choice>`);
    expect(valid(r, ['<r><a/></r>', '<r/>'])).toEqual([true, false]);
  });
});

describe('attributes', () => {
  const attribute = (name: string, content = ''): string => `<attribute name="${name}">${content}</attribute>`;

  test('come in any order, once each', () => {
    const r = element('r', `${attribute('a')}<optional>${attribute('b')}</optional>`);
    expect(valid(r, ['<r a="1"/>', '<r b="" a=""/>', '<r b=""/>', '<r a="1" c=""/>'])).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('choose what else may stand there', () => {
    const way = (value: string, name: string): string =>
      `<group>${attribute('t', `<value>${value}</value>`)}${element(name)}</group>`;
    const r = element('r', `<choice>${way('1', 'a')}${way('2', 'b')}</choice>`);
    expect(valid(r, ['<r t="1"><a/></r>', '<r t="2"><b/></r>', '<r t="1"><b/></r>'])).toEqual([true, true, false]);
  });

  test('stand inside an interleave too', () => {
    const r = element('r', `<interleave><optional>${attribute('a')}</optional>${element('x')}</interleave>`);
    expect(valid(r, ['<r a=""><x/></r>', '<r><x/></r>', '<r a=""/>'])).toEqual([true, true, false]);
  });
});

describe('names', () => {
  const any = '<zeroOrMore><choice><attribute><anyName/></attribute><text/></choice></zeroOrMore>';

  test('any name but some', () => {
    const names = '<anyName><except><nsName ns=""/><name ns="urn:a">no</name></except></anyName>';
    const r = element('r', `<zeroOrMore><element>${names}${any}</element></zeroOrMore>`);
    const documents = [
      '<r xmlns:a="urn:a"><a:yes b="1" a:c="2">t</a:yes></r>',
      '<r xmlns:a="urn:a"><a:no/></r>',
      '<r><b/></r>',
    ];
    expect(valid(r, documents)).toEqual([true, false, false]);
  });

  test('a namespace but some, and a choice of names', () => {
    const names = '<nsName ns="urn:a"><except><name ns="urn:a">no</name></except></nsName>';
    const choice = '<choice><name>x</name><name ns="urn:b">y</name></choice>';
    const r = element('r', `<choice><element>${names}<empty/></element><element>${choice}<empty/></element></choice>`);
    const documents = [
      '<a xmlns="urn:a"/>',
      '<no xmlns="urn:a"/>',
      '<x xmlns=""/>',
      '<y xmlns="urn:b"/>',
      '<y xmlns=""/>',
    ];
    expect(valid(r, documents.map((document) => `<r>${document}</r>`))).toEqual([true, false, true, true, false]); // prettier-ignore
  });

  test('ns is inherited by elements, not by attributes', () => {
    const r = `<element name="r" ns="urn:a"><attribute name="b"/>${element('c')}</element>`;
    expect(valid(r, ['<r xmlns="urn:a" b=""><c/></r>', '<r xmlns="urn:a" xmlns:a="urn:a" a:b=""><c/></r>'])).toEqual([
      true,
      false,
    ]);
  });
});

describe('values', () => {
  const data = (type: string, more = ''): string => element('r', `<data type="${type}">${more}</data>`);
  const parameter = (name: string, text: string): string => `<param name="${name}">${text}</param>`;
  const texts = (all: readonly string[]): readonly string[] => all.map((text) => `<r>${text}</r>`);

  test('integers have ranges', () => {
    const documents = texts(['0', ' 65535 ', '65536', '-1', '1.0', '']);
    expect(valid(data('unsignedShort'), documents)).toEqual([true, true, false, false, false, false]);
    const range = parameter('minInclusive', '1') + parameter('maxInclusive', '31');
    expect(valid(data('unsignedInt', range), texts(['0', '1', '031', '32']))).toEqual([false, true, true, false]);
    expect(valid(data('unsignedLong'), texts(['18446744073709551615', '18446744073709551616']))).toEqual([true, false]);
    expect(valid(data('long'), texts(['-9223372036854775808', '9223372036854775808', '+1']))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('strings have patterns and lengths', () => {
    const three = parameter('pattern', '[a-z]{3}');
    expect(valid(data('string', three), texts(['abc', ' abc', 'abcd']))).toEqual([true, false, false]);
    expect(valid(data('token', three), texts(['abc', ' abc ', 'ab c']))).toEqual([true, true, false]);
    const length = parameter('minLength', '1') + parameter('maxLength', '2');
    expect(valid(data('string', length), texts(['', '\u{1F600}\u{1F600}', 'abc']))).toEqual([false, true, false]);
    expect(valid(data('string', parameter('length', '2')), texts(['ab', 'a']))).toEqual([true, false]);
  });

  test('other types, and exceptions', () => {
    expect(valid(data('decimal'), texts(['1.5', '-.5', '1e5']))).toEqual([true, true, false]);
    expect(valid(data('boolean'), texts(['true', '0', 'yes']))).toEqual([true, true, false]);
    const except = '<except><value>none</value></except>';
    expect(valid(data('token', except), texts(['some', ' none ']))).toEqual([true, false]);
  });

  test('words are compared without outer white space, strings with it', () => {
    expect(valid(element('r', '<value>a b</value>'), texts(['a b', ' a\n b ', 'ab']))).toEqual([true, true, false]);
    expect(valid(element('r', '<value type="string">a</value>'), texts(['a', ' a']))).toEqual([true, false]);
  });

  test('lists are words', () => {
    const list = element(
      'r',
      '<list><oneOrMore><data type="int"/></oneOrMore><optional><value>x</value></optional></list>',
    );
    expect(valid(list, texts(['1 2  3', '1 x', 'x', '', 'x 1']))).toEqual([true, true, false, false, false]);
  });

  test('comments and CDATA do not cut a value', () => {
    expect(valid(element('r', '<value>abc</value>'), ['<r>a<!-- x -->b<![CDATA[c]]></r>'])).toEqual([true]);
  });
});

describe('grammars', () => {
  test('defines may be joined and may hold themselves through an element', () => {
    const more = `
      <define name="d" combine="choice">${element('a')}</define>
      <define name="d" combine="choice"><ref name="tree"/></define>
      <define name="tree">${element('b', '<zeroOrMore><ref name="d"/></zeroOrMore>')}</define>`;
    expect(
      valid(element('r', '<ref name="d"/>'), ['<r><a/></r>', '<r><b><a/><b/></b></r>', '<r><a/><b/></r>'], more),
    ).toEqual([true, true, false]);
  });

  test('a define that holds itself otherwise is refused', () => {
    expect(() => valid('<ref name="d"/>', [], '<define name="d"><ref name="d"/></define>')).toThrow(/holds itself/);
  });

  test('what is not supported is refused, not passed over', () => {
    expect(() => valid(element('r', '<externalRef href="x"/>'), [])).toThrow(/externalRef/);
    expect(() => valid(element('r', '<data type="date"/>'), [])).toThrow(/date/);
    expect(() => valid(element('a:r'), [])).toThrow(/prefix/);
    expect(() => valid('<ref name="nowhere"/>', [])).toThrow(/nowhere/);
  });

  test('files are included, and flattened for xmllint without annotations', () => {
    const files = {
      'main.rng': `<grammar ${header} xmlns:a="urn:a"><include href="part.rng"/><start><ref name="d"/></start></grammar>`,
      'part.rng': `<grammar ${header}><define name="d"><element name="r"><a:x xmlns:a="urn:a">note</a:x>
        <optional><attribute name="a"/></optional><optional><attribute name="b"/></optional><empty/></element></define></grammar>`,
    };
    const { flat, json } = generateSchema('main.rng', files);
    expect(flat).not.toContain('note');
    expect(flat).toContain('<interleave><optional><attribute name="a"/></optional><optional>');
    expect(json).toContain('"strings"');
    const again = generateSchema('main.rng', { 'main.rng': flat });
    const validate = createValidator(compileGrammar(loadGrammar('main.rng', () => readRng('main.rng', flat))));
    expect(again.flat).toContain('<element name="r">');
    expect(['<r/>', '<r b="" a=""/>', '<r c=""/>'].map((text) => validate(soundTree(text)).valid)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('effort', () => {
  const names = Array.from({ length: 40 }, (_, i) => `e${String(i)}`);
  const many = names.map((name) => `<optional>${element(name)}</optional>`).join('');
  const table = compileGrammar(
    loadGrammar('main.rng', (name) => readRng(name, grammarOf(element('r', `<interleave>${many}</interleave>`)))),
  );

  test('an interleave of many parts does not blow up', () => {
    const patterns = createPatterns(table);
    const document = `<r>${names.toReversed().map((name) => `<${name}/>`).join('')}</r>`; // prettier-ignore
    expect(walk(patterns, soundTree(document)).findings).toEqual([]);
    expect(patterns.size).toBeLessThan(500);
  });

  test('the results for many documents are kept up to a limit only', () => {
    const validate = createValidator(table);
    for (let i = 0; i < 1200; i++) {
      const chosen = names.filter((_, k) => ((i * 2654435761) >>> (k % 29)) % 2 === 0);
      expect(validate(soundTree(`<r>${chosen.map((name) => `<${name}/>`).join('')}</r>`)).valid).toBe(true);
    }
    expect(validate.size()).toBeLessThan(25_000);
  });
});
