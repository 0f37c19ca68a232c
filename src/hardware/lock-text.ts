/**
 * The text of `bhyvec.lock`: what the guests of a host were given. JSON with a line for each device, sorted, so that git shows
 * and merges one line for one fact. The last entry is always the same: no other line changes when one is added.
 */
import { guestKey, type Hardware, type Held } from '../ir/hardware.ts';
import { isObject } from '../text/json.ts';
import { entryOf, readEntry } from './values.ts';

/** The name of the file. */
export const lockName = 'bhyvec.lock';
/** Version of its shape. */
export const lockVersion = 1;
/** The last entry. No guest has a slash in its name. */
const lastKey = '/';

/** Writes the lock. */
export function lockText(hardware: Hardware): string {
  const lines = entriesOf(hardware).map(([key, held]) => `    ${JSON.stringify(key)}: ${textOf(entryOf(held))},`);
  return [
    '{',
    `  "version": ${String(lockVersion)},`,
    '  "hardware": {',
    ...lines,
    `    "${lastKey}": {}`,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** The entries in the order of the file: guests by name, a guest before its devices. */
export function entriesOf(hardware: Hardware): readonly (readonly [string, Held])[] {
  return inOrder(hardware).flatMap(([guest, devices]) =>
    inOrder(devices).map(([device, held]) => [device === guestKey ? guest : `${guest}/${device}`, held] as const),
  );
}

function inOrder<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function textOf(entry: object): string {
  const fields = Object.entries(entry).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** What a text says, or why it cannot be used and in which line, counted from 1; null for the whole. */
export type ReadLock = { readonly hardware: Hardware } | { readonly problem: string; readonly line: number | null };

/** Reads a lock. */
export function readLock(text: string): ReadLock {
  const conflict = lineOf(text, /^(?:<{7}|={7}|>{7})/);
  if (conflict !== null)
    return { problem: 'git has left a conflict here: keep the lines of both sides', line: conflict };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `it is not JSON: ${error instanceof Error ? error.message : ''}`, line: null };
  }
  if (!isObject(value) || typeof value['version'] !== 'number')
    return { problem: 'it is no lock of bhyvec', line: null };
  if (value['version'] !== lockVersion) {
    const found = String(value['version']);
    return { problem: `it has version ${found}, and this bhyvec knows ${String(lockVersion)} only`, line: null };
  }
  const { hardware } = value;
  return isObject(hardware) ? readEntries(hardware, text) : { problem: 'it has no "hardware"', line: null };
}

function readEntries(entries: Readonly<Record<string, unknown>>, text: string): ReadLock {
  const twice = repeatedLine(text);
  if (twice !== null) return twice;
  const hardware = new Map<string, Map<string, Held>>();
  for (const [key, entry] of Object.entries(entries)) {
    if (key === lastKey) continue;
    const slash = key.indexOf('/');
    const [guest, device] = slash < 0 ? [key, guestKey] : [key.slice(0, slash), key.slice(slash + 1)];
    const held = isObject(entry) ? readEntry(entry) : { wrong: null };
    if ('wrong' in held) {
      const what = held.wrong === null ? 'it is no object' : `its "${held.wrong}" is none that bhyvec knows`;
      return { problem: `the entry '${key}' cannot be used: ${what}`, line: lineOfKey(text, key) };
    }
    hardware.set(guest, (hardware.get(guest) ?? new Map<string, Held>()).set(device, held));
  }
  return { hardware };
}

/** After a merge two lines may have one key, and JSON knows the last one only. */
function repeatedLine(text: string): ReadLock | null {
  const seen = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    const key = /^\s*("(?:[^"\\]|\\.)*"): \{./.exec(line)?.[1];
    if (key === undefined) continue;
    if (seen.has(key)) return { problem: `${key} stands here twice: remove one of the lines`, line: index + 1 };
    seen.add(key);
  }
  return null;
}

function lineOfKey(text: string, key: string): number | null {
  const index = text.split('\n').findIndex((line) => line.trimStart().startsWith(`${JSON.stringify(key)}:`));
  return index < 0 ? null : index + 1;
}

function lineOf(text: string, pattern: RegExp): number | null {
  const index = text.split('\n').findIndex((line) => pattern.test(line));
  return index < 0 ? null : index + 1;
}
