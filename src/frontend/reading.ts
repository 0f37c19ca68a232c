/** A document while it is read, of whatever kind: placeholders come first, and what no reader takes is told at the end. */
import type { Severity } from '../diagnostics/message.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Degrees } from './degrees.ts';
import type { Account } from './left-over.ts';
import { reportPlaceholders } from './placeholders.ts';
import { misreadParts, spoiledParts } from './spoiled.ts';
import { readElement, type ElementReader } from './xml/reader.ts';
import type { XmlAttribute, XmlElement } from './xml/tree.ts';

/** What a reader is told beside the document. */
export interface ReadOptions {
  /** The parts that a schema finding already speaks of: nothing in them needs a report of its own, unless it is read. */
  readonly flagged: ReadonlySet<XmlElement | XmlAttribute>;
  readonly degrees: Degrees;
  /** How much a part matters without which the guest or the network is another one: a placeholder is one. */
  readonly gravest: Severity;
  /** Whether variables have been filled. */
  readonly hasVariables: boolean;
}

/** A document while it is read. */
export interface Reading {
  /** Its outermost element. */
  readonly element: ElementReader;
  /** What has been taken by now, and what findings speak of; `gravest` as in {@link Account}. */
  account(gravest: Severity | null): Account;
}

/** Begins to read a document; null where a placeholder makes that senseless, which has been reported. */
export function beginReading(root: XmlElement, options: ReadOptions, reporter: Reporter): Reading | null {
  const { flagged, degrees, gravest: ofPlaceholders, hasVariables } = options;
  if (reportPlaceholders(root, ofPlaceholders, hasVariables, reporter) && ofPlaceholders === 'error') return null;
  const taken = new Set<XmlElement | XmlAttribute>();
  return {
    element: readElement(root, { taken, reporter }),
    account(gravest) {
      const spoiled = spoiledParts(root, reporter);
      const misread = misreadParts(root, spoiled, flagged);
      return {
        degrees,
        isTaken: (part) => taken.has(part),
        isTold: (part) => flagged.has(part) && !taken.has(part),
        isFlagged: (part) => flagged.has(part),
        isSpoiled: (part) => spoiled.has(part),
        isLibvirts: () => false,
        isMisread: (part) => misread.has(part),
        gravest,
        reporter,
      };
    },
  };
}
