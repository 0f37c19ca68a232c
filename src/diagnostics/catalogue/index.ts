/** All diagnostics, in the order of the stages that report them. A code is never reused. */
import type { Entry } from '../message.ts';
import { syntax } from './bv01-syntax.ts';

export const catalogue = { ...syntax } as const;

/** A diagnostic code: `BV`, two digits for the stage, two in order of birth. */
export type Code = keyof typeof catalogue;

/** The names of the values that a code's texts need. */
export type ParametersOf<C extends Code> = (typeof catalogue)[C] extends Entry<infer P> ? P : never;

/** The codes in order. */
export const codes = Object.keys(catalogue) as readonly Code[];
