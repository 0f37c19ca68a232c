/** The one switch between the sample of `npm test` and the full size of `npm run test:full` (scripts/full-runs.mjs). */

/** Whether this is a full run. */
export const full = process.env['BHYVEC_FULL'] !== undefined;

/**
 * A number that a full run has larger.
 * @param sample enough to prove that the mechanism works, and little enough for everybody's `npm test`
 * @param all what the proof needs
 */
export function size(sample: number, all: number): number {
  return full ? all : sample;
}
