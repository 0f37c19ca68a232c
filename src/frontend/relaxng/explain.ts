/**
 * Findings about an element or a text that the grammar does not take where it stands. Each function gives the finding,
 * and those about elements the name as which the walk goes on.
 */
import { phrases } from '../../diagnostics/catalogue/bv02-schema.ts';
import type { Edit } from '../../diagnostics/reporter.ts';
import type { Span } from '../../diagnostics/source.ts';
import { childElements, displayName, type XmlElement } from '../xml/tree.ts';
import { culprit } from './culprit.ts';
import { accepts, closeTag } from './derive.ts';
import { exampleElement, otherNameOf } from './examples.ts';
import {
  allElements,
  contentsOf,
  expectedValues,
  hasNamed,
  lookup,
  nextElements,
  required,
  declaredName,
  shownName,
  takesForeign,
  type ExpectedName,
  type ExpectedValues,
} from './expect.ts';
import { finding, type Finding, type Frame } from './frame.ts';
import { listed, nearest } from '../../diagnostics/nearest.ts';
import type { Pattern, Patterns } from './patterns.ts';
import { placesOf } from './places.ts';
import { sizeElement, withoutSeparators } from './sizes.ts';

/** A finding, and the element's name as it was probably meant; null skips the element. */
export interface ElementVerdict {
  readonly finding: Finding;
  readonly meant: ExpectedName | null;
}

