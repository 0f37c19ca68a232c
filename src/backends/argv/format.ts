/** The forms in which commands are printed. */
import { assertNever } from '../../diagnostics/invariant.ts';
import type { CommandLine } from './emit.ts';
import { textOf } from '../../ir/words.ts';
import { quoteWord } from '../../text/sh.ts';

/** sh one-line, sh wrapped as in libvirt's golden files, one word a line, NUL-separated, JSON. */
export const argvFormats = ['sh', 'wrapped', 'lines', 'nul', 'json'] as const;
export type ArgvFormat = (typeof argvFormats)[number];

/** Prints commands in a form; every form but `nul` ends in a newline. */
export function formatCommands(commands: readonly CommandLine[], format: ArgvFormat): string {
  const texts = commands.map(({ words }) => words.map(({ pieces }) => textOf(pieces)));
  switch (format) {
    case 'sh':
      return texts.map((words) => `${words.map(quoteWord).join(' ')}\n`).join('');
    case 'wrapped':
      return texts.map((words) => `${wrapWords(words)}\n`).join('');
    case 'lines':
      return texts.map((words) => words.map((word) => `${word}\n`).join('')).join('\n');
    case 'nul':
      return texts.map((words) => words.map((word) => `${word}\0`).join('')).join('\0');
    case 'json':
      return `${JSON.stringify(commands.map(({ role }, i) => ({ role, argv: texts[i] })))}\n`;
    default:
      return assertNever(format);
  }
}

/**
 * The words as libvirt's tests store them: the program without its directory, a line for each option with its values, the
 * quoting of sh. A word goes on the line of the word before it only if it does not begin with a hyphen, some word before
 * it does, and the word right before it or some word after it does.
 */
export function wrapWords([program = '', ...words]: readonly string[]): string {
  const isOption = words.map((word) => word.startsWith('-'));
  const first = isOption.indexOf(true);
  const last = isOption.lastIndexOf(true);
  const name = program.slice(program.lastIndexOf('/') + 1);
  return words.reduce((text, word, i) => {
    const stays = isOption[i] === false && first >= 0 && first < i && (isOption[i - 1] === true || last > i);
    return `${text} ${stays ? '' : '\\\n'}${quoteWord(word)}`;
  }, quoteWord(name));
}
