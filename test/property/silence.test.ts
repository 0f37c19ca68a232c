/**
 * Nothing passes in silence: each element, attribute and text of a document that compiles is taken out, and changed. The
 * plan changes, or a finding names the place or goes, or the grammar says that the part means nothing. A part that any one
 * of its changes shows counts as heard: a value may have the sense of a default.
 */
import { expect, test } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue/index.ts';
import { compile, type Compilation, type CompileOptions } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import type { Span } from '../../src/diagnostics/source.ts';
import { degreesOf } from '../../src/frontend/degrees.ts';
import { textSpan } from '../../src/frontend/xml/reader.ts';
import { childElements, type XmlElement } from '../../src/frontend/xml/tree.ts';
import { createPatterns } from '../../src/frontend/relaxng/create-patterns.ts';
import table from '../../src/frontend/schema/grammar.gen.json' with { type: 'json' };
import { targetProfile } from '../../src/host/targets.ts';
import { full } from '../full.ts';
import { createDice, writeXml, type TestNode } from '../relaxng/nodes.ts';
import { specimens } from '../relaxng/specimens.ts';
import { findCases } from '../golden/case.ts';
import { compiledCase, hostOf } from '../golden/run.ts';

/** Degrees of which bhyvec says nothing, or says it once for the document. */
const quiet: readonly (string | undefined)[] = ['always', 'remark', 'live', 'nothing'];
const words = ['no', 'yes', 'off', 'on', '1', '2', '77', 'other', '/other/path', '52:54:00:aa:bb:cc', 'file', 'qcow2'];

/** What new releases of bhyve do without being asked, and old ones for an option. */
const holdsAnyway = ['/domain/features/acpi'];

/** A place of a document, what its element is called, and what may stand there instead. */
interface Part {
  readonly name: string;
  readonly at: Span;
  readonly changes: readonly string[];
  /** The start tags around it: a finding there may say that all of the element comes to nothing. */
  readonly tags: readonly Span[];
}

function partsOf(root: XmlElement): readonly Part[] {
  const degrees = degreesOf(root);
  const visit = (element: XmlElement, way: string, outer: readonly Span[]): readonly Part[] => {
    const name = `${way}/${element.name.local}`;
    const tags = [...outer, element.startSpan];
    if (quiet.includes(degrees.get(element)?.degree)) return [];
    const attributes = element.attributes.flatMap((attribute): readonly Part[] => {
      if (quiet.includes(degrees.get(attribute)?.degree)) return [];
      const { nameSpan, valueSpan } = attribute;
      const at = { ...nameSpan, end: valueSpan.end + 1 };
      const written = nameSpan.source.text.slice(nameSpan.start, valueSpan.start);
      const quote = written.slice(-1);
      const changes = ['', ...words.map((word) => `${written}${word}${quote}`)];
      return [{ name: `${name}@${attribute.name.local}`, at, changes, tags }];
    });
    const hasText = element.children.some((child) => child.kind === 'text' && child.text.trim() !== '');
    const text: readonly Part[] = hasText
      ? [{ name: `${name}#`, at: textSpan(element), changes: ['', ...words], tags }]
      : [];
    const inner = [...attributes, ...text, ...childElements(element).flatMap((child) => visit(child, name, tags))];
    // What stands in an element says what is lost with it: that may be what holds anyway.
    const isMark = element.attributes.length === 0 && childElements(element).length === 0 && !hasText;
    return isMark ? [...inner, { name, at: element.span, changes: [''], tags }] : inner;
  };
  return visit(root, '', []);
}

/** What is made of a document, without the places in it. */
function outcomeOf({ plan, diagnostics }: Compilation): string {
  const plain = (key: string, value: unknown): unknown =>
    typeof value === 'bigint' ? String(value) : isPlace(value) || key === 'origins' ? null : value;
  const findings = diagnostics.map(({ code, message }) => `${code} ${message}`);
  return JSON.stringify([plan, findings], plain);
}

function isPlace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'source' in value && 'start' in value;
}

function names({ code, span, severity }: Diagnostic, { at, tags }: Part): boolean {
  const isWhole = catalogue[code].ignored && tags.some(({ start, end }) => start === span.start && end === span.end);
  return isWhole || (severity !== 'note' && span.start < at.end && at.start < span.end);
}

/** The parts of a document that could go, or be another, without a word. */
function silentParts(
  text: string,
  options: CompileOptions,
): { readonly tried: number; readonly silent: readonly string[] } {
  const before = compile({ name: 'domain.xml', text }, options);
  const root = before.stages.parse;
  if (root === null || before.plan === null) return { tried: 0, silent: [] };
  const outcome = outcomeOf(before);
  const parts = partsOf(root);
  const silent = parts.filter((part) => {
    const { name, at, changes } = part;
    if (holdsAnyway.includes(name) || before.diagnostics.some((found) => names(found, part))) return false;
    return changes.every((change) => {
      const changed = text.slice(0, at.start) + change + text.slice(at.end);
      return outcomeOf(compile({ name: 'domain.xml', text: changed }, options)) === outcome;
    });
  });
  return { tried: parts.length, silent: silent.map(({ name }) => name) };
}

const cases = findCases().filter(({ schema }) => schema === 'error');
/** Every ninth case is enough for each day. */
const chosen = cases.filter((_, i) => full || i % 9 === 0);

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
  const seeds = full ? 20 : 1;
  for (let seed = 1; seed <= seeds; seed++) {
    for (const text of grafts(seed)) {
      const found = silentParts(text, options);
      if (found.tried > 0) compiled += 1;
      tried += found.tried;
      for (const name of found.silent) silent.add(name);
    }
  }
  expect([...silent].toSorted()).toEqual([]);
  expect(compiled).toBeGreaterThan(20);
  expect(tried).toBeGreaterThan(100);
});

test('no part of a golden document passes in silence', () => {
  let tried = 0;
  const silent: string[] = [];
  for (const one of chosen) {
    if (compiledCase(one, 'bhyvec').plan === null) continue;
    const options = { host: hostOf(one, 'bhyvec'), dialect: 'bhyvec', schema: 'error', strict: false } as const;
    const found = silentParts(new TextDecoder().decode(one.bytes), options);
    tried += found.tried;
    silent.push(...found.silent.map((name) => `${one.name}: ${name}`));
  }
  expect(silent).toEqual([]);
  expect(tried).toBeGreaterThan(100);
});
