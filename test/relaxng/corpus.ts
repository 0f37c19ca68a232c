/** The documents that tests validate: our own samples, and those of a conformance corpus where there is one. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createReporter } from '../../src/diagnostics/reporter.ts';
import { parseXml } from '../../src/frontend/xml/parse.ts';
import type { XmlElement } from '../../src/frontend/xml/tree.ts';

/** A document. */
export interface Specimen {
  readonly name: string;
  readonly text: string;
}

const root = path.resolve(import.meta.dirname, '../..');
const corpus = path.resolve(root, '../shared/conformance');

/** The samples beside this file. */
export function ownSamples(): readonly Specimen[] {
  return readAll(path.join(import.meta.dirname, 'samples'));
}

/** The documents in a folder of the corpus; none where there is no corpus. */
export function corpusOf(folder: string): readonly Specimen[] {
  const where = path.join(corpus, folder);
  return existsSync(where) ? readAll(where) : [];
}

function readAll(folder: string): readonly Specimen[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.xml'));
  return names.toSorted().map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
}

/** The tree of a document, or null where the parser finds fault with it. */
export function treeOf(text: string, name = 'test.xml'): XmlElement | null {
  const reporter = createReporter({ strict: false });
  const tree = parseXml({ name, text }, reporter);
  return reporter.errors === 0 ? tree : null;
}

/** The tree of a document that is well formed. */
export function soundTree(text: string, name = 'test.xml'): XmlElement {
  const tree = treeOf(text, name);
  if (tree === null) throw new Error(`${name} is not well formed`);
  return tree;
}
