/** The gate between two stages: what comes after an error is not begun. */
import type { Reporter } from './reporter.ts';

/**
 * Runs a stage if the one before it came to something; what it gives counts if nothing was reported as an error.
 * @param isFaulty whether an error was reported elsewhere
 */
export function gate(
  reporter: Reporter,
  isFaulty = false,
): <In, Out>(input: In | null, run: (input: In) => Out | null) => Out | null {
  return (input, run) => {
    if (input === null) return null;
    const result = run(input);
    return reporter.errors > 0 || isFaulty ? null : result;
  };
}
