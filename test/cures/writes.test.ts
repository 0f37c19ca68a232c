/**
 * A help that says "write ...", done literally, mends what it is given for: in each golden case and each document that fails
 * on an explain page. Attributes are written into the tag that the finding stands in; an element takes the place of the one of
 * its name around the finding, or goes into the nearest element that takes it.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import type { CompileOptions } from '../../src/compile/stages.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import { childElements, type XmlElement } from '../../src/frontend/xml/tree.ts';
import { targetProfile } from '../../src/host/targets.ts';
import { full, oneOf } from '../full.ts';
import { findCases } from '../golden/case.ts';
import { hostOf } from '../golden/run.ts';

const pages = path.resolve(import.meta.dirname, '../../src/diagnostics/explain');

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly options: CompileOptions;
}

function samples(): readonly Sample[] {
  const ofPages = readdirSync(pages).flatMap((file) => {
    const page = readFileSync(path.join(pages, file), 'utf8');
    const target = /freebsd-\d+\.\d+(?:-arm64)?/.exec(page)?.[0] ?? 'freebsd-15.1';
    const host = targetProfile(target, 'bhyvec');
    const text = /^```xml\n(.*?)^```$/ms.exec(page)?.[1];
    if (host === null || text === undefined) return [];
    return [{ name: file, text, options: { host, dialect: 'bhyvec', schema: 'error', strict: false } as const }];
  });
  const golden = findCases().flatMap((one) =>
    one.dialects.map((dialect) => ({
      name: `${one.name} ${dialect}`,
      text: new TextDecoder().decode(one.bytes),
      options: { host: hostOf(one, dialect), dialect, schema: one.schema, strict: one.strict } as const,
    })),
  );
  return [...golden, ...ofPages];
}

interface Written {
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Empty where there are attributes alone. */
  readonly element: string;
}

const elementWritten = /^<([a-z_]+)[^>]*?(?:\/>|>[^<]*<\/\1>)/;
const attributesWritten = /^(?:[a-z_]+='[^']*'(?: and | )?)+(?:with |and )?/;

function pairsIn(text: string): Written['attributes'] {
  return [...text.matchAll(/([a-z_]+)='([^']*)'/g)].map(([, name = '', value = '']) => [name, value] as const);
}

/** What a help says is to be written, up to the first "or": attributes, an element, or both; null for other words. */
function writtenIn(help: string): Written | null {
  const [, words = ''] = /(?:^|[;,] |and )write (.*)$/.exec(help) ?? [];
  const [named = ''] = attributesWritten.exec(words) ?? [];
  const [element = ''] = elementWritten.exec(words.slice(named.length)) ?? [];
  const attributes = pairsIn(named);
  const isNothing = element === '' && attributes.length === 0;
  return isNothing || element.includes('...') ? null : { attributes, element };
}

/** The elements around a place, the innermost first. */
function around(root: XmlElement, start: number): readonly XmlElement[] {
  const inner = childElements(root).find(({ span }) => span.start <= start && start < span.end);
  return inner === undefined ? [root] : [...around(inner, start), root];
}

function withAttributes(text: string, element: XmlElement, attributes: Written['attributes']): string {
  let changed = text;
  const places = attributes.map(([name, value]) => {
    const own = element.attributes.find((one) => one.name.local === name);
    return own === undefined
      ? { start: element.nameSpan.end, end: element.nameSpan.end, text: ` ${name}='${value}'` }
      : { start: own.valueSpan.start, end: own.valueSpan.end, text: value };
  });
  for (const place of places.toSorted((a, b) => b.start - a.start))
    changed = changed.slice(0, place.start) + place.text + changed.slice(place.end);
  return changed;
}

/** The documents that a reader might make of it. */
function readings(text: string, root: XmlElement, { span, help }: Diagnostic): readonly string[] {
  const written = writtenIn(help ?? '');
  if (written === null) return [];
  const outer = around(root, span.start);
  const [innermost] = outer;
  if (innermost === undefined) return [];
  const { attributes, element } = written;
  if (element === '') {
    const [name, value = ''] = attributes[0] ?? [];
    const { start, end } = innermost.startSpan;
    // The tree has no declarations of namespaces.
    const declared = text.slice(start, end).replace(/ xmlns='[^']*'/, ` xmlns='${value}'`);
    return [
      name === 'xmlns'
        ? text.slice(0, start) + declared + text.slice(end)
        : withAttributes(text, innermost, attributes),
    ];
  }
  const name = elementWritten.exec(element)?.[1];
  const inside = outer.flatMap((one) => [one, ...childElements(one)]);
  const same = inside.filter((one) => one.name.local === name).slice(0, 1);
  // From the end of the document to its start, so that places stay where they are.
  const withTag = (old: string): string => (attributes.length === 0 ? old : withAttributes(old, innermost, attributes));
  const replaced = same.map((old) => withTag(text.slice(0, old.span.start) + element + text.slice(old.span.end)));
  // Of an element that has more in it than the help shows only the tag is meant.
  const retagged = same
    .filter((old) => childElements(old).length > 0)
    .map((old) => withAttributes(text, old, pairsIn(element)));
  const added = outer
    .filter(({ startSpan, span: whole }) => startSpan.end < whole.end)
    .map(({ startSpan }) => withTag(text.slice(0, startSpan.end) + element + text.slice(startSpan.end)));
  return [...replaced, ...retagged, ...added];
}

const lineOf = ({ code, message }: Diagnostic): string => `${code} ${message}`;

test('what a help says is to be written mends what it is said for', () => {
  let tried = 0;
  const wrong: string[] = [];
  /** A sample tries each help once, in a sixth of the documents. */
  const seen = new Set<string>();
  for (const { name, text, options } of oneOf(6, samples())) {
    const before = compile({ name: 'domain.xml', text }, options);
    const root = before.stages.parse;
    if (root === null) continue;
    for (const found of before.diagnostics) {
      const documents = readings(text, root, found);
      // What is offered as an edit is tried as one (edits.test.ts).
      if (documents.length === 0 || found.edit !== null) continue;
      const said = `${found.code} ${found.help ?? ''}`;
      if (!full && seen.has(said)) continue;
      seen.add(said);
      tried += 1;
      const count = (all: readonly Diagnostic[]): number => all.filter((one) => lineOf(one) === lineOf(found)).length;
      const errors = (all: readonly Diagnostic[]): number => all.filter(({ severity }) => severity === 'error').length;
      const isMended = documents.some((document) => {
        const after = compile({ name: 'domain.xml', text: document }, options);
        // A mistake that hid others lets them be seen: then a later stage has run.
        const isFurther = before.schemaValid === false && after.schemaValid === true;
        const isWorse = errors(after.diagnostics) > errors(before.diagnostics) && !isFurther;
        return count(after.diagnostics) < count(before.diagnostics) && !isWorse;
      });
      if (!isMended) wrong.push(`${name}: ${lineOf(found)}: ${found.help ?? ''}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(full ? 100 : 15);
});
