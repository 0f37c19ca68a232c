/**
 * How codes are numbered: `BV`, a digit for the page, one for the stage that reports it, two in order of birth. A stage
 * whose hundred numbers are used goes on with those of the next page: BV05xx, BV15xx and BV25xx are all of stage 5.
 */

import { invariant } from '../invariant.ts';

/** What a finding of each stage means, by the digit of the stage. The files that are read before all, host profile and project file, are stage 0. */
export const stages = {
  1: 'the text is not the XML that bhyvec accepts',
  2: 'the structure of the XML is not that of a domain',
  3: 'a value makes no sense, is missing, or has no effect',
  4: 'the parts of the domain do not fit together',
  5: 'bhyve cannot have a device like this',
  6: 'the host that is compiled for lacks something',
  7: 'a resource cannot be granted',
  8: 'the guest cannot boot, run or end like this',
  9: 'guests of one build cannot be together on one host',
  0: 'the host profile or the project file is not what bhyvec reads',
} as const;

/** A stage, as its digit. */
export type Stage = keyof typeof stages;

/** The stages in the order in which a document passes them; those files are told last. */
export const stageOrder: readonly Stage[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];

/** The stage of a code such as `BV0501`. */
export function stageOf(code: string): Stage {
  const digit = Number(code[3]);
  const stage = stageOrder.find((candidate) => candidate === digit);
  invariant(stage !== undefined, `${code} is not a code`);
  return stage;
}
