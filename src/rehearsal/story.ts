/** A rehearsal as text for people: the commands of a run in order, and what of the host is not as it was. */
import { createTwoFilesPatch } from 'diff';
import { quoteWord } from '../backends/argv/quote.ts';
import { hiddenSecret } from '../backends/text/secrets.ts';
import type { HostCommand } from './host.ts';
import type { BuiltGuest } from './manifest.ts';

/** Columns that a command may take before it is wrapped. */
const width = 110;

/** One command: a line, or an option on each line. What failed, or ended bhyve, is behind it. */
export function commandText({ argv, status }: HostCommand, root: string): string {
  const words = argv.map((word) => quoteWord(withoutRoot(withoutSecret(word), root)));
  const end = status === null || status === '0' ? '' : `   # ${endOf(argv[0] ?? '', status)}`;
  const line = words.join(' ');
  const text = line.length <= width ? line : wrapped(words);
  return `  ${text}${end}\n`;
}

function wrapped([program = '', ...words]: readonly string[]): string {
  const lines: string[] = [program];
  let length = program.length;
  for (const [i, word] of words.entries()) {
    const opens = word.startsWith('-') || words[i - 1]?.startsWith('-') !== true;
    const isFull = length + word.length > width - 10;
    if (opens && isFull) lines.push(` \\\n      ${word}`);
    else lines.push(` ${word}`);
    length = opens && isFull ? word.length + 6 : length + word.length + 1;
  }
  return lines.join('');
}

const endsOfBhyve = ['reset', 'powered off', 'halted', 'triple fault', 'error'];

function endOf(program: string, status: string): string {
  const meaning = program === 'bhyve' ? endsOfBhyve[Number(status)] : undefined;
  return `${status}${meaning === undefined ? '' : `: ${meaning}`}`;
}

function withoutSecret(word: string): string {
  return word.replaceAll(/\bpassword=[^,]*/g, `password=${hiddenSecret}`);
}

/** The paths of a host, not those of the folder that stands for it. */
export function withoutRoot(text: string, root: string): string {
  return text.replaceAll(`${root}/`, '/').replaceAll(root, '/');
}

/** What a run leaves on purpose: modules, variable stores, nodes that nmdm(4) makes; empty folders do not count. */
export function stateToCompare(state: string, guests: readonly BuiltGuest[]): string {
  const stays = new Set(['dev/vmmctl', ...guests.flatMap(({ takes }) => takes.nvram.map(({ path }) => path.slice(1)))]);
  const sections = state.split(/^(?=\[)/m).filter((section) => !/^\[(?:modules|nmdm)\]/.test(section));
  const lines = sections.join('').split('\n');
  return lines.filter((line) => !stays.has(line.split(' ', 1)[0] ?? '') && !/^\S+\/ \d{4}$/.test(line)).join('\n');
}

/** The difference of two states; empty where there is none. */
export function stateDiff(before: string, after: string): string {
  if (before === after) return '';
  return createTwoFilesPatch('before', 'after', before, after, undefined, undefined, { context: 0 })
    .split('\n')
    .filter((line) => /^[-+]/.test(line))
    .map((line) => `  ${line}\n`)
    .join('');
}
