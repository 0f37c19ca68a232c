/**
 * Degrees: what it means for a guest that a part of its XML comes to nothing. The grammar gives each element and each
 * attribute one, in `<b:degree>` beside its documentation; `of` names the values for which one holds.
 */
import { invariant } from '../../diagnostics/invariant.ts';

/** The degrees, with what docs/domain-xml.md says of each; from the least to the gravest. */
export const degrees = {
  used: 'bhyvec acts on it; where it comes to nothing in a guest, a warning says so',
  always: 'true of every bhyve guest, so that there is nothing to do',
  remark: 'for people and for other programs: bhyvec passes over it',
  live: 'libvirt adds it to a running guest by itself: one note for the document',
  nothing: 'no effect: the guest runs the same without it',
  device: 'left out, and the guest or its users may miss it: a warning',
  limit: 'a limit or a protection that the host does not enforce: a warning',
  content: 'without it the guest has other content, another boot or another network: an error',
  refused: 'bhyve cannot do it: an error that says what it can',
} as const;

export type Degree = keyof typeof degrees;

/** One `<b:degree>`. */
export interface DegreeRule {
  /** `inherit` is the degree of the element around it. */
  readonly degree: Degree | 'inherit';
  /** Values of the attribute, or `NAME=VALUE` of the element's attributes; empty for all others. */
  readonly of: readonly string[];
}

const names: readonly string[] = Object.keys(degrees);

function isDegree(word: string): word is Degree {
  return names.includes(word);
}

/** Reads a rule; throws where the grammar names no degree. */
export function readDegree(word: string, of: string | null): DegreeRule {
  invariant(word === 'inherit' || isDegree(word), `there is no degree ${word}`);
  return { degree: word, of: of === null ? [] : of.trim().split(/\s+/) };
}

/** The degree that holds: the first rule that names one of the values, else the one that names none. */
export function degreeFor(rules: readonly DegreeRule[], holds: (value: string) => boolean, outer: Degree): Degree {
  const rule = rules.find(({ of }) => of.some(holds)) ?? rules.find(({ of }) => of.length === 0);
  return rule === undefined || rule.degree === 'inherit' ? outer : rule.degree;
}
