/** `--secrets-from FILE`: passwords of guests outside their XML, as `{"GUEST": {"vncPassword": "..."}}`. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { printable } from '../diagnostics/printable.ts';
import type { Plan } from '../ir/plan.ts';
import { problemOf } from '../system/file-problems.ts';
import type { Terminal } from '../system/terminal.ts';

/** Reads the file; null where it cannot be used, which has been said without showing anything that is in it. */
export async function readPasswords(file: string, terminal: Terminal): Promise<ReadonlyMap<string, string> | null> {
  const refuse = (problem: string): null => {
    terminal.err(`bhyvec: ${printable(file)}: ${problem}\n`);
    return null;
  };
  let text: string | null;
  try {
    text = readPrivate(file);
  } catch (error) {
    terminal.err(`bhyvec: ${printable(problemOf(file, error).problem)}\n`);
    return null;
  }
  if (text === null) return refuse('other users can read it: chmod 600 it first');
  const { passwordsIn } = await import('./passwords-shape.ts');
  const passwords = passwordsIn(text);
  return 'problem' in passwords ? refuse(passwords.problem) : passwords;
}

/** The text of a file, null where others may read it; the mode is that of the file that is read. */
function readPrivate(file: string): string | null {
  const descriptor = openSync(file, 'r');
  try {
    return (fstatSync(descriptor).mode & 0o077) === 0 ? readFileSync(descriptor, 'utf8') : null;
  } finally {
    closeSync(descriptor);
  }
}

/** Says which passwords came to nothing: a guest that was meant to have one may stand open. */
export function reportUnusedPasswords(
  file: string,
  passwords: ReadonlyMap<string, string>,
  plans: readonly Plan[],
  terminal: Terminal,
): void {
  for (const guest of passwords.keys()) {
    const plan = plans.find(({ vmname }) => vmname === guest);
    if (plan !== undefined && hasPassword(plan)) continue;
    const why = plan === undefined ? 'is not in this build' : 'has no VNC server';
    terminal.err(`bhyvec: ${file}: guest '${printable(guest)}' ${why}: its password is not used\n`);
  }
}

/** Whether a guest is told a password. */
export function hasPassword({ settings }: Plan): boolean {
  return settings.some(({ entries }) => entries.some(({ secret }) => secret === true));
}
