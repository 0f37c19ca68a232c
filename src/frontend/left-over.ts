/**
 * What nobody has used of a document, reported by the degree that the grammar gives it: that is how nothing in the XML
 * is dropped in silence. Reports: BV0301, BV0302, BV1301 to BV1306, BV1309.
 */
import type { Severity } from '../diagnostics/message.ts';
import { sayingOf } from '../diagnostics/sayings.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Span } from '../diagnostics/source.ts';
import type { Degrees } from './degrees.ts';
import type { Degree } from './relaxng/degree.ts';
import { childElements, displayName, type XmlAttribute, type XmlElement } from './xml/tree.ts';

type Part = XmlElement | XmlAttribute;

/** What is known of the parts of a document when one looks for those that are left. */
export interface Account {
  readonly degrees: Degrees;
  /** Somebody has used the attribute; or the element, its text, or a part of it. */
  readonly isTaken: (part: Part) => boolean;
  /** It means nothing here, whatever its degree, and libvirt writes it by itself. */
  readonly isLibvirts: (part: Part) => boolean;
  /** A finding speaks of the part and of all that is in it. */
  readonly isTold: (part: Part) => boolean;
  /** The schema speaks of the part: its structure is not that of the grammar. */
  readonly isFlagged: (part: Part) => boolean;
  /** Something around the part is refused: what bhyvec would do with it is not to be told. */
  readonly isSpoiled: (part: Part) => boolean;
  /** A mistake in a tag around the part, or in its own, comes first: what the part means is told when the tag is right. */
  readonly isMisread: (part: Part) => boolean;
  /** How much a part matters without which the guest is another one; null where that is told later. */
  readonly gravest: Severity | null;
  readonly reporter: Reporter;
}

/** Degrees of which there is nothing to tell; what is live is told once for the document. */
const quiet: readonly (Degree | undefined)[] = ['always', 'usual', 'remark', 'live'];

/** Reports what is left of an element that is itself in use. */
export function reportLeftOver(element: XmlElement, account: Account): void {
  for (const attribute of element.attributes)
    if (!account.isTaken(attribute)) reportAttribute(attribute, element, account);
  for (const child of childElements(element)) {
    if (account.isTold(child)) continue;
    if (account.isTaken(child)) reportLeftOver(child, account);
    else reportElement(child, account);
  }
}

function reportAttribute(attribute: XmlAttribute, element: XmlElement, account: Account): void {
  if (account.isTold(attribute)) return;
  report(attribute, { attribute: displayName(attribute.name), element: displayName(element.name) }, account);
}

/**
 * An element of which nothing is in use. One rule: it speaks for all in it that weighs no more than it reaches, and what weighs more
 * speaks for itself in the same way. An element that reaches nothing leaves the word to each of its parts; one that comes to
 * nothing is not worth a word beside an error in it.
 */
function reportElement(element: XmlElement, account: Account): void {
  const { degrees, gravest, isTold, isFlagged } = account;
  // A mistake in its structure changes nothing of what becomes of an element as a whole.
  const isTouched = partsOf(element).some((part) => isTold(part) && !isFlagged(part));
  const reach = isTouched ? nothing : reachOf(element, account);
  const isBeyond = (part: Part): boolean => heaviest(part, account) > reach;
  const children = childElements(element);
  const isOneVoice = !isTouched && ![...element.attributes, ...children].some(isBeyond);
  if (isOneVoice || (reach > rankOf(degrees.get(element)?.degree) && gravest !== 'error'))
    report(element, { attribute: null, element: displayName(element.name) }, account);
  if (isOneVoice) return;
  for (const attribute of element.attributes)
    if (isBeyond(attribute) && !(isTouched && degrees.get(attribute)?.degree === 'used'))
      reportAttribute(attribute, element, account);
  for (const child of children) if (isBeyond(child) && !isTold(child)) reportElement(child, account);
}

/** What is said of these holds of more than weighs as much: what is left out or comes to nothing limits nothing and tunes nothing. */
const reaches: Partial<Record<Degree, Degree>> = { used: 'limit', device: 'refused', live: 'refused' };

/** No part weighs so little that it would not be beyond. */
const nothing = Number.NEGATIVE_INFINITY;

/**
 * Up to what weight an element speaks for its parts. It reaches nothing where it has nothing of its own to come to
 * nothing, or where its degree would be untrue of something in it.
 */
function reachOf(element: XmlElement, account: Account): number {
  const { degrees } = account;
  const own = degrees.get(element)?.degree;
  if (own === 'used' && isFrame(element, degrees)) return nothing;
  const further = own === undefined ? undefined : reaches[own];
  if (further !== undefined) return rankOf(further);
  return heaviest(element, account) > rankOf(own) ? nothing : rankOf(own);
}

