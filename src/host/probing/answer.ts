/** What a command on the host answered, as data: `src/survey/system.ts` runs it, this folder says what it means. */

/** How a command ended and what it printed. */
export interface Answer {
  /** Null for a command that is not there, was killed, or did not end in time. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  /** Why there is no status. */
  readonly problem: 'missing' | 'slow' | 'killed' | null;
}

/** What is known of a yes-or-no question. */
export type Verdict = 'yes' | 'no' | 'unknown';

/** Both streams: manual pages do not always say on which one a text comes. */
export function textOf({ out, err }: Answer): string {
  return `${out}\n${err}`;
}

/** The lines of a text that are not empty, without blanks around them. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
