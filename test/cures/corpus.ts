/**
 * The corpus of mistakes: files `AREA.txt` in this folder. README.md says how a mistake is written. Here they are read:
 * each becomes a document with a mistake, the place it has to be found at, and the same document cured.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How the cure of a mistake is made. */
export type Cure =
  /** The edit that the finding offers. */
  | { readonly kind: 'edit' }
  /** The marked place is replaced by a text that the help has to name. */
  | { readonly kind: 'put'; readonly text: string }
  /** A document written out; the help has to hold a text, and all that is marked in the document. */
  | { readonly kind: 'document'; readonly document: string; readonly help: readonly string[] };

/** A mistake. */
export interface Mistake {
  /** File and title. */
  readonly name: string;
  readonly code: string;
  /** What the message says of the cause. */
  readonly cause: string;
  readonly document: string;
  /** Where in the document the finding has to stand. */
  readonly start: number;
  readonly end: number;
  readonly target: string | null;
  readonly compat: boolean;
  /** How the document with the mistake is encoded; the cured one is UTF-8. */
  readonly bytes: BufferEncoding;
  /** Codes of further findings, which are no mistakes. */
  readonly also: readonly string[];
  readonly cure: Cure;
}

const parts: Readonly<Record<string, string>> = {
  name: '<name>web</name>',
  memory: "<memory unit='MiB'>1024</memory>",
  vcpu: '<vcpu>2</vcpu>',
  os: "<os firmware='efi'>\n    <type>hvm</type>\n  </os>",
  disk: "<disk type='file' device='disk'>\n      <source file='/vm/web.img'/>\n      <target dev='vda' bus='virtio'/>\n    </disk>",
};

/** The sound document with a fragment in it: in place of one of its parts, or inside an element. */
function documentWith(fragment: string, place: string): string {
  if (place === 'document') return fragment;
  const part = (name: string): string => (place === `for ${name}` ? fragment : (parts[name] ?? ''));
  const inside = (name: string): string => (place === `in ${name}` ? `\n${fragment}` : '');
  const head = ['name', 'memory', 'vcpu', 'os'].map((name) => `  ${part(name)}\n`).join('');
  const devices = `  <devices>\n    ${part('disk')}${inside('devices')}\n  </devices>\n`;
  return `<domain type='bhyve'>\n${head}${inside('domain')}\n${devices}</domain>\n`;
}

/** Takes the marks `{{` and `}}` out of a text, and tells where they were. */
function unmarked(text: string): { readonly text: string; readonly marks: readonly (readonly [number, number])[] } {
  const marks: [number, number][] = [];
  let plain = '';
  for (const [i, piece] of text.split(/\{\{|\}\}/).entries()) {
    if (i % 2 === 1) marks.push([plain.length, plain.length + piece.length]);
    plain += piece;
  }
  return { text: plain, marks };
}

function cureOf(line: string, fragment: string, place: string): Cure {
  const [, kind = '', text = ''] = /^=> (\w+) ?(.*)$/.exec(line) ?? [];
  if (kind === 'edit') return { kind };
  if (kind === 'put') return { kind, text };
  if (kind !== 'help') throw new Error(`no cure: ${line}`);
  const { text: document, marks } = unmarked(documentWith(fragment, place));
  const named = marks.map(([start, end]) => document.slice(start, end).replaceAll(/\s*\n\s*/g, ''));
  return { kind: 'document', document, help: text === '' ? named : [text, ...named] };
}

const encodings = ['latin1', 'utf16le'] as const;

function mistakeOf(file: string, block: string, standard: string): Mistake {
  const [title = '', finding = '', ...rest] = block.trimEnd().split('\n');
  const directives = rest.filter((line) => line.startsWith('@')).map((line) => line.slice(1));
  const lines = rest.filter((line) => !line.startsWith('@'));
  const arrow = lines.findIndex((line) => line.startsWith('=> '));
  const valueOf = (name: string): string | null =>
    directives.find((one) => one.startsWith(`${name} `))?.slice(name.length + 1) ?? null;
  const place = directives.find((one) => /^(?:in |for |document$)/.test(one)) ?? standard;
  const { text: document, marks } = unmarked(
    documentWith(lines.slice(0, arrow).join('\n').replaceAll('\\u0000', '\0'), place),
  );
  const [mark] = marks;
  if (mark === undefined || marks.length > 1) throw new Error(`${file}: ${title}: needs one mark`);
  return {
    name: `${file}: ${title}`,
    code: finding.slice(0, 6),
    cause: finding.slice(7),
    document,
    start: mark[0],
    end: mark[1],
    target: valueOf('target'),
    compat: directives.includes('compat'),
    bytes: encodings.find((encoding) => valueOf('bytes') === encoding) ?? 'utf8',
    also: valueOf('also')?.split(' ') ?? [],
    cure: cureOf(lines[arrow] ?? '', lines.slice(arrow + 1).join('\n'), place),
  };
}

/** All mistakes of all files. */
export function readMistakes(): readonly Mistake[] {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'));
  return files.toSorted().flatMap((file) => {
    const [head = '', ...blocks] = readFileSync(path.join(import.meta.dirname, file), 'utf8').split(/^## /m);
    const standard = /^@((?:in|for) \w+|document)$/m.exec(head)?.[1] ?? 'in devices';
    return blocks.map((block) => mistakeOf(path.basename(file, '.txt'), block, standard));
  });
}
