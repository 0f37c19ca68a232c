/**
 * A golden case: `<area>/<case>/domain.xml`, whose first comment says in words why it exists, and which diagnostics are
 * expected on which line. Cases are found by folder; there is no list of them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SchemaMode } from '../../src/compile/stages.ts';
import type { DialectName } from '../../src/dialect/dialect.ts';
import type { ReadInput } from '../../src/documents/resources.ts';
import { lockName, readLock } from '../../src/hardware/lock-text.ts';
import type { Hardware } from '../../src/ir/hardware.ts';
import { positionOf } from '../../src/diagnostics/source.ts';
import { defaultTarget } from '../../src/host/default-target.ts';

/** The folder of all cases. */
export const goldenFolder = import.meta.dirname;

/** `argv has TEXT`: the intent of a case, written by hand. There is no other verb. */
export interface Rule {
  readonly file: string;
  readonly text: string;
  readonly negative: boolean;
}

export interface Case {
  /** Its folder below this one, with `/` between the parts. */
  readonly name: string;
  readonly folder: string;
  readonly bytes: Uint8Array;
  readonly title: string;
  readonly why: string;
  /** The host: a built-in target, or a profile in `_hosts`. */
  readonly host: { readonly target: string } | { readonly file: string };
  /** The dialect whose diagnostics are marked in the XML comes first. */
  readonly dialects: readonly [DialectName, ...DialectName[]];
  readonly schema: SchemaMode;
  readonly strict: boolean;
  /** What `bhyvec.lock` beside the XML remembers. */
  readonly lock: Hardware;
  /** The documents of networks, pools and volumes beside the XML, `network*.xml` and the like. */
  readonly resources: readonly ReadInput[];
  /** What is expected beside commands and findings: the plan, the scripts that run the guest. */
  readonly shows: readonly Shown[];
  readonly rules: readonly Rule[];
  /** Rows of the dialect table that the case is about. */
  readonly rows: readonly string[];
  /** `LINE CODE` of each expected diagnostic. */
  readonly marks: ReadonlySet<string>;
  /** What is wrong with the header; empty for a right one. */
  readonly problems: readonly string[];
}

const keys = [
  'title',
  'why',
  'target',
  'host',
  'dialect',
  'schema',
  'strict',
  'show',
  'row',
  'marks',
  'must',
  'mustnt',
];
const dialects: Readonly<Record<string, Case['dialects']>> = {
  bhyvec: ['bhyvec'],
  libvirt: ['libvirt'],
  both: ['bhyvec', 'libvirt'],
};
/** What a header can ask to see. */
const shown = ['plan', 'launch', 'rc.d', 'net', 'volumes'] as const;
type Shown = (typeof shown)[number];

const schemas: readonly SchemaMode[] = ['error', 'warn', 'off'];

/** Finds all cases, in the order of their names. */
export function findCases(): readonly Case[] {
  return readdirSync(goldenFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'domain.xml')
    .map((entry) => path.relative(goldenFolder, entry.parentPath).split(path.sep).join('/'))
    .toSorted()
    .map(readCase);
}

function readCase(name: string): Case {
  const folder = path.join(goldenFolder, name);
  const bytes = new Uint8Array(readFileSync(path.join(folder, 'domain.xml')));
  const text = textOf(bytes);
  const header = headerOf(text);
  const first = (key: string, fallback = ''): string => header.get(key)?.[0] ?? fallback;
  const file = header.get('host')?.[0];
  return {
    name,
    folder,
    bytes,
    title: first('title'),
    why: first('why'),
    host: file === undefined ? { target: first('target', defaultTarget) } : { file },
    dialects: dialects[first('dialect', 'bhyvec')] ?? ['bhyvec'],
    schema: schemas.find((mode) => mode === first('schema', 'error')) ?? 'error',
    strict: first('strict') === 'yes',
    lock: lockIn(folder),
    resources: resourcesIn(folder),
    shows: shown.filter((what) => first('show').split(' ').includes(what)),
    rules: [...rulesOf(header, 'must'), ...rulesOf(header, 'mustnt')],
    rows: header.get('row') ?? [],
    marks: marksIn(text, header),
    problems: problemsOf(header),
  };
}

