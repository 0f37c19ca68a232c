/** What a tamperer does to the folder of a build: fields of its JSON, words of its launchers, lines, and whole files. */
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { withoutSecrets } from '../../src/backends/text/secrets.ts';
import { quoteWord } from '../../src/text/sh.ts';

/** What is written; SENTINEL stands for the folder that nobody may touch. */
const words = fc.constantFrom(
  'SENTINEL/a.img', '/vm/../../../../../../../../../../../../SENTINEL/a.img', '../../../sentinel/a.img', '../sentinel', '..', '.', '/', '',
  '/.host/faults', '/dev/zvol/../../SENTINEL/deep/b', "x'; touch SENTINEL/c; '", '$(touch SENTINEL/c)', '`touch SENTINEL/c`',
  '\u001b[31m\u0000\n', 'x\ny', '\u00e9'.repeat(300), `/vm/${'x/'.repeat(2500)}`, `/vm${'/..'.repeat(99)}/x`, `/vm${'/..'.repeat(2000)}/x`,
  'x'.repeat(100_000), 'destroy', 'restart', 'preserve', 'disk', '0/0/0', 'tap0', 'sh', '-rf', '*', '~', 'launch', 'secrets.conf',
); // prettier-ignore
const values = fc.oneof(
  { weight: 2, arbitrary: words },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 65_535, 1e300, 2 ** 53, [], {}, [[]], [null], { path: 7 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
); // prettier-ignore

/** One act. With `resigned` the manifest agrees with the file afterwards, as a forger would see to. */
export type Tampering =
  | {
      readonly kind: 'field' | 'word' | 'line';
      readonly file: number;
      readonly at: number;
      readonly value: unknown;
      readonly resigned: boolean;
    }
  | { readonly kind: 'thing'; readonly at: number; readonly as: (typeof things)[number] };

const things = ['gone', 'fifo', 'link', 'link to the folder', 'link to a device', 'folder', 'empty', 'text', 'huge', 'unreadable', 'binary'] as const; // prettier-ignore

/** One to three acts. */
export const tamperings: fc.Arbitrary<readonly Tampering[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom('field' as const, 'field' as const, 'word' as const, 'line' as const),
        file: fc.nat(),
        at: fc.nat(),
        value: values,
        resigned: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('thing' as const), at: fc.nat(), as: fc.constantFrom(...things) }),
    },
  ),
  { minLength: 1, maxLength: 3 },
);

/** A build that is tampered with. */
export interface Victim {
  readonly folder: string;
  /** Nobody may touch it. */
  readonly sentinel: string;
}

/** Does it; what is not there any more, or of another kind, stays as it is. */
export function tamper(victim: Victim, act: Tampering): void {
  if (act.kind === 'thing') {
    replace(victim, act);
    return;
  }
  const ends = { field: /\.json$/, word: /\/launch$/, line: /\.conf$|\/rc\.d\/|\/launch$/ }[act.kind];
  const files = readdirSync(victim.folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ends.test(`/${name}`) && isFileOf(victim.folder, name))
    .toSorted();
  const file = files[act.file % Math.max(1, files.length)];
  if (file === undefined) return;
  const place = path.join(victim.folder, file);
  const text = readFileSync(place, 'latin1');
  const changed = { field: inField, word: inWord, line: inLine }[act.kind](text, act.at, act.value);
  const final = Buffer.from(changed, 'latin1').toString('utf8').replaceAll('SENTINEL', victim.sentinel);
  writeFileSync(place, final);
  if (act.resigned && file !== 'manifest.json') resign(victim.folder, file, final);
}

/** A file of the build itself, and not one that was made huge: no link leads to it, or we would be the ones who write elsewhere. */
function isFileOf(folder: string, name: string): boolean {
  try {
    const place = path.join(folder, name);
    const status = lstatSync(place);
    return realpathSync(place) === path.join(realpathSync(folder), name) && status.isFile() && status.size < 2 ** 24;
  } catch {
    return false;
  }
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Ways to all values in a JSON text. */
function ways(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([name, part]) => ways(part, [...way, name]))];
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part: unknown, i) => (String(i) === name ? replaced(part, rest, by) : part));
  const parts: readonly (readonly [string, unknown])[] = Object.entries(value);
  return Object.fromEntries(parts.map(([key, part]) => [key, key === name ? replaced(part, rest, by) : part]));
} // prettier-ignore