/** An element that only holds parts: it has no text and no attributes, or nothing in it that would come to nothing with it. */
function isFrame(element: XmlElement, degrees: Degrees): boolean {
  const weights = partsOf(element).map((part) => rankOf(degrees.get(part)?.degree));
  if (weights.length === 0 || hasText(element)) return false;
  return element.attributes.length === 0 || weights.every((rank) => rank < rankOf('nothing') || rank > rankOf('used'));
}

/** The weight of a part with all that is in it; the schema speaks of what it has flagged. */
function heaviest(part: Part, { degrees, isFlagged }: Account): number {
  const all = 'kind' in part ? [part, ...partsOf(part)] : [part];
  return Math.max(nothing, ...all.filter((one) => !isFlagged(one)).map((one) => rankOf(degrees.get(one)?.degree)));
}

/** All attributes and elements inside an element. */
function partsOf(element: XmlElement): readonly Part[] {
  const children = childElements(element);
  return [...element.attributes, ...children, ...children.flatMap(partsOf)];
}

const ranks = [
  'remark',
  'always',
  'usual',
  'live',
  'nothing',
  'used',
  'tuning',
  'device',
  'limit',
  'content',
  'refused',
] as const;

/** What the grammar does not know counts least: the schema speaks of it, and what is around it. */
function rankOf(degree: Degree | undefined): number {
  return degree === undefined ? -1 : ranks.indexOf(degree);
}

interface Names {
  readonly attribute: string | null;
  readonly element: string;
}

function report(
  part: Part,
  { attribute, element }: Names,
  { degrees, gravest, isLibvirts, isSpoiled, isMisread, reporter }: Account,
): void {
  const judgement = degrees.get(part);
  const degree = judgement?.degree;
  if (
    quiet.includes(degree) ||
    isLibvirts(part) ||
    isMisread(part) ||
    (isSpoiled(part) && (degree === 'used' || degree === 'refused'))
  )
    return;
  const at = 'kind' in part ? part.startSpan : valueOrName(part);
  const isEmpty = 'kind' in part && part.attributes.length === 0 && part.children.every(isBlank);
  const what = attribute === null ? `<${element}>` : `attribute ${attribute} of <${element}>`;
  const counted = degree === 'used' && isEmpty ? 'nothing' : degree;
  switch (counted) {
    case 'nothing':
      if (attribute === null) reporter.report('BV0302', at, { element });
      else reporter.report('BV0301', at, { attribute, element });
      return;
    case 'tuning':
      reporter.report('BV1309', at, { what, ...sayingOf('tuning', judgement) });
      return;
    case 'device':
      reporter.report('BV1301', at, { what, ...sayingOf('device', judgement) });
      return;
    case 'limit':
      reporter.report('BV1302', at, { what, ...sayingOf('limit', judgement) });
      return;
    case 'content':
    case 'refused':
      if (gravest !== null)
        reporter.report('BV1303', at, { what, ...sayingOf(counted, judgement) }, { severity: gravest });
      return;
    case undefined:
      reporter.report('BV1306', at, { what });
      return;
    default:
      reporter.report('BV1304', at, { what, ...sayingOf('used', judgement) });
  }
}

/** A finding about an attribute stands at its value; where that is empty there is nothing to stand at but the name. */
export function valueOrName({ nameSpan, valueSpan }: XmlAttribute): Span {
  return valueSpan.start === valueSpan.end ? nameSpan : valueSpan;
}

/** Whether an element has a text of its own. */
function hasText({ children }: XmlElement): boolean {
  return children.some((child) => child.kind === 'text' && !isBlank(child));
}

function isBlank(child: XmlElement['children'][number]): boolean {
  return child.kind === 'text' && child.text.trim() === '';
}

/** Reports, once for the document, what libvirt adds to a running guest by itself. */
export function reportLive(root: XmlElement, { degrees, isLibvirts, isTold, isSpoiled, reporter }: Account): void {
  const found: XmlElement[] = [];
  const names = new Set<string>();
  const add = (element: XmlElement, name: string): void => {
    found.push(element);
    names.add(name);
  };
  const pending = [root];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (isTold(next) || isSpoiled(next)) continue;
    if (degrees.get(next)?.degree === 'live' || isLibvirts(next)) {
      add(next, next.name.local);
      continue;
    }
    for (const attribute of next.attributes)
      if (degrees.get(attribute)?.degree === 'live' && !isTold(attribute)) add(next, `${attribute.name.local}=`);
    for (const child of childElements(next)) pending.push(child);
  }
  const [first] = found.toSorted((a, b) => a.startSpan.start - b.startSpan.start);
  if (first === undefined) return;
  const [...all] = names;
  const shown = all.length > 4 ? `${all.slice(0, 4).join(', ')} and others` : all.join(', ');
  reporter.report('BV1305', first.startSpan, { count: found.length, parts: shown });
}
