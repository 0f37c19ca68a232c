/** A `<` in the middle of a text that reads like a tag: `free<bsd`. */
import type { Faults } from './faults.ts';

/**
 * Reports a `<` that is meant as the sign: a text that is not blank goes before it, and no `>` ends the tag.
 * @returns whether it is one
 */
export function reportSign(
  faults: Faults,
  before: { readonly kind: string; readonly start: number; readonly end: number } | undefined,
  at: number,
): boolean {
  if (before?.kind !== 'text' || faults.source.text.slice(before.start, before.end).trim() === '') return false;
  faults.report('BV0118', at, at + 1, {}, { edit: { span: faults.span(at, at + 1), text: '&lt;' } });
  return true;
}
