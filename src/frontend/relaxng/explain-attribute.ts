/** Findings about attributes: one the grammar does not take, a value it does not take, one that is missing. */
import type { Span } from '../../diagnostics/source.ts';
import { phrases } from '../../diagnostics/catalogue/bv02-schema.ts';
import { displayName, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import { culprit } from './culprit.ts';
import { accepts, attributeValues, attributeWhere } from './derive.ts';
import { exampleBeside, exampleValue, usefulValues } from './examples.ts';
import { attributeNames, expectedValues, hasNamed, lookup, required, type ExpectedValues } from './expect.ts';
import { acceptedValues, badValue, meantBy, short } from './explain.ts';
import { explainAttributeForText, explainAttributesForChild, missingFor, type MovedInto } from './explain-moved.ts';
import { finding, type Finding, type Frame } from './frame.ts';
import { listed, nearest } from '../../diagnostics/nearest.ts';
import type { Pattern, Patterns } from './patterns.ts';

/** A finding about an attribute, and what remains of a pattern when the walk goes on as if it were mended. */
export interface AttributeVerdict {
  readonly finding: Finding;
  readonly mended: (pattern: Pattern) => Pattern;
  /** The finding says what the text of the element is to be, too. */
  readonly hasText?: boolean;
  /** The finding speaks of other attributes and of a missing element, too. */
  readonly moved?: MovedInto;
}

/** An attribute that none of the patterns takes. */
export function explainAttribute(
  patterns: Patterns,
  frame: Frame,
  now: readonly Pattern[],
  attribute: XmlAttribute,
): AttributeVerdict {
  const name = lookup(attribute.name.namespace, attribute.name.local);
  const shown = short(displayName(attribute.name));
  const element = displayName(frame.element.name);

  if (hasNamed('attribute', now, name)) {
    const items = now.flatMap((p) => attributeValues(p, name));
    const what = phrases.attribute.format({ attribute: shown, element });
    const all = expectedValues(items);
    const { offered } = usefulValues(frame.element.name.local, name.local, all);
    const found = badValue(attribute, what, attribute.value, attribute.valueSpan, { ...all, offered });
    return { finding: found, mended: (pattern) => withProbable(patterns, pattern, name.local, attribute.value) };
  }
  const free = attributeNames(now).filter(
    (e) => !frame.element.attributes.some((a) => a.name.local === e.local && a.name.namespace === e.namespace),
  );
  const names = free.map((e) => e.local);
  const accepted = names.length === 0 ? phrases.noAttributes.format({}) : listed(name.local, names);
  const same = (pattern: Pattern): Pattern => pattern;
  const takes = (pattern: Pattern): boolean => hasNamed('attribute', [pattern], name);
  const blamed = culprit(patterns, frame, takes, attribute);
  const isOurs = attribute.name.namespace === '';
  const wanted = isOurs ? missingFor(patterns, frame, now, attribute.value) : null;
  if (blamed !== null && wanted === null) {
    const { notes, ...blame } = blamed;
    const values = { element, attribute: shown, accepted, ...blame };
    return { finding: finding('BV0208', attribute.nameSpan, attribute, values, { details: { notes } }), mended: same };
  }
  const guess = isOurs ? (nearest(name.local, names) ?? longerOrShorter(name.local, now) ?? wanted) : null;
  if (guess === null) {
    const text = isOurs ? explainAttributeForText(patterns, frame, now, attribute) : null;
    if (text !== null) return { finding: text, mended: same, hasText: true };
    const moved = explainAttributesForChild(patterns, frame, now, attribute);
    if (moved !== null) return { finding: moved.finding, mended: same, moved };
    const values = { element, attribute: shown, hint: '', accepted };
    return { finding: finding('BV0207', attribute.nameSpan, attribute, values), mended: same };
  }
  const values = { element, attribute: shown, hint: phrases.didYouMean.format({ word: guess }), accepted };
  const details = { edit: { span: attribute.nameSpan, text: guess } };
  return {
    finding: finding('BV0207', attribute.nameSpan, attribute, values, { details }),
    mended: (pattern) => withProbable(patterns, pattern, guess, attribute.value),
  };
}

/** A required attribute whose name is the beginning of this one, or the other way round: `device` for `dev`. */
function longerOrShorter(local: string, now: readonly Pattern[]): string | null {
  const names = required('attribute', now).map((name) => name.local);
  const near = names.filter(
    (name) => name.length >= 3 && local.length >= 3 && (name.startsWith(local) || local.startsWith(name)),
  );
  return near.length === 1 ? (near[0] ?? null) : null;
}

/** Takes the attribute with its value, with the value that was probably meant, or else with any. */
function withProbable(patterns: Patterns, pattern: Pattern, local: string, value: string): Pattern {
  const name = lookup('', local);
  const values = expectedValues(attributeValues(pattern, name));
  const meant = meantBy(value, values) ?? nearest(value.trim(), values.words);
  for (const candidate of [value, meant]) {
    if (candidate === null) continue;
    const rest = attributeWhere(patterns, pattern, name, (item) => accepts(patterns, item, candidate));
    if (rest !== patterns.notAllowed) return rest;
  }
  return attributeWhere(patterns, pattern, name, () => true);
}

/** Attributes without which the start tag is not complete. */
export function explainMissing(frame: Frame, now: readonly Pattern[]): readonly Finding[] {
  const node = frame.element;
  const element = displayName(node.name);
  const valuesOf = (local: string): ExpectedValues =>
    usefulValues(node.name.local, local, expectedValues(now.flatMap((p) => attributeValues(p, lookup('', local)))));
  const accepted = (local: string): string => acceptedValues('', valuesOf(local));
  const missing = required('attribute', now);
  if (missing.length > 0)
    return missing.map(({ local }) => {
      const value = exampleValue(frame, local, valuesOf(local));
      const own = value === null ? `${local}=` : `${local}='${value}'`;
      const beside = exampleBeside(frame, local);
      const example = beside === null ? own : phrases.andInside.format({ attribute: own, example: beside });
      const at = endOfTag(node);
      const edit =
        beside === null
          ? { span: at, text: ` ${own}` }
          : { span: { ...at, end: node.startSpan.end }, text: ` ${own}>${beside}` };
      const details = value === null ? {} : { edit };
      const values = { element, missing: local, example, accepted: accepted(local) };
      return finding('BV0209', node.nameSpan, node, values, { details });
    });
  const names = attributeNames(now).map((e) => e.local);
  const first = names[0] ?? '';
  const several = phrases.oneOf.format({ names: listed('', names) });
  return [
    finding('BV0209', node.nameSpan, node, { element, missing: several, example: several, accepted: accepted(first) }),
  ];
}

/** The place behind the last attribute of a tag. */
function endOfTag({ attributes, nameSpan }: XmlElement): Span {
  const last = Math.max(nameSpan.end, ...attributes.map(({ valueSpan }) => valueSpan.end + 1));
  return { ...nameSpan, start: last, end: last };
}
