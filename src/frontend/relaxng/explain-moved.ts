/**
 * Values that stand in the wrong place: under the name of another attribute, as text, as an attribute in the place of text, or
 * in the tag around the element that they belong to.
 */
import { phrases } from '../../diagnostics/catalogue/bv02-schema.ts';
import { childElements, displayName, textOf, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import { accepts, attributeValues, withoutAttributes } from './derive.ts';
import { exampleElement } from './examples.ts';
import { contentsOf, expectedValues, hasNamed, lookup, required, type ExpectedName } from './expect.ts';
import { acceptedValues, short } from './explain.ts';
import { finding, type Finding, type Frame } from './frame.ts';
import type { Pattern, Patterns } from './patterns.ts';

/** The one attribute that is missing, where a value is one for it; null where several are, or none. */
export function missingFor(
  patterns: Patterns,
  { element }: Frame,
  now: readonly Pattern[],
  value: string,
): string | null {
  const written = new Set(element.attributes.map(({ name }) => name.local));
  const [only, ...others] = required('attribute', now).filter(({ local }) => !written.has(local));
  if (only === undefined || others.length > 0 || only.namespace !== '') return null;
  const items = now.flatMap((pattern) => attributeValues(pattern, lookup('', only.local)));
  return items.some((item) => accepts(patterns, item, value)) ? only.local : null;
}

/** A text that is the value of the one attribute that is missing: `<mtu>9000</mtu>`. */
export function explainTextForAttribute(patterns: Patterns, frame: Frame, now: readonly Pattern[]): Finding | null {
  const { element } = frame;
  const value = textOf(element).trim();
  if (value === '' || /['"<&]/.test(value) || element.children.some(({ kind }) => kind === 'element')) return null;
  const local = missingFor(patterns, frame, now, value);
  if (local === null) return null;
  const { text } = element.span.source;
  const tag = text.slice(element.startSpan.start, element.startSpan.end - 1).trimEnd();
  const example = phrases.inPlaceOfText.format({ attribute: `${local}='${short(value)}'` });
  const values = { element: displayName(element.name), missing: local, example };
  const accepted = acceptedValues('', expectedValues(now.flatMap((one) => attributeValues(one, lookup('', local)))));
  const details = { edit: { span: element.span, text: `${tag} ${local}='${value}'/>` } };
  return finding('BV0209', element.nameSpan, element, { ...values, accepted }, { details });
}

/** An attribute that nobody knows, with the value that the empty element should have as its text: `<memory size='1024'/>`. */
export function explainAttributeForText(
  patterns: Patterns,
  { element }: Frame,
  now: readonly Pattern[],
  attribute: XmlAttribute,
): Finding | null {
  if (element.children.length > 0) return null;
  const takes = now
    .map((pattern) => withoutAttributes(patterns, pattern, patterns.empty))
    .some((content) => !accepts(patterns, content, '') && accepts(patterns, content, attribute.value));
  if (!takes) return null;
  const { text } = element.span.source;
  const name = displayName(element.name);
  const kept = written(
    element,
    element.attributes.filter((one) => one !== attribute),
  );
  const value = text.slice(attribute.valueSpan.start, attribute.valueSpan.end);
  const example = `<${name}${kept}>${value}</${name}>`;
  const hint = phrases.writeText.format({ example: short(example, 70) });
  const details = { edit: { span: element.span, text: example } };
  const values = {
    element: name,
    attribute: short(displayName(attribute.name)),
    hint,
    accepted: phrases.itsText.format({}),
  };
  return finding('BV0207', attribute.nameSpan, attribute, values, { details });
}

/** Attributes that belong to an element which is missing, as one mistake. */
export interface MovedInto {
  readonly finding: Finding;
  readonly attributes: readonly XmlAttribute[];
  readonly element: ExpectedName;
}

/**
 * Attributes that nobody knows here and that the one element which is missing has: `<vlan id='42'/>`; or one that is called as it is:
 * `<source address='0000:03:00.0'/>`.
 */
export function explainAttributesForChild(
  patterns: Patterns,
  frame: Frame,
  now: readonly Pattern[],
  attribute: XmlAttribute,
): MovedInto | null {
  const { element } = frame;
  const names = new Set(childElements(element).map(({ name }) => lookup(name.namespace, name.local).key));
  const [child, ...others] = required('element', now).filter(({ namespace, local }) => !names.has(lookup(namespace, local).key)); // prettier-ignore
  if (child === undefined || others.length > 0 || child.namespace !== '') return null;
  const contents = now.flatMap((pattern) => contentsOf(patterns, pattern, lookup('', child.local)));
  const isOf = ({ name, value }: XmlAttribute): boolean =>
    name.namespace === '' &&
    !hasNamed('attribute', now, lookup('', name.local)) &&
    contents.some((content) =>
      attributeValues(content, lookup('', name.local)).some((item) => accepts(patterns, item, value)),
    );
  const moved = element.attributes.filter(isOf);
  const isCalledSo = attribute.name.namespace === '' && attribute.name.local === child.local;
  if (!isCalledSo && !moved.includes(attribute)) return null;
  const attributes = isCalledSo ? [attribute] : moved;
  const isWhole =
    !isCalledSo && required('attribute', contents).every(({ local }) => moved.some(({ name }) => name.local === local));
  const example = isWhole ? `<${child.local}${written(element, moved)}/>` : exampleElement(frame, child.local);
  const name = displayName(element.name);
  const values = {
    element: name,
    attribute: short(displayName(attribute.name)),
    hint: phrases.writeInside.format({ example: short(example, 80), element: name }),
    accepted: phrases.itsParts.format({}),
  };
  const tag = `<${name}${written(
    element,
    element.attributes.filter((one) => !attributes.includes(one)),
  )}>`;
  const isEmpty = childElements(element).length === 0;
  const edit = isEmpty
    ? { span: element.span, text: `${tag}${example}</${name}>` }
    : { span: element.startSpan, text: `${tag}${example}` };
  const details = isWhole ? { edit } : {};
  return { finding: finding('BV0207', attribute.nameSpan, attribute, values, { details }), attributes, element: child };
}

/** Attributes as the document has them. */
function written({ span }: XmlElement, attributes: readonly XmlAttribute[]): string {
  const { text } = span.source;
  return attributes.map(({ nameSpan, valueSpan }) => ` ${text.slice(nameSpan.start, valueSpan.end + 1)}`).join('');
}
