/**
 * Properties: any text gives a tree or diagnostics, in time and with all places inside the text; and documents are
 * accepted and read as by saxes, another XML parser.
 */
import type { IToken } from 'chevrotain';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { size } from '../../../test/full.ts';
import { createReporter } from '../../diagnostics/reporter.ts';
import { decodeSource } from './decode.ts';
import { createGrammar, type Grammar } from './grammar.ts';
import { outline, parse, spansOf, type Outline } from './testing.ts';
import type { XmlElement } from './tree.ts';

const seed = 20_240_229;
const runs = (numRuns: number): fc.Parameters<unknown> => ({ seed, numRuns: size(Math.ceil(numRuns / 10), numRuns) });

/** Pieces of XML, right and wrong, from which random documents are put together. */
const pieces = [
  ...['<a>', '</a>', '<b', '>', '/>', '</b>', '<p:c', '</p:c>', '<', '</', '<<', '<!', '<?', '?>', '<!--', '-->', '--'],
  ...['<![CDATA[', ']]>', ']]', ']', '<!DOCTYPE', '<!DOCTYPE a [', '<!ENTITY x "y">', "<?xml version='1.0'?>", '<?x?>'],
  ...[
    ' x',
    ' y',
    ' p:x',
    ' xmlns',
    ' xmlns:p',
    ' xml:lang',
    '=',
    "='1'",
    '="2"',
    "='u'",
    "'",
    '"',
    '=3',
    '/',
    ',',
    ':',
    '-',
  ],
  ...['&', '&amp;', '&lt;', '&#65;', '&#x41;', '&#0;', '&#x', '&nbsp;', ';', 't', ' ', '\n', '\r\n', '\r', '\t'],
  ...[
    '\0',
    '\u0001',
    '\u00a0',
    '\u00e9',
    '\u2028',
    '\ufffe',
    '\ufeff',
    '\ud800',
    '\u{10000}',
    '\u{f0000}',
    '__proto__',
  ],
];

const texts = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((list) => list.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...Array.from('<>/=\'"&;!-[]? \nab:')), maxLength: 200 }) },
);

const names = fc.constantFrom('a', 'b', 'source', 'p:c', 'q:d', '_e', 'f-1.2', '\u00e9', '\u{10000}', 'xml:f');
const values = fc.string({
  unit: fc.constantFrom('1', ' ', '\n', '\r', '\t', '>', '&lt;', '&amp;', '&#10;', '&#xe9;', '\u00e9', ']]', '--'),
  maxLength: 5,
});
const space = fc.constantFrom(' ', '\n', ' \t ', '\r\n');
const attribute = fc
  .tuple(
    space,
    fc.constantFrom('x', 'y', 'p:x', 'q:x', 'xmlns', 'xmlns:p', 'xmlns:q', 'xml:lang'),
    values,
    fc.constantFrom("'", '"'),
    fc.constantFrom('=', ' = '),
  )
  .map(([before, name, value, quote, equals]) => `${before}${name}${equals}${quote}${value}${quote}`);
const leaf = fc.oneof(
  values,
  fc.constantFrom(
    '<!-- - > -->',
    '<![CDATA[]]>',
    '<![CDATA[<&]]]>',
    '<?x y?>',
    'text',
    '\r\n',
    '"\'',
    '&quot;&apos;&gt;',
  ),
);

/** Documents that are mostly correct. */
const documents = fc
  .letrec<{ element: string }>((tie) => ({
    element: fc
      .tuple(
        names,
        fc.uniqueArray(attribute, { maxLength: 3, selector: (text) => /[\w:]+/.exec(text)?.[0] }),
        fc.array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('element')), { maxLength: 4 }),
        fc.boolean(),
      )
      .map(([name, attributes, children, isEmpty]) => {
        const tag = `<${name}${attributes.join('')}`;
        return isEmpty ? `${tag}/>` : `${tag}>${children.join('')}</${name}\n>`;
      }),
  }))
  .element.map((root) => `<r xmlns:p='u' xmlns:q='v'>${root}</r>`);
const prologues = fc.constantFrom(
  '',
  "<?xml version='1.0'?>",
  '<?xml version="1.0" encoding="UTF-8" standalone=\'yes\'?>\n',
  '<!-- c -->\n',
);

/** A document in which a piece was put in, taken out or doubled. */
const mutated = fc
  .tuple(prologues, documents, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...pieces), fc.nat(3)), { maxLength: 2 }))
  .map(([prologue, document, changes]) =>
    changes.reduce((text, [at, piece, length]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + length);
    }, prologue + document),
  );

/** What saxes makes of a text: its outline, or null where it finds a mistake. */
function readWithSaxes(text: string): Outline | null {
  interface Node {
    readonly name: string;
    readonly attributes: Record<string, string>;
    readonly children: (string | Node)[];
  }
  const top: Node = { name: '', attributes: {}, children: [] };
  const stack = [top];
  const errors: Error[] = [];
  const parser = new SaxesParser({ xmlns: true, position: false });
  const addText = (more: string): void => {
    const children = stack.at(-1)?.children ?? [];
    const last = children.at(-1);
    if (typeof last === 'string') children[children.length - 1] = last + more;
    else children.push(more);
  };
  parser.on('error', (error) => errors.push(error));
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ name, attributes }) => {
    const own = Object.values(attributes).filter(
      ({ prefix, local }) => prefix !== 'xmlns' && !(prefix === '' && local === 'xmlns'),
    );
    const node: Node = {
      name,
      attributes: Object.fromEntries(own.map((each) => [each.name, each.value])),
      children: [],
    };
    stack.at(-1)?.children.push(node);
    stack.push(node);
  });
  parser.on('closetag', () => {
    stack.pop();
  });
  parser.write(text).close();
  const root = top.children.find((child) => typeof child !== 'string');
  const outlineOf = (node: Node): Outline => [
    node.name,
    node.attributes,
    ...node.children.map((child) => (typeof child === 'string' ? child : outlineOf(child))),
  ];
  return errors.length > 0 || root === undefined ? null : outlineOf(root);
}

