/**
 * The options of the loaders: bhyveload(8), which reads them with getopt(3), and grub-bhyve(8), which takes long ones too
 * and options behind the name of the guest.
 */
import type { Syntax } from './getopt.ts';

/** A loader whose words are understood. */
export interface LoaderProgram {
  readonly name: 'bhyveload' | 'grub-bhyve';
  readonly syntax: Syntax;
  /** The letter of the option for the size of the memory. */
  readonly memory: string;
  /** Options with which it does something else, and what that is. */
  readonly other: ReadonlyMap<string, string>;
}

/** Memory of a loader that is told none, in MiB: bhyveload(8), option `-m`; grub-bhyve(8), option `-M`. */
export const loaderDefaultMib = 256n;

const bhyveload: LoaderProgram = {
  name: 'bhyveload',
  syntax: { letters: arities('CS', 'cdehlm', ''), long: null },
  memory: 'm',
  other: new Map(),
};

const grub: LoaderProgram = {
  name: 'grub-bhyve',
  syntax: {
    letters: arities('neSv?V', 'rmdgcM', 'H'),
    long: new Map([
      ['root', 'r'],
      ['device-map', 'm'],
      ['directory', 'd'],
      ['grub-cfg', 'g'],
      ['cons-dev', 'c'],
      ['ncons', 'n'],
      ['evga', 'e'],
      ['memory', 'M'],
      ['verbose', 'v'],
      ['hold', 'H'],
      ['help', '?'],
      ['usage', '?'],
      ['version', 'V'],
    ]),
  },
  memory: 'M',
  other: new Map([
    ['?', 'prints how it is used'],
    ['V', 'prints its version'],
    ['H', 'waits for a debugger'],
  ]),
};

function arities(none: string, one: string, optional: string): Syntax['letters'] {
  return new Map([
    ...[...none].map((letter) => [letter, 'none'] as const),
    ...[...one].map((letter) => [letter, 'one'] as const),
    ...[...optional].map((letter) => [letter, 'optional'] as const),
  ]);
}

/** The loader that a path leads to, by its last part; null for a program of the user's. */
export function loaderOf(path: string): LoaderProgram | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [bhyveload, grub].find((loader) => loader.name === name) ?? null;
}

const exponents = ['', 'k', 'm', 'g', 't', 'p', 'e'];

/**
 * A size as the loaders read it (vm_parse_memsize of libvmmapi; expand_number(3)): a number below 1048576 without a unit
 * counts MiB.
 * @returns bytes, or null for a text that is none
 */
export function loaderBytes(text: string): bigint | null {
  const [, digits, unit = '', rest = ''] =
    /^\s*\+?(0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9]\d*)([kmgtpe]?)(i?b?)$/i.exec(text) ?? [];
  if (digits === undefined || (unit === '' && /^i/i.test(rest))) return null;
  const number = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (unit === '' && rest === '') return number < 1n << 20n ? number << 20n : number;
  return number << BigInt(10 * exponents.indexOf(unit.toLowerCase()));
}
