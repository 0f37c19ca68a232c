/** Progress on a terminal: when it is shown, and that nothing of it stays. */
import { expect, test } from 'vitest';
import { createProgress } from './progress.ts';

/** What a terminal of one line shows after all that was written. */
function screenOf(written: string): string {
  return written.split('\r').reduce((line, part) => {
    if (part.startsWith('\u001B[K')) return part.slice('\u001B[K'.length);
    return part + line.slice(part.length);
  }, '');
}

function opened(columns = 80): {
  readonly show: (text: string | null, at: number) => string;
  readonly all: () => string;
} {
  let now = 5000;
  let all = '';
  const progress = createProgress({ write: (text) => void (all += text), columns: () => columns, clock: () => now });
  const show = (text: string | null, at: number): string => {
    now = 5000 + at;
    progress(text);
    return screenOf(all);
  };
  return { show, all: () => all };
}

test('a short run shows nothing and takes nothing away', () => {
  const { show, all } = opened();
  show('compiling 1 of 2', 0);
  show('compiling 2 of 2', 999);
  show(null, 999);
  expect(all()).toBe('');
});

test('a long run shows where it is, ten times a second at most, and leaves an empty line', () => {
  const { show } = opened();
  expect(show('compiling 10 of 900', 1000)).toBe('compiling 10 of 900');
  expect(show('compiling 11 of 900', 1050)).toBe('compiling 10 of 900');
  expect(show('writing', 1100)).toBe('writing');
  expect(show(null, 1101)).toBe('');
});

test('a line is shorter than the terminal is wide', () => {
  const { show } = opened(10);
  expect(show('compiling 10 of 900', 1000)).toBe('compiling');
  expect(opened(0).show('compiling', 1000)).toBe('');
});
