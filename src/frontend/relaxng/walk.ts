/**
 * The walk over a document: derivatives decide, and where nothing remains a finding is made and the walk goes on as if
 * the mistake were mended. So the document is valid exactly when there is no finding, and all mistakes are told at once.
 */
import {
  childElements,
  contentSpan,
  textOf,
  trimmed,
  type XmlAttribute,
  type XmlElement,
  type XmlText,
} from '../xml/tree.ts';
import { discriminatingFirst } from './culprit.ts';
import { accepts, afterText, attribute, closeTag, startTag, withoutAttributes } from './derive.ts';
import { lookup, nextElements } from './expect.ts';
import { explainAttribute, explainMissing } from './explain-attribute.ts';
import { explainRefusedBeside, explainRefusedWord } from './explain-refused.ts';
import { explainElement, explainEnd, explainRoot, explainText } from './explain.ts';
import { explainTextForAttribute } from './explain-moved.ts';
import type { Finding, Frame, Hypothesis } from './frame.ts';
import type { Pattern, Patterns } from './patterns.ts';

/** What the walk found. */
export interface Walk {
  readonly findings: readonly Finding[];
  /** The nodes that findings are about; all that is in an element that was passed over is among them. */
  readonly flagged: ReadonlySet<XmlElement | XmlAttribute>;
}

/** So many findings are enough: whoever wrote the document has to begin anew, and explaining takes time. */
const enough = 100;