function inField(text: string, at: number, value: unknown): string {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
    const all = ways(json);
    return textOf(replaced(json, all[at % all.length] ?? [], value));
  } catch {
    return text;
  }
}

/**
 * Another word in the place of one of the guest's, quoted: of a program that runs with the tamperer's own commands nobody
 * can say where it writes. A number would be that of a process, and `kill -1` is no joke.
 */
function inWord(text: string, at: number, value: unknown): string {
  const end = text.indexOf('# --- messages');
  const isWord = /(?<=^(?:vm|service|on_\w+)=| )(?:'[^'\n]*'|\/[\w./@:-]+|(?<=^\w+=)[\w./-]+)/gm;
  const found = [...text.slice(0, Math.max(0, end)).matchAll(isWord)].filter(({ index }) => {
    const line = text.slice(text.lastIndexOf('\n', index) + 1, text.indexOf('\n', index));
    return /^(?:vm|service|on_\w+)=|^ {2}(?:set --|check_|make_|note) /.test(line) && !line.startsWith('#');
  });
  const one = found[at % Math.max(1, found.length)];
  const word = textOf(value).replaceAll('\0', '');
  if (one === undefined || /^-?\d*$/.test(word)) return text;
  return text.slice(0, one.index) + quoteWord(word) + text.slice(one.index + one[0].length);
}

function inLine(text: string, at: number, value: unknown): string {
  const lines = text.split('\n');
  // The first word of a launcher's line may be a command.
  if (text.startsWith('#!')) return `${lines.slice(0, at % lines.length).join('\n')}\n`;
  lines[at % lines.length] = textOf(value);
  return lines.join('\n');
}

/** The manifest agrees with the file. */
function resign(folder: string, file: string, text: string): void {
  const manifest = path.join(folder, 'manifest.json');
  const [guest = '', ...rest] = file.split('/');
  const name = rest.join('/');
  try {
    const json: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
    const way = ['guests', guest, 'files', name];
    const known = way.reduce<unknown>((part, key) => (typeof part === 'object' && part !== null ? Object.entries(part).find(([one]) => one === key)?.[1] : undefined), json); // prettier-ignore
    const isSecret = typeof known === 'object' && known !== null && 'secret' in known && known.secret === true;
    const sum = createHash('sha256')
      .update(isSecret ? withoutSecrets(name, text) : text)
      .digest('hex');
    writeFileSync(manifest, JSON.stringify(replaced(json, [...way, 'sha256'], sum)));
  } catch {
    // It was tampered with before.
  }
}

function replace({ folder, sentinel }: Victim, { at, as }: Tampering & { readonly kind: 'thing' }): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        realpathSync(path.join(folder, path.dirname(name))) === path.join(realpathSync(folder), path.dirname(name)),
    )
    .toSorted();
  const name = names[at % Math.max(1, names.length)];
  if (name === undefined) return;
  const place = path.join(folder, name);
  rmSync(place, { recursive: true });
  const made = {
    gone: () => undefined,
    fifo: () => spawnSync('mkfifo', [place]),
    link: () => {
      symlinkSync(path.join(sentinel, 'launch'), place);
    },
    'link to the folder': () => {
      symlinkSync(sentinel, place);
    },
    'link to a device': () => {
      symlinkSync('/dev/zero', place);
    },
    folder: () => {
      mkdirSync(place);
    },
    empty: () => {
      writeFileSync(place, '');
    },
    text: () => {
      writeFileSync(place, `#!/bin/sh\ntouch ${sentinel}/c\n`);
    },
    huge: () => spawnSync('truncate', ['-s', '9G', place]),
    unreadable: () => {
      writeFileSync(place, 'x', { mode: 0 });
    },
    binary: () => {
      writeFileSync(place, Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 7) % 256)));
    },
  };
  made[as]();
}
