/**
 * Variables of a project in a domain: `${name}` in texts and attributes is filled with their values; `$${` is a `${` that stays.
 * The tree is filled, and not the text: whatever a value holds, it is text in its place and never markup, and findings point at
 * the XML that the user wrote. *Needs* a tree; *gives* the tree with all values in; *reports* BV1050, BV1051, BV1057.
 */
import { nearest } from '../diagnostics/nearest.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Filled, Span } from '../diagnostics/source.ts';
import { brief } from './xml/names.ts';
import type { XmlAttribute, XmlElement, XmlText } from './xml/tree.ts';

/** The value of one variable. */
export interface Variable {
  /** As it is to stand in a text or an attribute. */
  readonly text: string;
  /** Where the project file has the value. */
  readonly at: Span;
  /** Where it has the name. */
  readonly keyAt: Span;
}

/** Variables by name. */
export type Variables = ReadonlyMap<string, Variable>;

/** What is asked for while a tree is filled. */
interface Work {
  readonly variables: Variables;
  readonly filled: Filled[];
  readonly reporter: Reporter;
  /** Parts that are not for bhyvec: what is no variable stays as it is. */
  readonly isForeign: boolean;
}

/** A `$${`, or a `${` with what follows up to its brace. */
const reference = /\$\$\{|\$\{([^{}]*)(\}?)/g;
/** The form of a variable's name, as a regular expression. */
export const variableForm = '[A-Za-z_][A-Za-z0-9_.-]*';
const nameForm = new RegExp(`^${variableForm}$`);

/**
 * Fills a tree; without variables it stays as it is.
 * @param filled takes the places that had variables, in document order
 */
export function fillVariables(
  root: XmlElement,
  variables: Variables | undefined,
  filled: Filled[],
  reporter: Reporter,
): XmlElement {
  // Nothing to do for most documents, and for most elements of the others.
  return variables !== undefined && root.span.source.text.includes('${')
    ? fillElement(root, { variables, filled, reporter, isForeign: false })
    : root;
}

function fillElement(element: XmlElement, given: Work): XmlElement {
  const isForeign = given.isForeign || ['description', 'metadata'].includes(element.name.local);
  const work = { ...given, isForeign };
  const attributes = element.attributes.map((attribute): XmlAttribute => {
    const value = fillText(attribute.value, attribute.valueSpan, attribute.name.local, work);
    return value === attribute.value ? attribute : { ...attribute, value };
  });
  const children = element.children.map((child): XmlElement | XmlText => {
    if (child.kind === 'element') return fillElement(child, work);
    const text = fillText(child.text, child.span, null, work);
    return text === child.text ? child : { ...child, text };
  });
  const isSame =
    attributes.every((one, i) => one === element.attributes[i]) &&
    children.every((one, i) => one === element.children[i]);
  return isSame ? element : { ...element, attributes, children };
}

function fillText(text: string, within: Span, attribute: string | null, work: Work): string {
  if (!text.includes('${')) return text;
  const find = finder(within);
  const used: Filled['used'][number][] = [];
  const result = text.replaceAll(
    reference,
    (found: string, name: string | undefined, brace: string, offset: number) => {
      const at = find(found);
      const variable = name === undefined ? undefined : work.variables.get(name);
      if (found === '$${' && !work.isForeign) return '${';
      if (variable === undefined || brace !== '}') {
        if (!work.isForeign) reportUnknown(found, name ?? '', brace, at, work);
        return found;
      }
      if (attribute === 'passwd' || /passw(?:or)?d=[^,]*$/.test(text.slice(0, offset)))
        work.reporter.report('BV1057', at, { name: `"${brief(name ?? '')}"` });
      used.push({ name: name ?? '', span: variable.at });
      return variable.text;
    },
  );
  if (result !== text) work.filled.push({ start: within.start, end: within.end, text: result, used });
  return result;
}

function reportUnknown(found: string, name: string, brace: string, at: Span, { variables, reporter }: Work): void {
  if (brace === '' || !nameForm.test(name)) {
    const remedy =
      brace === ''
        ? 'close the brace, or write $${ where ${ is meant'
        : 'a name is looked up and nothing is computed; write $${ where ${ is meant';
    reporter.report('BV1051', at, { found: `"${brief(found)}"`, remedy });
    return;
  }
  const known = [...variables.keys()];
  const near = nearest(name, known);
  const list = known.length === 0 ? 'it has none' : `it has ${known.slice(0, 8).join(', ')}`;
  const remedy =
    near === null
      ? `add it to "variables" in the project file (${list}), or write $\${ for \${`
      : `did you mean \${${near}}?`;
  const edit = { span: at, text: `\${${near ?? ''}}` };
  reporter.report('BV1050', at, { name: `"${brief(name)}"`, remedy }, near === null ? {} : { edit });
}

/** Finds the places of references one after the other; the whole value where one is written with character references. */
function finder(within: Span): (found: string) => Span {
  const { source, start, end } = within;
  let from = start;
  return (found) => {
    const at = source.text.indexOf(found, from);
    if (at < 0 || at + found.length > end) return within;
    from = at + found.length;
    return { source, start: at, end: from };
  };
}

/** A text with all that was filled in it, for readers of XML that know of no variables; markup in values is escaped. */
export function filledText({ text, filled = () => [] }: Span['source']): string {
  let from = 0;
  const pieces = filled().flatMap((one) => {
    const before = text.slice(from, one.start);
    from = one.end;
    return [before, escaped(one.text)];
  });
  return [...pieces, text.slice(from)].join('');
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"'\t\n\r]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}
