/**
 * Puts the flat parts into each other: matches end tags with start tags, joins texts, and goes on after a tag that has
 * no partner. It keeps its own stack, so that no depth of nesting can exhaust the machine's.
 */
import type { Faults } from './faults.ts';
import { brief } from './names.ts';
import { createNamespaces, type Resolved } from './namespaces.ts';
import type { EndPart, Part, Parts, StartPart, TextPart } from './parts.ts';
import { createDecoder } from './references.ts';
import type { XmlElement, XmlText } from './tree.ts';

/** How many elements may stand inside each other; libxml2, which libvirt uses, has the same limit. */
export const maximumDepth = 256;

interface OpenElement {
  readonly tag: StartPart;
  readonly resolved: Resolved;
  readonly children: (XmlElement | XmlText)[];
  /** The text since the last child element. */
  text: { value: string; start: number; end: number } | null;
}

/** Builds the tree from the parts of a document, which come in one or several lists. */
export interface Builder {
  /** Takes the next parts; false if no more are wanted. */
  take(parts: Parts): boolean;
  /** The root element, or null where there is none; a later root is read, too, but dropped. */
  finish(isCutShort: boolean): XmlElement | null;
}

/** Makes a builder for one document. */
export function createBuilder(faults: Faults): Builder {
  let list: readonly Part[] = [];
  let hasDoctype = false;
  const decoder = createDecoder(faults, () => hasDoctype);
  const namespaces = createNamespaces(faults, decoder);
  const stack: OpenElement[] = [];
  let root: XmlElement | null = null;
  let rootTag: StartPart | null = null;
  let hasSecondRoot = false;
  let outside: TextPart | null = null;

  function flushText(element: OpenElement): void {
    const { text } = element;
    if (text === null) return;
    element.children.push({ kind: 'text', text: text.value, span: faults.span(text.start, text.end) });
    element.text = null;
  }

  function close(end: number): void {
    const element = stack.pop();
    if (element === undefined) return;
    flushText(element);
    const { tag, resolved, children } = element;
    namespaces.leave(resolved.shadowed);
    add({
      kind: 'element',
      name: resolved.name,
      attributes: resolved.attributes,
      children: children.slice(),
      nameSpan: faults.span(tag.start + 1, tag.start + 1 + tag.name.length),
      startSpan: faults.span(tag.start, tag.end),
      span: faults.span(tag.start, end),
    });
  }

  function add(element: XmlElement): void {
    const parent = stack.at(-1);
    if (parent !== undefined) parent.children.push(element);
    else root ??= element;
  }

  function startElement(tag: StartPart, index: number): void {
    const parent = stack.at(-1);
    if (parent !== undefined) flushText(parent);
    else if (rootTag === null) {
      rootTag = tag;
      if (outside !== null) reportOutside(outside, 'before', tag);
      outside = null;
    } else if (!hasSecondRoot) {
      hasSecondRoot = true;
      const values = { tag: nameOf(tag), root: nameOf(rootTag) };
      const notes = [faults.note(rootTag.start, rootTag.end, 'the first one')];
      faults.report('BV0134', tag.start, tag.end, values, { notes });
    }
    stack.push({ tag, resolved: namespaces.enter(tag), children: [], text: null });
    // A tag without its > is taken for an empty one unless its end tag is there.
    if (tag.isEmpty || (!tag.isClosed && ownEndAfter(index) !== tag.name)) close(tag.end);
  }

  function endElement(tag: EndPart, index: number): void {
    const innermost = stack.at(-1);
    if (innermost !== undefined && (tag.name === innermost.tag.name || tag.name === '')) {
      close(tag.end);
      return;
    }
    const found = `</${brief(tag.name)}>`;
    if (innermost === undefined) {
      faults.report('BV0113', tag.start, tag.end, { found });
      return;
    }
    const next = ownEndAfter(index);
    const sameName = stack.filter((element) => element.tag.name === tag.name).length;
    if (sameName > 0 && !(sameName === 1 && next === tag.name)) {
      closeUnclosed(tag);
    } else if (next === innermost.tag.name) {
      faults.report('BV0113', tag.start, tag.end, { found });
    } else {
      const values = { found, expected: endTagOf(innermost.tag), tag: nameOf(innermost.tag) };
      const notes = [faults.note(innermost.tag.start, innermost.tag.end, `${nameOf(innermost.tag)} starts here`)];
      const edit = { span: faults.span(tag.start, tag.end), text: `</${innermost.tag.name}>` };
      faults.report('BV0112', tag.start, tag.end, values, { notes, edit });
      close(tag.end);
    }
  }

  /** Closes the elements inside the one that an end tag belongs to, and that one. */
  function closeUnclosed(end: EndPart): void {
    for (let open = stack.at(-1); open !== undefined && open.tag.name !== end.name; open = stack.at(-1)) {
      const { tag } = open;
      if (closeRepeated(tag, end.start)) continue;
      const values = { tag: nameOf(tag), before: `</${brief(end.name)}>`, end: endTagOf(tag) };
      const notes = [faults.note(end.start, end.end, 'this closes an element around it')];
      faults.report('BV0111', tag.start, tag.end, values, { notes });
      close(end.start);
    }
    close(end.end);
  }

  /** A start tag in one of the same name, both without an end tag, is meant to be that end tag: `<title>web<title>`. */
  function closeRepeated(tag: StartPart, end: number): boolean {
    const outer = stack.at(-2);
    if (outer?.tag.name !== tag.name || tag.attributes.length > 0) return false;
    const values = { found: nameOf(tag), expected: endTagOf(tag), tag: nameOf(tag) };
    const notes = [faults.note(outer.tag.start, outer.tag.end, `${nameOf(tag)} starts here`)];
    const edit = { span: faults.span(tag.start, tag.end), text: `</${tag.name}>` };
    faults.report('BV0112', tag.start, tag.end, values, { notes, edit });
    close(end);
    close(end);
    return true;
  }

  /** The name in the next end tag whose start tag is not among the parts that follow in the same list. */
  function ownEndAfter(index: number): string | null {
    let depth = 0;
    for (let at = index + 1; at < list.length; at++) {
      const part = list[at];
      if (part?.kind === 'start' && !part.isEmpty && part.isClosed) depth += 1;
      else if (part?.kind === 'end' && depth === 0) return part.name;
      else if (part?.kind === 'end') depth -= 1;
    }
    return null;
  }

  function addText(part: TextPart): void {
    const element = stack.at(-1);
    if (element === undefined) {
      takeOutside(part);
      return;
    }
    const value = part.kind === 'text' ? decoder.text(part.start, part.end) : decoder.cdata(part.start, part.end);
    if (element.text === null) element.text = { value, start: part.outerStart, end: part.outerEnd };
    else {
      element.text.value += value;
      element.text.end = part.outerEnd;
    }
  }

  function takeOutside(part: TextPart): void {
    const isBlank = part.kind === 'text' && /^[ \t\r\n]*$/.test(faults.source.text.slice(part.start, part.end));
    if (isBlank || part.kind === 'stray' || outside !== null) return;
    outside = part;
    if (rootTag !== null) reportOutside(part, 'after', rootTag);
  }

  function reportOutside(part: TextPart, where: 'before' | 'after', tag: StartPart): void {
    const [start, end] = trim(part, faults.source.text);
    faults.report('BV0135', start, end, { where, root: nameOf(tag) });
  }

  let isTooDeep = false;
  function takePart(part: Part, index: number): void {
    if (part.kind === 'end') endElement(part, index);
    else if (part.kind !== 'start') addText(part);
    else if (stack.length < maximumDepth) startElement(part, index);
    else {
      isTooDeep = true;
      faults.report('BV0109', part.start, part.end, { limit: maximumDepth, level: maximumDepth + 1 });
    }
  }

  /** Reports what is missing at the end of the text. */
  function reportEnd(): void {
    const innermost = stack.at(-1);
    if (innermost !== undefined && !closeRepeated(innermost.tag, faults.source.text.length)) {
      const notes = stack.slice(0, -1).map(({ tag }) => faults.note(tag.start, tag.end, `${nameOf(tag)} is open, too`));
      const values = { tag: nameOf(innermost.tag), before: 'the end of the file', end: endTagOf(innermost.tag) };
      faults.report('BV0111', innermost.tag.start, innermost.tag.end, values, { notes: notes.slice(-5).toReversed() });
    } else if (rootTag === null && faults.count === 0) {
      const [start, end] = outside === null ? [0, 0] : trim(outside, faults.source.text);
      faults.report('BV0106', start, end, {});
    }
  }

  return {
    take(parts) {
      ({ list, hasDoctype } = parts);
      for (let index = 0; index < list.length && !isTooDeep && !faults.full; index++) {
        const part = list[index];
        if (part !== undefined) takePart(part, index);
      }
      return !isTooDeep;
    },
    finish(isCutShort) {
      if (!isTooDeep && !isCutShort) reportEnd();
      while (stack.length > 0) close(faults.source.text.length);
      return root;
    },
  };
}

function nameOf(tag: StartPart): string {
  return `<${brief(tag.name)}>`;
}

function endTagOf(tag: StartPart): string {
  return `</${brief(tag.name)}>`;
}

/** The place of a text without the empty space around it. */
function trim(part: TextPart, source: string): readonly [number, number] {
  const text = source.slice(part.outerStart, part.outerEnd);
  const start = part.outerStart + text.length - text.trimStart().length;
  return [start, Math.max(start, part.outerStart + text.trimEnd().length)];
}
