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
 * An element of which nothing is in use: one finding where all of it has its degree or a lesser one, else one for each
 * of its parts. An element that bhyvec would use says nothing itself where its parts have more to say.
 */
function reportElement(element: XmlElement, account: Account): void {
  const { degrees, isTold, isFlagged } = account;
  const own = degrees.get(element)?.degree;
  const parts = partsOf(element);
  const inner = parts.filter((part) => !isFlagged(part)).map((part) => degrees.get(part)?.degree);
  // A mistake in its structure changes nothing of what becomes of an element as a whole.
  const isTouched = parts.some((part) => isTold(part) && !isFlagged(part));
  const isWrapper = element.attributes.length === 0 && childElements(element).length > 0;
  const isQuiet =
    !hasText(element) && inner.length > 0 && inner.every((degree) => quiet.includes(degree) || degree === undefined);
  // Whatever else an element holds, its own text comes to nothing with it.
  const isContainer =
    own === 'used' &&
    !hasText(element) &&
    (isWrapper || isQuiet || inner.some((degree) => rankOf(degree) > rankOf('used')));
  // A device that is left out is left out with all that is in it.
  const isOut = own === 'device' && !isWrapper;
  const say = (): void => {
    report(element, { attribute: null, element: displayName(element.name) }, account);
  };
  if (!isTouched && !isContainer && (isOut || inner.every((degree) => rankOf(degree) <= rankOf(own)))) {
    say();
    return;
  }
  // What its tag says of all of it is not said again of its parts, but where they weigh more than a device that is missing.
  // An attribute that weighs more and has a cure of its own says more than its tag.
  const hasCure = element.attributes.some((attribute) => {
    const judgement = degrees.get(attribute);
    return judgement?.help != null && rankOf(judgement.degree) > rankOf('used');
  });
  const isSaid = own === 'used' && !isWrapper && !isTouched && !isQuiet && !hasCure;
  if (isSaid && !(account.gravest === 'error' && inner.some(isGravest))) say();
  const counts = (part: Part): boolean => !isSaid || [part, ...insideOf(part)].some((one) => isGrave(degrees.get(one)?.degree)); // prettier-ignore
  for (const attribute of element.attributes)
    if (counts(attribute) && (!isTouched || degrees.get(attribute)?.degree !== 'used'))
      reportAttribute(attribute, element, account);
  for (const child of childElements(element)) if (counts(child) && !isTold(child)) reportElement(child, account);
}

function isGrave(degree: Degree | undefined): boolean {
  return rankOf(degree) > rankOf('device');
}

function isGravest(degree: Degree | undefined): boolean {
  return degree === 'content' || degree === 'refused';
}

function insideOf(part: Part): readonly Part[] {
  return 'kind' in part ? partsOf(part) : [];
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
