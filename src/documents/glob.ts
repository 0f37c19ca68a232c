/**
 * File name patterns, for those that the shell did not expand: `*`, `?`, `[...]`, `{a,b}`, and `**` for any depth of
 * folders. As in sh(1), a leading dot is matched by a dot only. The result is sorted by code units on every system.
 */
import { readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { errorCode } from '../system/trouble.ts';

/** What a pattern comes to. */
export interface Matches {
  /** The files, sorted, each once; whatever is no folder counts. */
  readonly files: readonly string[];
  /** Folders that the pattern leads into and that cannot be read, and why. */
  readonly unreadable: readonly { readonly folder: string; readonly error: unknown }[];
}

/** The files that a pattern matches. */
export function expandGlob(pattern: string): Matches {
  const found = expandBraces(pattern).map(matchesOf);
  const files = new Set(found.flatMap((one) => one.files));
  return { files: [...files].toSorted(), unreadable: found.flatMap(({ unreadable }) => unreadable) };
}

/** The alternatives of `{a,b}`, inner braces first: each has a beginning of its own that is no pattern. */
function expandBraces(pattern: string): readonly string[] {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (found === null) return [pattern];
  const [whole, inner = ''] = found;
  const before = pattern.slice(0, found.index);
  const after = pattern.slice(found.index + whole.length);
  return inner.split(',').flatMap((choice) => expandBraces(before + choice + after));
}

/** The library does not look outside of the folder that it starts from: that is the one before the first pattern. */
function matchesOf(pattern: string): Matches {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?[]/.test(part));
  const folder = parts.slice(0, first < 0 ? -1 : first).join('/');
  const base = folder === '' && pattern.startsWith('/') ? '/' : folder;
  const rest = first < 0 ? parts.slice(-1) : parts.slice(first);
  const unreadable: { folder: string; error: unknown }[] = [];
  const read = new Proxy(readdirSync, {
    apply(target, self, [where, ...words]: Parameters<typeof readdirSync>): unknown {
      const real = withBackslashes(String(where));
      try {
        const entries: unknown = Reflect.apply(target, self, [real, ...words]);
        return Array.isArray(entries) ? entries.map(asFile) : entries;
      } catch (error) {
        // What is not there, or is no folder, has nothing that matches.
        if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? ''))
          unreadable.push({ folder: path.join(base, path.relative(path.resolve(base), real)), error });
        throw error;
      }
    },
  });
  const names = globSync(rest.map(literalParts).join('/'), {
    cwd: withoutBackslashes(path.resolve(base)),
    fs: { readdirSync: read },
    braceExpansion: false,
    extglob: false,
    expandDirectories: false,
  });
  return { files: names.map((name) => path.join(base, withBackslashes(name))), unreadable };
}

/** What sh(1) takes as it is, and the library does not. */
function literalParts(part: string): string {
  return part.replaceAll(/[()|]/g, '\\$&').replace(/^!/, '\\!');
}

/** The library takes a backslash in the name of a folder for a slash: it is given NUL, which is in no name. */
function withoutBackslashes(name: string): string {
  return name.replaceAll('\\', '\0');
}

function withBackslashes(name: string): string {
  return name.replaceAll('\0', '\\');
}

/** A FIFO, a socket or a device is told to be no file by who reads it. */
function asFile(entry: unknown): unknown {
  if (!isEntry(entry)) return entry;
  entry.name = withoutBackslashes(entry.name);
  return entry.isDirectory() || entry.isSymbolicLink() ? entry : Object.assign(entry, { isFile: () => true });
}

function isEntry(entry: unknown): entry is Dirent {
  return typeof entry === 'object' && entry !== null && 'isDirectory' in entry;
}
