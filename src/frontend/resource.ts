/**
 * Documents that are no guest but something that guests share: networks, pools, volumes. Their readers say at once what
 * they make of the document; what nobody reads is reported by the degree that the grammar gives it. Reports: BV03, BV13.
 */
import type { Reporter } from '../diagnostics/reporter.ts';
import { reportLeftOver, reportLive } from './left-over.ts';
import { beginReading, type ReadOptions } from './reading.ts';
import type { ElementReader } from './xml/reader.ts';
import type { XmlElement } from './xml/tree.ts';

/** Reads such a document by `readParts`; null where that gives nothing. */
export function readResource<Read>(
  root: XmlElement,
  options: ReadOptions,
  reporter: Reporter,
  readParts: (element: ElementReader) => Read | null,
): Read | null {
  const reading = beginReading(root, options, reporter);
  if (reading === null) return null;
  const result = readParts(reading.element);
  const account = reading.account(options.gravest);
  reportLeftOver(root, account);
  reportLive(root, account);
  return result;
}
