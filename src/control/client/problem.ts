/** What keeps a command from being done for reasons outside the command line: a sentence, and exit status 1. */
export class ConnectionProblem extends Error {
  override readonly name = 'ConnectionProblem';
}
