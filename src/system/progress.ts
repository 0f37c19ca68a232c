/**
 * A line of progress on a terminal, which stays until something else is printed and leaves nothing behind. A run that is over
 * before one could read it shows none.
 */

/** Shows what is being done; null takes it away. */
export type Progress = (text: string | null) => void;

/** Where it is shown. */
export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Columns of the terminal now. */
  readonly columns: () => number;
  /** The time now, in ms. */
  readonly clock: () => number;
}

/** Time before the first line, and between two of them, in ms. */
const [patience, pause] = [1000, 100];

/** ECMA-48: to the start of the line, and erase from there (EL). */
const erase = '\r\u001B[K';

/** Makes one. The text is one line that can be printed. */
export function createProgress({ write, columns, clock }: ProgressOptions): Progress {
  let next = clock() + patience;
  let isShown = false;
  return (text) => {
    if (text === null) {
      if (isShown) write(erase);
      isShown = false;
      return;
    }
    const now = clock();
    if (now < next) return;
    next = now + pause;
    isShown = true;
    // A line that is full would begin another one, which nothing erases.
    write(`${erase}${text.slice(0, Math.max(0, columns() - 1))}`);
  };
}