/** Drops empty texts, which a parser may report or not. */
function withoutEmptyTexts([name, attributes, ...children]: Outline): Outline {
  const kept = children.filter((child) => child !== '');
  return [name, attributes, ...kept.map((child) => (typeof child === 'string' ? child : withoutEmptyTexts(child)))];
}

function expectSound(text: string): void {
  const { root, diagnostics } = parse(text);
  expect(root !== null || diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  for (const { source, start, end } of diagnostics.flatMap(spansOf)) {
    expect(source.text).toBe(text);
    expect(start >= 0 && start <= end && end <= text.length).toBe(true);
  }
  if (root !== null) expectSpansInside(root, 0, text.length);
}

function expectSpansInside(element: XmlElement, from: number, to: number): void {
  const { span, startSpan, nameSpan, attributes, children } = element;
  const inside = [startSpan, nameSpan, ...attributes.flatMap((each) => [each.nameSpan, each.valueSpan])];
  expect(span.start >= from && span.end <= to).toBe(true);
  for (const { start, end } of inside) expect(start >= span.start && start <= end && end <= span.end).toBe(true);
  let at = startSpan.end;
  for (const child of children) {
    expect(child.span.start >= at && child.span.end <= span.end).toBe(true);
    at = child.span.end;
    if (child.kind === 'element') expectSpansInside(child, child.span.start, span.end);
  }
}

describe('any text', () => {
  it('gives a tree or errors, and every place lies inside it', () => {
    fc.assert(fc.property(texts, expectSound), runs(1500));
  });

  it('does so if it is nearly a document', () => {
    fc.assert(fc.property(mutated, expectSound), runs(500));
  });

  it('does so from any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const reporter = createReporter({ strict: false });
        const source = decodeSource('test.xml', bytes, reporter);
        if (source === null) expect(reporter.errors).toBe(1);
        else expectSound(source.text);
        for (const { span } of reporter.diagnostics) {
          expect(span.start >= 0 && span.start <= span.end && span.end <= span.source.text.length).toBe(true);
        }
      }),
      runs(500),
    );
  });
});

describe('the parser', () => {
  it('tells the same of a text slice by slice as in one', () => {
    const inSlices = createGrammar(false, 8);
    const inOne = createGrammar(false);
    const eventsOf = (grammar: Grammar, text: string): readonly string[] => {
      const told: string[] = [];
      const tell = (...tokens: (IToken | undefined)[]): void => {
        told.push(tokens.map((token) => (token ? `${String(token.startOffset)} ${token.image}` : '')).join());
      };
      const same = {
        openTag: tell,
        attribute: tell,
        misplaced: tell,
        closeStartTag: tell,
        closeEndTag: tell,
        text: tell,
      };
      const rest = {
        cdata: tell,
        comment: tell,
        instruction: tell,
        doctype: tell,
        declaration: tell,
        stray: tell,
        tagTooLong: tell,
      };
      expect(grammar.run(text, { full: false, ...same, ...rest }, () => true)).toBe(true);
      return told;
    };
    const agree = (text: string): void => {
      expect(eventsOf(inSlices, text)).toEqual(eventsOf(inOne, text));
    };
    fc.assert(fc.property(texts, agree), runs(500));
    fc.assert(fc.property(mutated, agree), runs(500));
  });
});

describe('a document', () => {
  const agree = (text: string): void => {
    const ours = parse(text);
    const accepted = ours.diagnostics.length === 0 && ours.root !== null ? withoutEmptyTexts(outline(ours.root)) : null;
    const theirs = readWithSaxes(text);
    expect(accepted).toEqual(theirs === null ? null : withoutEmptyTexts(theirs));
  };
  /**
   * saxes reads a DOCTYPE, allows half a surrogate pair, does not look how a name goes on after its colon, and trims the
   * names of namespaces; there the specifications are on our side.
   */
  const lenient = /<!DOCTYPE|^\ufeff|\p{Cs}|:[-.0-9:]|xmlns[^=]*=\s*(?:'[^']*(?:\s|&#10;)|"[^"]*(?:\s|&#10;))/u;
  const isComparable = (text: string): boolean => !lenient.test(text);
  const whole = fc.tuple(prologues, documents).map((parts) => parts.join(''));

  it('is read as saxes reads it', () => {
    fc.assert(fc.property(whole.filter(isComparable), agree), runs(1000));
  });

  it('is accepted if saxes accepts it', () => {
    fc.assert(fc.property(mutated.filter(isComparable), agree), runs(1500));
    fc.assert(fc.property(texts.filter(isComparable), agree), runs(1000));
  });
});
