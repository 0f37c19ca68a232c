/** Two verdicts on one document: where they differ one of the two validators is wrong, and ours is the one we blame. */
import { phrases } from '../../diagnostics/catalogue/bv02-schema.ts';
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { XmlElement } from '../xml/tree.ts';

/**
 * Compares the verdicts. *Reports* BV0214 where they differ.
 * @returns whether they agree
 */
export function compareVerdicts(
  root: XmlElement,
  ours: { readonly valid: boolean },
  theirs: boolean,
  reporter: Reporter,
): boolean {
  if (ours.valid === theirs) return true;
  const word = (valid: boolean): string => (valid ? phrases.valid : phrases.invalid).format({});
  reporter.report('BV0214', root.nameSpan, { ours: word(ours.valid), theirs: word(theirs) });
  return false;
}