/** Walks over a document; beyond a hundred mistakes it only decides. */
export function walk(patterns: Patterns, root: XmlElement): Walk {
  const findings: Finding[] = [];
  const flagged = new Set<XmlElement | XmlAttribute>();
  /** Elements of which a finding about an attribute says what their text is, too. */
  const textTold = new Set<XmlElement>();
  /** Elements of which a word that bhyvec cannot carry out is told. */
  const wordTold = new Set<XmlElement>();
  const report = (found: Finding): void => {
    findings.push(found);
    flagged.add(found.node);
  };
  const isFull = (): boolean => findings.length >= enough;
  const passOver = (element: XmlElement): void => {
    flagged.add(element);
    for (const a of element.attributes) flagged.add(a);
    childElements(element).forEach(passOver);
  };
  const alive = (list: readonly Hypothesis[]): readonly Hypothesis[] =>
    list.filter(({ pattern }) => pattern !== patterns.notAllowed);
  const each = (list: readonly Hypothesis[], derive: (pattern: Pattern) => Pattern): readonly Hypothesis[] =>
    alive(list.map(({ pattern, origin }) => ({ pattern: derive(pattern), origin })));

  /** Gives the indexes of the contents that the element has. */
  const visit = (element: XmlElement, contents: readonly Pattern[], parent: Frame | null): ReadonlySet<number> => {
    const frame: Frame = { element, parent, initial: contents, opened: [], readAs: new Map(), missed: new Set() };
    let now: readonly Hypothesis[] = contents.map((pattern, origin) => ({ pattern, origin }));
    now = attributes(frame, now);
    frame.opened = now.map(({ pattern }) => pattern);
    now = children(frame, now);
    return new Set(now.map(({ origin }) => origin));
  };

  const attributes = (frame: Frame, before: readonly Hypothesis[]): readonly Hypothesis[] => {
    let now = before;
    for (const { name, value } of frame.element.attributes) {
      const looked = lookup(name.namespace, name.local);
      now = each(now, (pattern) => attribute(patterns, pattern, looked, value));
    }
    now = each(now, (pattern) => closeTag(patterns, pattern));
    return now.length > 0 ? now : mendedAttributes(frame, before);
  };
  const mendedAttributes = (frame: Frame, before: readonly Hypothesis[]): readonly Hypothesis[] => {
    if (isFull()) return each(before, (pattern) => withoutAttributes(patterns, pattern, patterns.empty));
    let now = before;
    for (const found of discriminatingFirst(frame.initial, frame.element.attributes)) {
      if (flagged.has(found)) continue;
      const looked = lookup(found.name.namespace, found.name.local);
      let next = each(now, (pattern) => attribute(patterns, pattern, looked, found.value));
      if (next.length === 0 && !isFull()) {
        const verdict = explainAttribute(patterns, frame, patternsOf(now), found);
        if (!isOfRefused(frame, found)) report(verdict.finding);
        if (verdict.hasText === true) textTold.add(frame.element);
        const { element, attributes: moved } = verdict.moved ?? { element: null, attributes: [] };
        if (element !== null) frame.missed.add(lookup(element.namespace, element.local).key);
        for (const one of moved) flagged.add(one);
        next = each(now, verdict.mended);
      }
      if (next.length > 0) now = next;
    }
    const closed = each(now, (pattern) => closeTag(patterns, pattern));
    if (closed.length > 0) return closed;
    const moved = explainTextForAttribute(patterns, frame, patternsOf(now));
    if (moved === null) reportMissing(frame, explainMissing(frame, patternsOf(now)));
    else {
      report(moved);
      textTold.add(frame.element);
    }
    return each(now, (pattern) => withoutAttributes(patterns, pattern, patterns.empty));
  };

  /** Parts that are missing, or the word of the tag that they would be missing for. */
  const reportMissing = (frame: Frame, missing: readonly Finding[]): void => {
    if (!wordTold.has(frame.element)) (explainRefusedWord(frame) ?? missing).forEach(report);
  };
  /** Whether a part does not fit for a word only that bhyvec cannot carry out: that is told, once, and what is missing with it is not. */
  const isOfRefused = (frame: Frame, part: XmlElement | XmlAttribute): boolean => {
    const found = explainRefusedBeside(patterns, frame, part);
    if (found === null) return false;
    if (!wordTold.has(found.element)) found.findings.forEach(report);
    wordTold.add(found.element).add(frame.element);
    return true;
  };

  const children = (frame: Frame, before: readonly Hypothesis[]): readonly Hypothesis[] => {
    const elements = childElements(frame.element);
    if (elements.length === 0) return textOnly(frame, before);
    let now = before;
    for (const child of frame.element.children)
      now = child.kind === 'text' ? text(frame, now, child) : start(frame, now, child);
    const done = now.filter(({ pattern }) => pattern.nullable);
    if (done.length > 0) return done;
    if (!isFull()) reportMissing(frame, explainEnd(frame, patternsOf(now)));
    return now;
  };
  /** Content without elements is one text, which may be empty. */
  const textOnly = (frame: Frame, now: readonly Hypothesis[]): readonly Hypothesis[] => {
    const content = textOf(frame.element);
    const done = now.filter(({ pattern }) => accepts(patterns, pattern, content));
    if (done.length > 0) return done;
    const span = contentSpan(frame.element);
    if (isFull() || textTold.has(frame.element)) return now;
    if (content.trim() === '' || span === null) reportMissing(frame, explainEnd(frame, patternsOf(now)));
    else report(explainText(patterns, frame, patternsOf(now), content, span));
    return now;
  };
  /** White space between elements does not count. */
  const text = (frame: Frame, now: readonly Hypothesis[], child: XmlText): readonly Hypothesis[] => {
    if (!/[^ \t\r\n]/.test(child.text)) return now;
    const next = each(now, (pattern) => afterText(patterns, pattern, child.text));
    if (next.length > 0) return next;
    if (!isFull()) report(explainText(patterns, frame, patternsOf(now), child.text, trimmed(child.span)));
    return now;
  };

  const start = (frame: Frame, now: readonly Hypothesis[], child: XmlElement): readonly Hypothesis[] => {
    const { name } = child;
    const next = enter(frame, now, child, name.namespace, name.local);
    if (next !== null) return next;
    if (isFull()) {
      passOver(child);
      return now;
    }
    const verdict = explainElement(patterns, frame, patternsOf(now), child);
    const isTwice = verdict.finding.code === 'BV0204';
    if (isTwice || !isOfRefused(frame, child)) report(verdict.finding);
    const { meant } = verdict;
    const mended = meant === null ? null : enter(frame, now, child, meant.namespace, meant.local);
    if (mended === null) passOver(child);
    else if (meant !== null) frame.readAs.set(child, lookup(meant.namespace, meant.local).key);
    return mended ?? now;
  };
  /** Null where no hypothesis takes an element of that name. */
  const enter = (
    frame: Frame,
    now: readonly Hypothesis[],
    child: XmlElement,
    namespace: string,
    local: string,
  ): readonly Hypothesis[] | null => {
    const name = lookup(namespace, local);
    const contents: Pattern[] = [];
    const ways = now.map(({ pattern, origin }) => {
      const transitions = startTag(patterns, pattern, name);
      for (const { content } of transitions) if (!contents.includes(content)) contents.push(content);
      return { origin, transitions };
    });
    if (contents.length === 0) return null;
    const taken = visit(child, contents, frame);
    return alive(
      ways.map(({ origin, transitions }) => {
        const rests = transitions.filter(({ content }) => taken.has(contents.indexOf(content)));
        return { origin, pattern: patterns.choice(rests.map(({ rest }) => rest)) };
      }),
    );
  };

  const first = startTag(patterns, patterns.start, lookup(root.name.namespace, root.name.local));
  if (first.length > 0)
    visit(root, first.map(({ content }) => content), null); // prettier-ignore
  else {
    report(explainRoot(root, nextElements([patterns.start])));
    passOver(root);
  }
  return { findings, flagged };
}

function patternsOf(list: readonly Hypothesis[]): readonly Pattern[] {
  return list.map(({ pattern }) => pattern);
}
