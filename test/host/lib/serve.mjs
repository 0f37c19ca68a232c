// `hostctl serve`: many calls in one process, since Node takes longer to start than most of them take. A line of JSON on
// standard input is a call, { id, words, input? }; a line on standard output is its answer, { id, status, text }.
import { createInterface } from 'node:readline';
import { perform } from './verbs.mjs';

/** Answers until the end of standard input. */
export function serve() {
  createInterface({ input: process.stdin }).on('line', (line) => void answer(line));
}

/** @param {string} line */
async function answer(line) {
  /** @type {{ id: number, words: string[], input?: string }} */
  const { id, words, input = '' } = JSON.parse(line);
  /** @type {string[]} */
  const pieces = [];
  const add = (/** @type {string} */ text) => pieces.push(text);
  const status = await perform(words, { print: add, complain: add, input: () => input });
  process.stdout.write(`${JSON.stringify({ id, status, text: pieces.join('') })}\n`);
}
