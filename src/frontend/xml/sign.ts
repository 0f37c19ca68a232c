/** A `<` in the middle of a text that reads like a tag: `free<bsd`, or `<me@example.org>`. */
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

/**
 * Reports an address of mail between `<` and `>`, which no tag looks like.
 * @returns whether it is one
 */
export function reportAddress(faults: Faults, start: number, end: number): boolean {
  const inside = faults.source.text.slice(start + 1, end - 1);
  if (!/^[^\s<>&'"=/]+@[^\s<>&'"=/]+$/.test(inside)) return false;
  faults.report('BV0118', start, end, {}, { edit: { span: faults.span(start, end), text: `&lt;${inside}&gt;` } });
  return true;
}
