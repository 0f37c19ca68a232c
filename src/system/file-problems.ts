/** Sentences for what the system says of a file, errno(2). */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../diagnostics/nearest.ts';
import { reasonOf } from './trouble.ts';

/** Whether the system refused something about a file; anything else is a bug of ours. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** The file of the same folder that was probably meant. */
function near(name: string): string | null {
  const folder = path.dirname(name);
  try {
    const found = nearest(path.basename(name), readdirSync(folder));
    return found === null ? null : folder === '.' && !name.startsWith('.') ? found : path.join(folder, found);
  } catch {
    return null; // the folder is not there either
  }
}

/** A sentence for what the system said of a file; throws what is no error of the system. */
export function problemOf(name: string, error: unknown): { readonly problem: string } {
  if (!isFileError(error)) throw error;
  const meant = error.code === 'ENOENT' ? near(name) : null;
  const hint = meant === null ? '' : `; did you mean '${meant}'?`;
  return { problem: `${name}: ${reasonOf(error)}${hint}` };
}
