/** The order of a full run: what takes longest begins first, so that nothing runs alone at the end. */
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { fullRuns } from '../scripts/full-runs.mjs';
import { root } from '../scripts/bundling.mjs';

const minutes = new Map(Object.entries(fullRuns).map(([file, { minutes: count }]) => [path.join(root, file), count]));

/** For vitest.config.ts. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const length = ({ moduleId }: TestSpecification): number => minutes.get(moduleId) ?? 0;
    return Promise.resolve(files.toSorted((a, b) => length(b) - length(a)));
  }
}
