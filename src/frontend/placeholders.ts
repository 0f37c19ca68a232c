/** Placeholders that a template engine should have replaced, such as `%%UUID%%`, `${name}` and `{{ name }}`. */
import type { Severity } from '../diagnostics/message.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Span } from '../diagnostics/source.ts';
import { childElements, type XmlElement } from './xml/tree.ts';

const placeholder = /%%[A-Za-z_][A-Za-z0-9_]*%%|\$\{[A-Za-z_][^{}]*\}|\{\{[^{}]+\}\}/g;
/** Those of others where `${name}` is a variable of ours. */
const foreign = /%%[A-Za-z_][A-Za-z0-9_]*%%|\{\{[^{}]+\}\}/g;

/**
 * Reports every placeholder left in the values and texts of a tree; true where there is one.
 * @param hasVariables whether `${name}` is no placeholder, since `variables.ts` has seen to it
 */
export function reportPlaceholders(
  root: XmlElement,
  severity: Severity,
  hasVariables: boolean,
  reporter: Reporter,
): boolean {
  const sought = hasVariables ? foreign : placeholder;
  // Most documents have nothing that looks like one.
  if (root.span.source.text.search(sought) < 0) return false;
  let found = false;
  const look = (span: Span): void => {
    const text = span.source.text.slice(span.start, span.end);
    for (const match of text.matchAll(sought)) {
      const start = span.start + match.index;
      reporter.report(
        'BV0311',
        { ...span, start, end: start + match[0].length },
        { placeholder: match[0] },
        { severity },
      );
      found = true;
    }
  };
  const pending = [root];
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    if (element.name.local === 'description' || element.name.local === 'metadata') continue;
    for (const attribute of element.attributes) look(attribute.valueSpan);
    for (const child of element.children) if (child.kind === 'text') look(child.span);
    for (const child of childElements(element)) pending.push(child);
  }
  return found;
}
