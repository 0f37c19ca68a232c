/** What keeps a build from writing, as a sentence. */
import { problemOf } from '../system/file-problems.ts';

/** Something in the folder, or about it, keeps a build from writing. */
export class FolderProblem extends Error {
  override readonly name = 'FolderProblem';
}

/** Runs something on files below a folder; what the system refuses becomes a {@link FolderProblem}. */
export function aboutFile<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FolderProblem) throw error;
    throw new FolderProblem(problemOf(name, error).problem, { cause: error });
  }
}
