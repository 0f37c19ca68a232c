/**
 * Nothing passes in silence: each element, attribute and text of a document that compiles is taken out, doubled, and changed to
 * each other word that the grammar has for it; attributes that nobody knows and stray text are put in. For each such change the
 * plan changes, or a finding stands at the part or in the element around it, or the degree of the part says that it means
 * nothing, or `alike` says that the change is none. What the degree calls usual may be taken out, and nothing changes.
 */
import { expect, test } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue/index.ts';
import { compile } from '../../src/compile/compile.ts';
import type { Compilation, CompileOptions } from '../../src/compile/stages.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import type { Span } from '../../src/diagnostics/source.ts';
import { createPatterns } from '../../src/frontend/relaxng/create-patterns.ts';
import table from '../../src/frontend/schema/grammar.gen.json' with { type: 'json' };
import { targetProfile } from '../../src/host/targets.ts';
import { full, oneOf, size } from '../full.ts';
import { createDice, writeXml, type TestNode } from '../relaxng/nodes.ts';
import { specimens } from '../relaxng/specimens.ts';
import { changesOf, wordsOf, type Change } from './changes.ts';
import { findCases } from '../golden/case.ts';
import { compiledCase, hostOf } from '../golden/run.ts';

/** Degrees of which bhyvec says nothing, or says it once for the document. */
const meaningless = ['always', 'remark', 'live'] as const;
/** Whether each change is made in each document, or in the first one that has the part. */
const isWhole = size(0, 1, 0) === 1;
const patterns = createPatterns(table);
const words = wordsOf(patterns);

/**
 * What is so without being said, or is another word for the same: such a change is none. A name, and what is done; `out` and
 * words stand for themselves.
 */
