/** What is said of a name that the host does not know: the one that was probably meant. */
import { hostPhrases } from '../../diagnostics/catalogue/bv06-host.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import type { Details } from '../../diagnostics/reporter.ts';
import type { Located } from '../../diagnostics/source.ts';

/** The hint for a help, and the edit. */
export interface NearName {
  readonly hint: string;
  readonly details: Details;
}

/** Looks for a name near to one that is not known. */
export function nearName(written: Located<string>, known: Iterable<string>): NearName {
  const name = nearest(written.value, [...new Set(known)]);
  if (name === null) return { hint: '', details: {} };
  return { hint: hostPhrases.didYouMean.format({ name }), details: { edit: { span: written.at, text: name } } };
}
