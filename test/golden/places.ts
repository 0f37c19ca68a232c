/**
 * A finding stands at the value that it is about: where the message quotes a value and the finding stands at a tag, no
 * attribute of that element has the value, nor is it the text of it; and no finding about a value stands at the name of its
 * attribute.
 */
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import { childElements, displayName, textOf, type XmlElement } from '../../src/frontend/xml/tree.ts';

/** Findings about the name of an attribute, or about the place where it stands. */
const aboutNames: readonly string[] = ['BV0113', 'BV0121', 'BV0207', 'BV0208', 'BV1306'];

export function allElements(root: XmlElement): readonly XmlElement[] {
  return [root, ...childElements(root).flatMap(allElements)];
}

/** What is wrong with the place of a finding; null for a right one. */
export function misplaced({ code, span, message }: Diagnostic, elements: readonly XmlElement[]): string | null {
  const same = (other: typeof span): boolean => other.start === span.start && other.end === span.end;
  for (const element of elements) {
    const own = element.attributes.find(({ nameSpan }) => same(nameSpan));
    if (own !== undefined && !aboutNames.includes(code) && own.value !== '') return `at the name of ${own.name.local}`;
    if (!same(element.startSpan) && !same(element.nameSpan)) continue;
    const inner = allElements(element);
    const quoted = [...message.matchAll(/'([^']+)'/g)].map(([, value]) => value);
    for (const one of inner) {
      const attribute = one.attributes.find(({ value }) => quoted.includes(value));
      if (attribute !== undefined) return `not at ${attribute.name.local} of <${displayName(one.name)}>`;
      if (quoted.includes(textOf(one).trim())) return `not at the text of <${displayName(one.name)}>`;
    }
  }
  return null;
}
