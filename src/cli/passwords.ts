/** `--secrets-from FILE`: passwords of guests outside their XML, as `{"GUEST": {"vncPassword": "..."}}`. */
import { readFileSync, statSync } from 'node:fs';
import type { Terminal } from './output.ts';

/** Reads the file; null where it cannot be used, which has been said without showing what is in it. */
export function readPasswords(file: string, terminal: Terminal): ReadonlyMap<string, string> | null {
  const refuse = (problem: string): null => {
    terminal.err(`bhyvec: ${file}: ${problem}\n`);
    return null;
  };
  let value: unknown;
  try {
    if ((statSync(file).mode & 0o077) !== 0) return refuse('other users can read it: chmod 600 it first');
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // What JSON.parse says would show a part of the text.
    return refuse(error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read');
  }
  if (!isFields(value)) return refuse('it is not an object with a guest for each key');
  const passwords = new Map<string, string>();
  for (const [guest, secrets] of Object.entries(value)) {
    const password = isFields(secrets) ? secrets['vncPassword'] : undefined;
    const others = isFields(secrets) ? Object.keys(secrets).filter((key) => key !== 'vncPassword') : [];
    if (typeof password !== 'string' || others.length > 0) {
      return refuse(`the entry of '${guest}' is not {"vncPassword": "..."}`);
    }
    passwords.set(guest, password);
  }
  return passwords;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