/** Text shortened to what fits a line. */
export function short(text: string, limit = 40): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 3).join('')}...`;
}

/** An element that cannot stand in its parent as the patterns are now. */
export function explainElement(
  patterns: Patterns,
  frame: Frame,
  now: readonly Pattern[],
  child: XmlElement,
): ElementVerdict {
  const name = lookup(child.name.namespace, child.name.local);
  const element = short(displayName(child.name));
  const parent = displayName(frame.element.name);
  const expected = nextElements(now);
  const accepted = acceptedElements(displayName(child.name), now);
  const skip = (found: Finding): ElementVerdict => ({ finding: found, meant: null });

  if (hasNamed('element', frame.opened, name)) {
    const siblings = childElements(frame.element);
    const before = siblings.slice(0, siblings.indexOf(child));
    const twin = before.find(
      (other) => name.key === (frame.readAs.get(other) ?? lookup(other.name.namespace, other.name.local).key),
    );
    if (twin !== undefined) {
      const notes = [{ span: twin.nameSpan, text: phrases.first.format({}) }];
      return skip(finding('BV0204', child.nameSpan, child, { parent, element }, { details: { notes } }));
    }
    const last = before.at(-1) ?? child;
    const blamed = phrases.before.format({ element: displayName(last.name) });
    return skip(finding('BV0205', child.nameSpan, child, { parent, element, culprit: blamed, hint: '', accepted }));
  }
  const blamed = culprit(patterns, frame, (pattern) => hasNamed('element', [pattern], name));
  if (blamed !== null) {
    const { notes, ...blame } = blamed;
    return skip(
      finding('BV0205', child.nameSpan, child, { parent, element, accepted, ...blame }, { details: { notes } }),
    );
  }

  const other = allElements(frame.opened).find((e) => e.local === name.local && e.namespace !== name.namespace);
  if (other !== undefined) return skip(wrongNamespace(child, other));
  const names = expected.map((e) => e.local);
  const written = otherNameOf(frame.element.name.local, name.local);
  const guess = written !== null && names.includes(written) ? written : nearest(name.local, names);
  const places = placesOf(patterns, name, child, frame);
  const isFarGuess = guess === null || (places.hasNear && Math.abs(guess.length - name.local.length) > 1);
  if (places.tags.length > 0 && isFarGuess)
    return skip(finding('BV0203', child.nameSpan, child, { parent, element, places: listed('', places.tags, 4) }));
  if (guess === null) return skip(finding('BV0202', child.nameSpan, child, { parent, element, hint: '', accepted }));

  const meant = expected.find((e) => e.local === guess) ?? null;
  const word = child.name.prefix === '' ? guess : `${child.name.prefix}:${guess}`;
  const hint = phrases.didYouMean.format({ word: `<${word}>` });
  const edit = renamed(child, word);
  const details = edit === null ? {} : { edit };
  return { finding: finding('BV0202', child.nameSpan, child, { parent, element, hint, accepted }, { details }), meant };
}

/** An edit is one place: with the end tag, it holds the whole element. Longer ones are not rewritten. */
const longestRewritten = 1000;

/** The element under another name; null where it is too long to be shown twice. */
function renamed(element: XmlElement, word: string): Edit | null {
  const { nameSpan, startSpan, span } = element;
  if (span.end === startSpan.end) return { span: nameSpan, text: word };
  const text = span.source.text.slice(nameSpan.end, span.end);
  const end = text.lastIndexOf('</');
  if (text.length > longestRewritten || end < 0) return null;
  return { span: { ...span, start: nameSpan.start }, text: `${word}${text.slice(0, end)}</${word}>` };
}

/** A document whose root is not what the grammar starts with. */
export function explainRoot(root: XmlElement, expected: readonly ExpectedName[]): Finding {
  const same = expected.find((e) => e.local === root.name.local);
  if (same !== undefined) return wrongNamespace(root, same);
  return finding('BV0201', root.nameSpan, root, { element: short(displayName(root.name)) });
}

function wrongNamespace(element: XmlElement, expected: ExpectedName): Finding {
  const named = (namespace: string): string =>
    namespace === '' ? phrases.noNamespace.format({}) : phrases.namespace.format({ namespace: short(namespace, 70) });
  return finding('BV0213', element.nameSpan, element, {
    element: displayName(element.name),
    found: named(element.name.namespace),
    expected: named(expected.namespace),
    example: declaredName(expected),
  });
}

/** Text where none, or another one, is expected; `text` is the whole content unless there are child elements. */
export function explainText(
  patterns: Patterns,
  frame: Frame,
  now: readonly Pattern[],
  text: string,
  at: Span,
): Finding {
  const element = displayName(frame.element.name);
  const values = expectedValues(now);
  if (values.words.length + values.labels.length === 0) {
    const meant = elementForText(patterns, frame, text);
    if (meant !== null) {
      const edit = renamed(frame.element, meant);
      const details = edit === null ? {} : { edit };
      const example = `<${meant}>${short(text)}</${meant}>`;
      return finding(
        'BV1200',
        frame.element.nameSpan,
        frame.element,
        { element, meant, example },
        { value: text, details },
      );
    }
    const accepted = acceptedElements('', now);
    return finding('BV0212', at, frame.element, { element, text: short(text), accepted }, { value: text });
  }
  const what = phrases.elementText.format({ element });
  const size = hasNamed('attribute', frame.initial, lookup('', 'unit')) ? sizeElement(frame.element, text) : null;
  if (size === null || withoutSeparators(text) !== null) return badValue(frame.element, what, text, at, values);
  const found = {
    what,
    value: short(text),
    expected: phrases.size.format({ size }),
    accepted: acceptedValues(text, values),
  };
  const details = { edit: { span: frame.element.span, text: size } };
  return finding(
    'BV0210',
    at,
    frame.element,
    { ...found, hint: phrases.writeSize.format({ size }) },
    { value: text, details },
  );
}

/** An element of a similar name beside this one that takes the text: <vcpu> for <vcpus>. */
function elementForText(patterns: Patterns, frame: Frame, text: string): string | null {
  const { parent, element } = frame;
  if (parent === null) return null;
  const takes = ({ namespace, local }: ExpectedName): boolean =>
    parent.initial
      .flatMap((pattern) => contentsOf(patterns, pattern, lookup(namespace, local)))
      .some((content) => accepts(patterns, closeTag(patterns, content), text));
  const names = allElements(parent.initial).filter((name) => name.local !== element.name.local && takes(name));
  return nearest(
    element.name.local,
    names.map(({ local }) => local),
  );
}

/** A value that is none of the expected ones. */
export function badValue(
  node: Finding['node'],
  what: string,
  value: string,
  at: Span,
  values: ExpectedValues,
): Finding {
  const guess = meantBy(value, values);
  const refused = guess === null ? nearest(value.trim(), values.words) : null;
  const hint =
    guess !== null
      ? phrases.didYouMean.format({ word: guess })
      : refused === null
        ? ''
        : phrases.notOffered.format({ word: refused });
  const all = acceptedValues(value, values);
  const expected = guess ?? (values.labels.length === 1 && values.words.length === 0 ? all : short(all, 60));
  const details = guess === null ? {} : { edit: { span: at, text: guess } };
  return finding('BV0210', at, node, { what, value: short(value), expected, hint, accepted: all }, { value, details });
}

/** The word that was probably meant: what people write for it, or one that is near. */
export function meantBy(value: string, { offered, also, labels }: ExpectedValues): string | null {
  const written = value.trim();
  if (labels.some((label) => label.startsWith('a whole number'))) return withoutSeparators(value);
  const known = also.get(written.toLowerCase());
  if (known !== undefined) return known;
  const near = nearest(written, [...offered, ...also.keys()]);
  return near === null ? null : (also.get(near) ?? near);
}

/** The values as one list, nearest first. */
export function acceptedValues(value: string, values: ExpectedValues): string {
  const words = listed(meantBy(value, values) ?? '', values.offered);
  return [...(words === '' ? [] : [words]), ...values.labels].join(', ');
}

function acceptedElements(local: string, now: readonly Pattern[]): string {
  const names = listed(
    local,
    nextElements(now).map((e) => shownName(e)),
  );
  const others = takesForeign(now) ? phrases.foreignElements.format({}) : '';
  const parts = [names, others].filter((part) => part !== '');
  return parts.length === 0 ? phrases.noElements.format({}) : parts.join(', ');
}

/** An element that ended too early. */
export function explainEnd(frame: Frame, now: readonly Pattern[]): readonly Finding[] {
  const { element } = frame;
  const parent = displayName(element.name);
  const missing = required('element', now);
  if (missing.length > 0)
    return missing
      .filter(({ namespace, local }) => !frame.missed.has(lookup(namespace, local).key))
      .map((name) => {
        const example = name.namespace === '' ? exampleElement(frame, name.local) : `<${shownName(name)}>`;
        return finding('BV0206', element.nameSpan, element, { parent, missing: `<${shownName(name)}>`, example });
      });
  const values = expectedValues(now);
  if (values.words.length + values.labels.length > 0) {
    const accepted = acceptedValues('', values);
    return [
      finding(
        'BV0211',
        element.startSpan,
        element,
        { element: parent, expected: short(accepted, 60), accepted },
        { value: '' },
      ),
    ];
  }
  const names = listed('', nextElements(now).map((e) => `<${shownName(e)}>`)); // prettier-ignore
  const oneOf = phrases.oneOf.format({ names });
  return [finding('BV0206', element.nameSpan, element, { parent, missing: oneOf, example: oneOf })];
}