const alike: readonly (readonly [name: RegExp, kind: RegExp])[] = [
  // What other parts of the document decide where nothing is written; what alone decides it the grammar calls usual.
  [/\/(?:os|features|features\/acpi|features\/msrs|os\/type@arch|nvram@template|emulator|bootloader|memory)$/, /^out$/],
  [/\/disk(?:\/target@bus|\/readonly|\/boot|\/driver)$/, /^out$/],
  [
    /\/(?:controller|controller@index|controller@model|controller@ports|address@(?:port|type|unit|controller)|address)$/,
    /^out$/,
  ],
  [
    /\/(?:input@bus|interface\/model|interface\/target|video\/model|model@primary|vlan@trunk|cell@id|ip@family)$/,
    /^out$/,
  ],
  [/\/(?:source@slave|protocol|serial\/target|(?:serial|console)\/target@type|console\/target)$/, /^out$/],
  [
    /\/(?:graphics@(?:autoport|listen)|graphics\/listen(?:@address)?|sound\/audio|backend#|tpm\/backend\/device)$/,
    /^out$/,
  ],
  [
    /\/(?:console|console\/source|vcpu@current|currentMemory(?:@unit)?|interface\/target@managed|cputune\/(?:global_)?period)$/,
    /^out$/,
  ],
  // The host bridge that a guest has in any case.
  [/\/metadata\/hostbridge$/, /^out$/],
  // What is never read is told at its tag, whatever it says.
  [/\/os\/(?:initrd|cmdline|dtb)#$/, /./],
  // A list of items that has none.
  [/^\/domain\/sysinfo$/, /^(?:out|twice)$/],
  // What the numbers of single things are does not matter; their order does.
  [/\/(?:controller@index|boot@order|audio@id|address@(?:controller|port|slot))$/, /^=\d+$/],
  // One card is the first one in any case; FreeBSD keeps to a domain in one way.
  [/\/model@primary$/, /^=no$/],
  [/\/numatune\/memory@mode$/, /^=\w+$/],
  [/\/vcpusched@scheduler$/, /^=(?:fifo|rr)$/],
  // A controller that nothing is on, whatever it would be.
  [/\/controller@(?:type|model|ports)$/, /^=[\w-]+$/],
  // Units with several names.
  [/@unit$/, /^=(?:[kMGTPE]|[KMGTPE]iB)$/],
  // Devices of bhyve for which libvirt has several words; a CD-ROM in the place of a disk that is only read.
  [/\/video\/model@type$/, /^=(?:gop|vga|default)$/],
  [/\/sound@model$/, /^=ich[679]$/],
  [/\/controller@model$/, /^=(?:nec|qemu)-xhci$/],
  [/\/rng\/backend@model$/, /^=(?:random|builtin)$/],
  // The same order to boot from, and the same port of the host, said twice.
  [/\/(?:os\/boot|portForward|portForward\/range|cputune\/vcpusched)$/, /^twice$/],
];

function isTheSame({ name, kind }: Change): boolean {
  return alike.some(([part, change]) => part.test(name) && change.test(kind));
}

/** What is made of a document, without the places in it. */
function planOf({ plan }: Compilation): string {
  return JSON.stringify(plan, (key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : isPlace(value) || ['origins', 'from'].includes(key) ? null : value,
  );
}

function isPlace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'source' in value && 'start' in value;
}

/** Empty places count as what stands there. */
function touch(a: Pick<Span, 'start' | 'end'>, b: Pick<Span, 'start' | 'end'>): boolean {
  return a.start < Math.max(b.end, b.start + 1) && b.start < Math.max(a.end, a.start + 1);
}

function placesOf({ span, notes }: Diagnostic): readonly Span[] {
  return [span, ...notes.map((note) => note.span)];
}

/** Findings at a value that say that all of its element is left out. */
const wholes: readonly string[] = ['BV0537', 'BV0582'];

/** Whether a finding of the document before the change, or of the one after it, stands at the part. */
function isNamed(change: Change, before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  const { part, tags, holder, at, text, kind } = change;
  const grown = text.length - (at.end - at.start);
  // What is left out as a whole is told at its tag, or at the value in it that says what it is.
  const isTag = ({ code, span }: Diagnostic): boolean =>
    catalogue()[code].ignored &&
    tags.some(
      ({ start, end }) => start === span.start || (wholes.includes(code) && start < span.start && span.end < end),
    );
  const isAt = (found: Diagnostic, place: Pick<Span, 'start' | 'end'>): boolean =>
    found.severity !== 'note' && placesOf(found).some((span) => touch(span, place));
  const changed = { start: Math.min(part.start, at.start), end: Math.max(part.end, at.end) + grown };
  if (before.some((found) => isAt(found, part) || isTag(found))) return true;
  if (after.some((found) => isAt(found, changed) || isTag(found))) return true;
  // What is gone has no place any more: what asks for it is told, or what it stood in.
  const isNew = (found: Diagnostic): boolean =>
    !before.some((one) => one.code === found.code && one.message === found.message);
  const around = { start: holder.start, end: holder.end + grown };
  return after.some((found) => isNew(found) && (kind === 'out' || isAt(found, around)));
}

interface Looked {
  readonly tried: number;
  readonly silent: readonly string[];
}

/** The changes of a document that pass without a word. @param seen what was tried in other documents, if that is enough */
function silentChanges(text: string, options: CompileOptions, seen: Set<string> | null): Looked {
  const before = compile({ name: 'domain.xml', text }, options);
  const root = before.stages.parse;
  if (root === null || before.plan === null) return { tried: 0, silent: [] };
  const plan = planOf(before);
  let tried = 0;
  const silent = changesOf(root, words, meaningless, isWhole ? Number.POSITIVE_INFINITY : 7).filter((change) => {
    const { name, kind, at } = change;
    const key = `${name} ${kind}`;
    if (seen?.has(key) === true) return false;
    seen?.add(key);
    // `npm test` makes each twentieth of them.
    if (!full && seen !== null && seen.size % 20 !== 0) return false;
    tried += 1;
    const changed = text.slice(0, at.start) + change.text + text.slice(at.end);
    const after = compile({ name: 'domain.xml', text: changed }, options);
    const isAsBefore = after.plan !== null && planOf(after) === plan;
    if (kind === 'usual') return !isAsBefore;
    if (after.plan !== null && !isAsBefore) return false;
    return !isNamed(change, before.diagnostics, after.diagnostics) && !isTheSame(change);
  });
  return { tried, silent: silent.map(({ name, kind, at }) => `${name} ${kind} (${text.slice(at.start, at.end)})`) };
}

const cases = findCases().filter(({ schema }) => schema === 'error');

/** Each child of the domain, and each device, of documents that are made from the grammar. */
function grafts(seed: number): readonly string[] {
  const made = specimens(createPatterns(table), createDice(seed));
  const children = made.flatMap((root) => root.children).filter((child) => typeof child !== 'string');
  const isDevices = ({ name }: TestNode): boolean => name === 'devices';
  const devices = children
    .filter(isDevices)
    .flatMap((list) => list.children.filter((child) => typeof child !== 'string'));
  const needed = ['name', 'memory', 'os'];
  const around = (part: TestNode): TestNode => {
    const own = devices.includes(part)
      ? [{ name: 'devices', attributes: [], children: [disk, part] }]
      : [part, devicesOfAll];
    const rest = base.filter(({ name }) => name !== part.name);
    return { name: 'domain', attributes: [['type', 'bhyve']], children: [...rest, ...own] };
  };
  return [...children.filter((child) => !isDevices(child) && !needed.includes(child.name)), ...devices].map((part) =>
    writeXml(around(part)),
  );
}

const leaf = (name: string, text: string): TestNode => ({ name, attributes: [], children: [text] });
const base: readonly TestNode[] = [
  leaf('name', 'base'),
  leaf('memory', '1048576'),
  { name: 'os', attributes: [['firmware', 'efi']], children: [leaf('type', 'hvm')] },
];
const disk: TestNode = {
  name: 'disk',
  attributes: [['type', 'file'], ['device', 'disk']],
  children: [
    { name: 'source', attributes: [['file', '/vm/base.img']], children: [] },
    { name: 'target', attributes: [['dev', 'vdz'], ['bus', 'virtio']], children: [] },
  ],
}; // prettier-ignore
const devicesOfAll: TestNode = { name: 'devices', attributes: [], children: [disk] };

test('no part of a document made from the grammar passes in silence', () => {
  const host = targetProfile('freebsd-15.1', 'bhyvec');
  if (host === null) throw new Error('there is no such target');
  const options = { host, dialect: 'bhyvec', schema: 'error', strict: false } as const;
  let [compiled, tried] = [0, 0];
  const silent = new Set<string>();
  const seeds = size(1, 20, 5);
  const seen = isWhole ? null : new Set<string>();
  for (let seed = 1; seed <= seeds; seed++) {
    for (const text of grafts(seed)) {
      const found = silentChanges(text, options, seen);
      if (found.tried > 0) compiled += 1;
      tried += found.tried;
      for (const name of found.silent) silent.add(name);
    }
  }
  expect([...silent].toSorted()).toEqual([]);
  expect(compiled).toBeGreaterThan(size(5, 20));
  expect(tried).toBeGreaterThan(size(20, 100));
});

test('no part of a golden document passes in silence', () => {
  let tried = 0;
  const silent: string[] = [];
  for (const dialect of full ? (['bhyvec', 'libvirt'] as const) : (['bhyvec'] as const)) {
    const seen = isWhole && dialect === 'bhyvec' ? null : new Set<string>();
    for (const one of oneOf(9, cases)) {
      if (compiledCase(one, dialect).plan === null) continue;
      const options = { host: hostOf(one, dialect), dialect, schema: 'error', strict: false } as const;
      const found = silentChanges(new TextDecoder().decode(one.bytes), options, seen);
      tried += found.tried;
      silent.push(...found.silent.map((name) => `${one.name} (${dialect}): ${name}`));
    }
  }
  expect(silent).toEqual([]);
  expect(tried).toBeGreaterThan(size(25, 2000));
});
