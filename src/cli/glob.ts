/**
 * File name patterns, for those that the shell did not expand: `*`, `?`, `[...]`, `{a,b}`, and `**` for any depth of
 * folders. As in sh(1), a leading dot is matched by a dot only. The result is sorted by code units on every system.
 */
import { readdirSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';

/** Whether the operand has a character that is special in a pattern. */
export function isPattern(operand: string): boolean {
  return /[*?[{]/.test(operand);
}

/** The alternatives of `{a,b}`, inner braces first. */
function expandBraces(pattern: string): readonly string[] {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (found === null) return [pattern];
  const [whole, inner = ''] = found;
  const before = pattern.slice(0, found.index);
  const after = pattern.slice(found.index + whole.length);
  return inner.split(',').flatMap((choice) => expandBraces(before + choice + after));
}

/** One segment of a pattern as a regular expression; null where a range in it is none (`[z-a]`). */
function segmentPattern(segment: string): RegExp | null {
  const pieces = /\[(!?)(\]?[^\]]*)\]|[*?]|[^*?[]+|\[/g;
  const source = segment.replaceAll(pieces, (piece, negated: string | undefined, set: string | undefined) => {
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    if (set === undefined || set === '') return piece.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    return `[${negated === '!' ? '^' : ''}${set.replaceAll(/[\\^[\]]/g, '\\$&')}]`;
  });
  try {
    return new RegExp(`^${segment.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 'su');
  } catch {
    return null;
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true });
  } catch {
    return []; // a folder that is none, or may not be read, has nothing that matches
  }
}

function isFile(name: string): boolean {
  try {
    return !statSync(name).isDirectory();
  } catch {
    return false; // nothing there, or a link to nothing
  }
}

function foldersBelow(folder: string): readonly string[] {
  const below = entriesOf(folder).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return [folder, ...below.flatMap((entry) => foldersBelow(path.join(folder, entry.name)))];
}

function matches(folder: string, segments: readonly string[]): readonly string[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return isFile(folder) ? [folder] : [];
  if (segment === '**')
    return foldersBelow(folder).flatMap((below) => matches(below, rest.length === 0 ? ['*'] : rest));
  if (!isPattern(segment)) return matches(path.join(folder, segment), rest);
  const wanted = segmentPattern(segment);
  return entriesOf(folder)
    .filter((entry) => wanted?.test(entry.name) === true && (rest.length === 0 || !entry.isFile()))
    .flatMap((entry) => matches(path.join(folder, entry.name), rest));
}

/** The files that match a pattern, sorted, each once. */
export function expandGlob(pattern: string): readonly string[] {
  const files = expandBraces(pattern).flatMap((one) => {
    const segments = one.split('/').filter((segment, i) => segment !== '' || i === 0);
    const absolute = segments[0] === '';
    return matches(absolute ? '/' : '', absolute ? segments.slice(1) : segments);
  });
  return [...new Set(files)].toSorted();
}
