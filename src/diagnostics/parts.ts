/**
 * The part of a domain that a place is in, by a name that does not change when something else of the document does: `disk vda`,
 * `interface bridge0`, `os/loader`. Generated files name it and not the line: a new comment in the XML changes none of them.
 * The names are those of bhyvec.lock (docs/lock.md) as far as both have one.
 */
import type { SourceFile, Span } from './source.ts';

/** From an offset on, a place is in the part of that name. */
interface Boundary {
  readonly start: number;
  readonly part: Part;
}

/** A part whose name may follow from what is in it. */
interface Part {
  readonly name: string;
  /** The attributes of a device and of what is in it, as `target@dev`; null for all else. */
  readonly values: Map<string, string> | null;
}

/** The parts of one document. */
interface Table {
  readonly boundaries: readonly Boundary[];
  readonly names: ReadonlyMap<Part, string>;
}

/** Of the document that was asked for last: all places of one are asked for one behind the other, and a large build has many documents. */
const last: { source: WeakRef<SourceFile> | null; table: Table } = {
  source: null,
  table: { boundaries: [], names: new Map() },
};

/** The name of the part that a place is in. */
export function partOf({ source, start }: Span): string {
  if (source.part !== undefined) return source.part;
  if (last.source?.deref() !== source) {
    const boundaries = boundariesOf(source.text);
    last.table = { boundaries, names: namesOf(new Set(boundaries.map(({ part }) => part))) };
    last.source = new WeakRef(source);
  }
  const { boundaries, names } = last.table;
  let [low, high] = [0, boundaries.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((boundaries[middle]?.start ?? 0) <= start) low = middle;
    else high = middle - 1;
  }
  const part = boundaries[low]?.part;
  return part === undefined ? 'domain' : (names.get(part) ?? part.name);
}

/** Comments, CDATA sections, instructions, the document type, and tags: of a document that is well-formed. */
const markup =
  /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<!DOCTYPE(?:[^>[]|\[[^\]]*\])*>|<(\/?)([^\s/>]+)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g;
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function boundariesOf(text: string): readonly Boundary[] {
  const boundaries: Boundary[] = [];
  const open: { readonly name: string; readonly part: Part }[] = [];
  for (const match of text.matchAll(markup)) {
    const [whole, slash, name, rest = ''] = match;
    if (name === undefined) continue;
    if (slash === '/') {
      open.pop();
      boundaries.push({ start: match.index + whole.length, part: open.at(-1)?.part ?? domain });
      continue;
    }
    const part = partFor(open, name);
    if (part.values !== null) {
      const below = open.slice(3).map((element) => element.name);
      const path = open.length > 2 ? [...below, name].join('/') : '';
      for (const [, key = '', double, single] of rest.matchAll(attribute)) {
        const place = `${path}@${key}`;
        if (!part.values.has(place)) part.values.set(place, double ?? single ?? '');
      }
    }
    boundaries.push({ start: match.index, part });
    if (rest.endsWith('/')) boundaries.push({ start: match.index + whole.length, part: open.at(-1)?.part ?? domain });
    else open.push({ name, part });
  }
  return boundaries;
}

const domain: Part = { name: 'domain', values: null };

function partFor(open: readonly { readonly name: string; readonly part: Part }[], name: string): Part {
  if (open.length === 0) return domain;
  const isDevice = open[1]?.name === 'devices';
  if (isDevice && open.length > 2) return open.at(-1)?.part ?? domain;
  const path = [...open.slice(isDevice ? 2 : 1).map((element) => element.name), name].join('/');
  return { name: path, values: isDevice ? new Map() : null };
}

/** By which attributes a device is known, the first one that it has. */
const identities: Readonly<Record<string, readonly string[]>> = {
  disk: ['target@dev'],
  interface: ['mac@address', 'target@dev', 'source@bridge', 'source@network', '@type'],
  serial: ['target@port', 'source@master', '@type'],
  console: ['@type'],
  channel: ['target@name'],
  controller: ['@type'],
  graphics: ['@type'],
  sound: ['@model'],
  filesystem: ['target@dir'],
  input: ['@type'],
};

/** The names of all parts; those that are alike are counted. */
function namesOf(parts: ReadonlySet<Part>): ReadonlyMap<Part, string> {
  const counts = new Map<string, number>();
  const names = new Map<Part, string>();
  for (const part of parts) {
    if (part.values === null) continue;
    const name = deviceName(part.name, part.values);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    names.set(part, count === 1 ? name : `${name} ${String(count)}`);
  }
  return names;
}

function deviceName(kind: string, values: ReadonlyMap<string, string>): string {
  const alias = values.get('alias@name');
  if (alias?.startsWith('ua-') === true) return `${kind} ${alias}`;
  const identity = Object.hasOwn(identities, kind) ? (identities[kind] ?? []) : [];
  const value = identity.map((name) => values.get(name)).find((found) => found !== undefined && found !== '');
  if (value === undefined) return kind;
  const index = kind === 'controller' ? ` ${values.get('@index') ?? '0'}` : '';
  return `${kind} ${value}${index}`;
}
