/**
 * Degrees: what it means for a guest that a part of its XML comes to nothing. The grammar gives each element and each
 * attribute one, in `<b:degree>` beside its documentation; `of` names the values (or texts) for which one holds, `by` who it is that
 * cannot do it, `help` what a reader can do, or, of a part that is used, when that is.
 */
import { invariant } from '../../diagnostics/invariant.ts';

/** The degrees, with what docs/domain-xml.md says of each; from the least to the gravest. */
export const degrees = {
  used: 'bhyvec acts on it; where it comes to nothing in a guest, a warning says so',
  always: 'true of every bhyve guest, so that there is nothing to do',
  usual: 'what holds without it, too: leaving it out changes nothing',
  remark: 'for people and for other programs: bhyvec passes over it',
  live: 'libvirt adds it to a running guest by itself: one note for the document',
  nothing: 'no effect: the guest runs the same without it',
  tuning: 'how the host spends its memory and its CPUs on the guest, which is then left to FreeBSD: a warning',
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
  /** True where bhyve or its host could do it, and bhyvec cannot yet. */
  readonly notYet: boolean;
  /** What a reader can do about it; of a part that is used: when it is. Null for what the degree says itself. */
  readonly help: string | null;
}

/** What holds of a part in a document. */
export interface Judgement {
  readonly degree: Degree;
  readonly notYet: boolean;
  readonly help: string | null;
}

const names: readonly string[] = Object.keys(degrees);

function isDegree(word: string): word is Degree {
  return names.includes(word);
}

/** The attributes of `<b:degree>`. */
export interface RuleAttributes {
  readonly of: string | null;
  readonly by: string | null;
  readonly help: string | null;
}

/** Reads a rule; throws where the grammar names no degree. */
export function readDegree(word: string, { of, by, help }: RuleAttributes): DegreeRule {
  invariant(word === 'inherit' || isDegree(word), `there is no degree ${word}`);
  invariant(by === null || by === 'bhyvec', `nobody is called ${by ?? ''}`);
  invariant(help === null || !/[;#\t]/.test(help), `a help has no such sign: ${help ?? ''}`);
  return { degree: word, of: of === null ? [] : of.trim().split(/\s+/), notYet: by !== null, help };
}

/** Rules as a text, `nothing:no off;limit!#remove it`. */
export function rulesText(rules: readonly DegreeRule[]): string {
  return rules
    .map(({ degree, of, notYet, help }) =>
      [degree, notYet ? '!' : '', of.length === 0 ? '' : `:${of.join(' ')}`, help === null ? '' : `#${help}`].join(''),
    )
    .join(';');
}

/** Reads such a text. */
export function readRules(text: string): readonly DegreeRule[] {
  return text.split(';').map((rule) => {
    const [, degree = '', mark = '', of, help] = /^(\w+)(!?)(?::([^#]*))?(?:#(.*))?$/.exec(rule) ?? [];
    return readDegree(degree, { of: of ?? null, by: mark === '' ? null : 'bhyvec', help: help ?? null });
  });
}

/** What holds: the first rule that names one of the values, else the one that names none. */
export function judgementFor(
  rules: readonly DegreeRule[],
  holds: (value: string) => boolean,
  outer: Judgement,
): Judgement {
  const rule = rules.find(({ of }) => of.some(holds)) ?? rules.find(({ of }) => of.length === 0);
  if (rule === undefined || rule.degree === 'inherit') return outer;
  const { degree, notYet, help } = rule;
  // What is said of an element holds of its parts, too, where they have its degree and say nothing themselves.
  return degree === outer.degree && help === null && !notYet ? outer : { degree, notYet, help };
}