function lockIn(folder: string): Hardware {
  const file = path.join(folder, lockName);
  if (!existsSync(file)) return new Map();
  const read = readLock(readFileSync(file, 'utf8'));
  if ('problem' in read) throw new Error(`${file}: ${read.problem}`);
  return read.hardware;
}

function resourcesIn(folder: string): readonly ReadInput[] {
  const names = readdirSync(folder).filter((name) => /^(?:network|pool|volume).*\.xml$/.test(name));
  return names.toSorted().map((name) => {
    const file = path.join(folder, name);
    return { input: { name, path: file }, bytes: new Uint8Array(readFileSync(file)) };
  });
}

/** The text for people: a file of UTF-16 is a case too, and so is one that is no text at all. */
function textOf(bytes: Uint8Array): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
}

type Header = ReadonlyMap<string, readonly string[]>;

/** The `key: value` lines of the first comment; an indented line goes on with the one before it. */
function headerOf(text: string): Header {
  const comment = /<!--\r?\n([\s\S]*?)-->/.exec(text)?.[1] ?? '';
  const lines = comment.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const header = new Map<string, string[]>();
  for (const line of lines.filter((candidate) => candidate.trim() !== '')) {
    const match = /^([a-z]+):\s*(.*?)\s*$/.exec(line);
    const key = match?.[1] ?? `line "${line}"`;
    header.set(key, [...(header.get(key) ?? []), match?.[2] ?? '']);
  }
  return header;
}

function rulesOf(header: Header, key: 'must' | 'mustnt'): readonly Rule[] {
  return (header.get(key) ?? []).map((value) => {
    const [, file = '', text = ''] = /^(\S+) has (.+)$/.exec(value) ?? [];
    return { file, text, negative: key === 'mustnt' };
  });
}

/** `<!--~ BV0701 -->` on its line, or `marks: 7 BV0109` in the header where a comment cannot stand there. */
function marksIn(text: string, header: Header): ReadonlySet<string> {
  const source = { name: 'domain.xml', text };
  const inText = [...text.matchAll(/<!--~((?: BV\d{4})+) -->/g)].flatMap((match) => {
    const { line } = positionOf(source, match.index);
    return codesIn(match[1] ?? '').map((code) => `${String(line)} ${code}`);
  });
  const inHeader = (header.get('marks') ?? []).flatMap((value) => {
    const line = /^\d+/.exec(value)?.[0] ?? '';
    return codesIn(value).map((code) => `${line} ${code}`);
  });
  return new Set([...inText, ...inHeader]);
}

function codesIn(text: string): readonly string[] {
  return text.match(/BV\d{4}/g) ?? [];
}

function problemsOf(header: Header): readonly string[] {
  const value = (key: string): string | undefined => header.get(key)?.[0];
  const host = value('host');
  const dialect = value('dialect') ?? 'bhyvec';
  const schema = value('schema') ?? 'error';
  const checks: readonly (readonly [boolean, string])[] = [
    [(value('title') ?? '') === '', 'it has no title'],
    [(value('why') ?? '') === '', 'it does not say why it exists'],
    [(value('must') ?? '') === '', 'it has no "must"'],
    [
      [...rulesOf(header, 'must'), ...rulesOf(header, 'mustnt')].some(({ file }) => file === ''),
      'a rule is not "FILE has TEXT"',
    ],
    [dialects[dialect] === undefined, `there is no dialect ${dialect}`],
    [!schemas.some((mode) => mode === schema), `there is no schema mode ${schema}`],
    [host !== undefined && !existsSync(path.join(goldenFolder, '_hosts', host)), `there is no host ${host ?? ''}`],
    [host !== undefined && header.has('target'), 'it has a target and a host'],
    [!['yes', undefined].includes(value('strict')), 'strict can only be yes'],
    [
      (value('show') ?? 'plan').split(' ').some((what) => !shown.some((known) => known === what)),
      `only ${shown.join(' and ')} can be shown`,
    ],
  ];
  const unknown = [...header.keys()].filter((key) => !keys.includes(key)).map((key) => `unknown: ${key}`);
  return [...unknown, ...checks.flatMap(([isWrong, problem]) => (isWrong ? [problem] : []))];
}
