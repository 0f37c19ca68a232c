/**
 * The account of a document after the passes: what they have used, of what a finding speaks, and what is left of it.
 */
import { catalogue } from '../diagnostics/catalogue/index.ts';
import type { Severity } from '../diagnostics/message.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Span } from '../diagnostics/source.ts';
import type { Degrees } from './degrees.ts';
import type { Degree } from './relaxng/degree.ts';
import { reportLeftOver, reportLive, type Account } from './left-over.ts';
import { placesOf, spoiledParts } from './spoiled.ts';
import { textSpan } from './xml/reader.ts';
import { childElements, type XmlAttribute, type XmlElement } from './xml/tree.ts';

type Part = XmlElement | XmlAttribute;

/** What the passes say of the places of a document. */
export interface UsedPlaces {
  has(at: Span): boolean;
  /** The element of that start tag is used with all attributes that bhyvec knows how to use. */
  hasWhole(at: Span): boolean;
  isLeftOut(at: Span): boolean;
  /** libvirt writes the value by itself, and it means nothing here. */
  isLibvirts(at: Span): boolean;
}

/** What else is known of the document. */
export interface Knowledge {
  readonly degrees: Degrees;
  /** The parts that a schema finding speaks of. */
  readonly flagged: ReadonlySet<Part>;
  readonly gravest: Severity;
}

/** Reports what the passes have not used, and no finding speaks of. */
export function reportUnused(root: XmlElement, known: Knowledge, uses: UsedPlaces, reporter: Reporter): void {
  const { degrees, flagged, gravest } = known;
  const taken = takenParts(root, degrees, uses);
  const told = toldParts(root, reporter, uses);
  const spoiled = spoiledParts(root, reporter);
  const account: Account = {
    degrees,
    isTaken: (part) => taken.has(part),
    isLibvirts: (part) => isLibvirts(part, uses),
    isTold: (part) => told.has(part) || (flagged.has(part) && !taken.has(part)),
    isFlagged: (part) => flagged.has(part),
    isSpoiled: (part) => spoiled.has(part),
    isMisread: () => false,
    gravest,
    reporter,
  };
  reportLeftOver(root, account);
  reportLive(root, account);
}

/** An element by its text, or by its attributes where those say all. */
function isLibvirts(part: Part, uses: UsedPlaces): boolean {
  if (!('kind' in part)) return uses.isLibvirts(part.valueSpan);
  const { attributes } = part;
  return uses.isLibvirts(textSpan(part)) || (attributes.length > 0 && attributes.every((one) => isLibvirts(one, uses)));
}

/** The parts that are in use: an element also where only a part of it is, unless it has a text of its own. */
function takenParts(root: XmlElement, degrees: Degrees, uses: UsedPlaces): ReadonlySet<Part> {
  const taken = new Set<Part>([root]);
  const visit = (element: XmlElement): boolean => {
    const text = textSpan(element);
    const hasText = element.children.some((child) => child.kind === 'text' && child.text.trim() !== '');
    const isWhole = uses.hasWhole(element.startSpan);
    for (const attribute of element.attributes) {
      // A unit is used with its number.
      const isUnit = attribute.name.local === 'unit' && hasText && uses.has(text);
      const isUsed = uses.has(attribute.valueSpan) || (isWhole && degrees.get(attribute)?.degree === 'used') || isUnit;
      if (isUsed) taken.add(attribute);
    }
    const children = childElements(element);
    const inside = [...children.map(visit), ...element.attributes.map((part) => taken.has(part))].some(Boolean);
    // A tag whose attributes say all that there is to say is used by way of them.
    const isTag = element.attributes.length > 0 && children.length === 0 && !hasText;
    const isTaken = (!isTag && uses.has(element.startSpan)) || (hasText ? uses.has(text) : inside);
    // A device that bhyve does not have may keep a slot: it is left out all the same.
    if (isTaken && isOurs(degrees.get(element)?.degree)) taken.add(element);
    return isTaken;
  };
  for (const child of childElements(root)) visit(child);
  for (const attribute of root.attributes) if (uses.has(attribute.valueSpan)) taken.add(attribute);
  return taken;
}

function isOurs(degree: Degree | undefined): boolean {
  return degree === undefined || !['device', 'limit', 'content'].includes(degree);
}

/**
 * The parts of which a finding speaks: an attribute or a leaf where one stands at it, an element where one says that it is
 * ignored.
 */
function toldParts(root: XmlElement, { diagnostics }: Reporter, uses: UsedPlaces): ReadonlySet<Part> {
  const told = new Set<Part>();
  const serious = diagnostics.filter(({ severity }) => severity !== 'note');
  const spans = (found: typeof serious): readonly Span[] =>
    found.flatMap(({ span, notes }) => [span, ...notes.map((note) => note.span)]);
  const hasFinding = placesOf(spans(serious));
  const ignored = serious.filter(({ code }) => catalogue()[code].ignored);
  const tagsOfAll = new Set(ignored.map(({ span }) => keyOf(span)));
  const tagsOfParts = new Set(serious.filter(({ severity }) => severity === 'error').map(({ span }) => keyOf(span)));
  const visit = (element: XmlElement, isUnit: boolean): void => {
    const { startSpan, span } = element;
    const key = keyOf(startSpan);
    const children = childElements(element);
    const isLeaf = children.length === 0 && (element.attributes.length === 0 || hasFinding(contentOf(element)));
    const isOut = tagsOfAll.has(key) || (!isUnit && tagsOfParts.has(key)) || uses.isLeftOut(startSpan);
    if (isOut || (isLeaf && hasFinding(span))) {
      told.add(element);
      return;
    }
    for (const attribute of element.attributes)
      if (hasFinding({ ...attribute.nameSpan, end: attribute.valueSpan.end })) told.add(attribute);
    const isList = element === root || element.name.local === 'devices';
    for (const child of children) visit(child, isList && child.name.local !== 'devices');
  };
  visit(root, false);
  return told;
}

/** What stands between the tags. */
function contentOf({ startSpan, span }: XmlElement): Span {
  return { ...span, start: startSpan.end };
}

function keyOf({ start, end }: Span): string {
  return `${String(start)} ${String(end)}`;
}
