/** The one switch between the sample of `npm test` and the full size of `npm run test:full` (scripts/full-runs.mjs). */

const wanted = process.env['BHYVEC_FULL'];

/** Whether this is a full run. */
export const full = wanted !== undefined;

/**
 * A number that a full run has larger.
 * @param sample enough to prove that the mechanism works, and little enough for everybody's `npm test`
 * @param all what the proof needs
 * @param landing what CI takes at each landing, where all takes longer than there is time
 */
export function size(sample: number, all: number, landing = all): number {
  if (!full) return sample;
  return wanted === 'landing' ? landing : all;
}

/** All of a list in a full run, and of a sample one of each `n`, from the first. */
export function oneOf<T>(n: number, all: readonly T[]): readonly T[] {
  return full ? all : all.filter((_, nth) => nth % n === 0);
}
