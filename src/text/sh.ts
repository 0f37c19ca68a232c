/** Quoting for sh (POSIX, Shell Command Language, 2.2). */
import { invariant } from '../diagnostics/invariant.ts';

/** What sh takes literally everywhere but in the first word of a command; all else is quoted. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** The text between single quotes, in which only the single quote itself has a meaning. It must not contain NUL. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One word of a script: bare where that is safe and readable, else in single quotes. */
export function shellWord(text: string): string {
  invariant(!text.includes('\0'), 'a word of sh cannot contain NUL');
  return plain.test(text) ? text : singleQuoted(text);
}

const special = /[\r\t\n !"#$&'()*;<>?[\\\]^`{|}~]/;

/**
 * The word as libvirt's virBufferEscapeShell quotes it, for command lines that are shown: bare where that is safe, else in
 * single quotes. It must not contain NUL; XML cannot.
 */
export function quoteWord(word: string): string {
  if (word === '') return "''";
  return special.test(word) ? singleQuoted(word) : word;
}

/** Text behind a `#`: one line of printable ASCII, whatever the text holds. */
export function commentText(text: string): string {
  return text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/[^ -~]/gu, '?');
}

/** A name of a shell variable or function. */
export function identifier(text: string): string {
  invariant(/^[A-Za-z_][A-Za-z0-9_]*$/.test(text), `${JSON.stringify(text)} is no name of a shell variable`);
  return text;
}

/** The variable with a value, unless it has one. */
export function defaultValue(variable: string, value: string): string {
  const name = identifier(variable);
  return plain.test(value) ? `: "\${${name}:=${value}}"` : `[ -n "\${${name}-}" ] || ${name}=${shellWord(value)}`;
}
