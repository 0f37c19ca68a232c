/**
 * The small changes that a person makes in a document: a part is taken out, doubled, given another value that the grammar
 * knows or another word, an attribute that nobody knows or a stray text is put in.
 */
import type { Span } from '../../src/diagnostics/source.ts';
import { degreesOf } from '../../src/frontend/degrees.ts';
import type { Degree } from '../../src/frontend/relaxng/degree.ts';
import type { Pattern, Patterns } from '../../src/frontend/relaxng/patterns.ts';
import { textSpan } from '../../src/frontend/xml/reader.ts';
import { childElements, type XmlElement } from '../../src/frontend/xml/tree.ts';
import { reachable } from '../relaxng/specimens.ts';

/** One change of one part of a document. */
export interface Change {
  /** The part: `/domain/devices/disk@type`, and `/domain/name#` for a text. */
  readonly name: string;
  /** What is done: `out`, or `usual` where that is to change nothing, `twice`, `unknown`, `stray`, or `=VALUE`. */
  readonly kind: string;
  /** What is replaced, and by what. */
  readonly at: Span;
  readonly text: string;
  /** The part before the change; a finding names it that stands in it. */
  readonly part: Span;
  /** The start tags around it and its own: a finding there may say that all of the element comes to nothing. */
  readonly tags: readonly Span[];
  /** The element that holds it. */
  readonly holder: Span;
}

/** Words for values that the grammar leaves open. */
const others = ['1', '2', '77', 'other', '/other/path', '52:54:00:aa:bb:cc'];

/** The words that the grammar has for attributes (`disk@type`) and texts (`on_crash`), by the local names. */
export function wordsOf(patterns: Patterns): ReadonlyMap<string, ReadonlySet<string>> {
  const words = new Map<string, Set<string>>();
  const add = (key: string, pattern: Pattern): void => {
    if (pattern.kind === 'value') words.set(key, (words.get(key) ?? new Set()).add(pattern.text));
    for (const item of itemsOf(pattern)) add(key, item);
  };
  for (const pattern of reachable(patterns)) {
    if (pattern.kind !== 'element' || pattern.name.kind !== 'name') continue;
    const { local } = pattern.name;
    const visit = (inner: Pattern): void => {
      if (inner.kind === 'element') return;
      if (inner.kind === 'attribute')
        add(`${local}@${inner.name.kind === 'name' ? inner.name.local : '*'}`, inner.item);
      else if (inner.kind === 'value') add(local, inner);
      else for (const item of itemsOf(inner)) visit(item);
    };
    visit(patterns.contentOf(pattern.element));
  }
  return words;
}

function itemsOf(pattern: Pattern): readonly Pattern[] {
  if (pattern.kind === 'choice' || pattern.kind === 'group' || pattern.kind === 'interleave') return pattern.items;
  return pattern.kind === 'oneOrMore' || pattern.kind === 'list' ? [pattern.item] : [];
}

/** All changes of all parts of a document, but of those whose degree says that they mean nothing. */
export function changesOf(
  root: XmlElement,
  words: ReadonlyMap<string, ReadonlySet<string>>,
  meaningless: readonly (Degree | undefined)[],
  /** How many words are tried for one value. */
  most: number,
): readonly Change[] {
  const degrees = degreesOf(root);
  const isQuiet = (part: Parameters<typeof degrees.get>[0]): boolean => meaningless.includes(degrees.get(part)?.degree);
  const isUsual = (part: Parameters<typeof degrees.get>[0]): boolean => degrees.get(part)?.degree === 'usual';
  const visit = (element: XmlElement, way: string, outer: readonly Span[], holder: Span): readonly Change[] => {
    const { local } = element.name;
    const name = `${way}/${local}`;
    const tags = [...outer, element.startSpan];
    const { text } = element.span.source;
    const common = { part: element.span, tags: outer, holder };
    const after = { ...element.span, start: element.span.end };
    const whole: readonly Change[] =
      element === root || isQuiet(element)
        ? []
        : [
            { name, kind: isUsual(element) ? 'usual' : 'out', at: element.span, text: '', ...common },
            { name, kind: 'twice', at: after, text: text.slice(element.span.start, element.span.end), ...common },
          ];
    const end = element.startSpan.end - (text.slice(0, element.startSpan.end).endsWith('/>') ? 2 : 1);
    const unknown = { name, kind: 'unknown', at: { ...element.span, start: end, end }, text: " bogus='1'" };
    const children = childElements(element);
    const at = textSpan(element);
    const written = text.slice(at.start, at.end).trim();
    const own = { name: `${name}#`, tags, part: at, holder: element.span };
    const hasText = element.children.some((child) => child.kind === 'text' && child.text.trim() !== '');
    const attributes = element.attributes.flatMap((attribute): readonly Change[] => {
      if (isQuiet(attribute)) return [];
      const { nameSpan, valueSpan, value } = attribute;
      const whole = { ...nameSpan, end: valueSpan.end + 1 };
      // A unit is told with its number, and what an entry is called with the entry.
      const part = hasText ? element.span : whole;
      const named = { name: `${name}@${attribute.name.local}`, part, tags, holder: element.span };
      const values = [...(words.get(`${local}@${attribute.name.local}`) ?? []), ...others].filter(
        (one) => one !== value,
      );
      return [
        { ...named, kind: isUsual(attribute) ? 'usual' : 'out', at: whole, text: '' },
        ...values.map((one) => ({ ...named, kind: `=${one}`, at: valueSpan, text: one })),
      ];
    });
    const values = [...(words.get(local) ?? []), ...others].filter((one) => one !== written).slice(-most);
    const texts =
      isQuiet(element) || !hasText
        ? []
        : ['', ...values].map((one) => ({ ...own, kind: one === '' ? 'out' : `=${one}`, at, text: one }));
    const isOpen = !text.slice(0, element.startSpan.end).endsWith('/>');
    const inside = { ...element.span, start: element.startSpan.end, end: element.startSpan.end };
    const stray = { name: `${name}#`, kind: 'stray', at: inside, text: 'stray', part: element.span, tags, holder };
    return [
      ...whole,
      ...(degrees.get(element)?.degree === 'remark'
        ? []
        : [{ ...unknown, part: element.startSpan, tags, holder: element.startSpan }]),
      ...attributes,
      ...texts,
      ...(isOpen && !hasText && !isQuiet(element) ? [stray] : []),
      ...children.flatMap((child) => visit(child, name, tags, element.span)),
    ];
  };
  return visit(root, '', [], root.startSpan);
}
