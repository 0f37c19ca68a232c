/** Our own mistakes: an invariant that does not hold is a bug in bhyvec, never the user's fault. */

/** Thrown for a bug of ours; caught only by the command line, which says so and exits with 70 (EX_SOFTWARE). */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws {@link InvariantError} unless the condition holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The end of a `switch` over a union: does not compile while a case is missing. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`);
}
