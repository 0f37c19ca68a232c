/** All that is made from the .rng files, as texts. scripts/generate-schema.mjs reads the files and writes the results. */
import { invariant } from '../../diagnostics/invariant.ts';
import { createReporter } from '../../diagnostics/reporter.ts';
import { parseXml } from '../xml/parse.ts';
import type { XmlElement } from '../xml/tree.ts';
import { compileGrammar } from './compile-grammar.ts';
import { compileDegrees } from './degree-table.ts';
import { flattenGrammar } from './flatten.ts';
import { loadGrammar } from './grammar.ts';
import { documentGrammar } from './markdown.ts';

/** What is made from the grammar. */
export interface GeneratedSchema {
  /** The compiled form that our validator reads. */
  readonly json: string;
  /** The degree of each element and attribute. */
  readonly degrees: string;
  /** One .rng text for xmllint. */
  readonly flat: string;
  /** The page about the domain XML. */
  readonly markdown: string;
}

/** Makes everything from the grammar that begins in the file `main`. */
export function generateSchema(main: string, files: Readonly<Record<string, string>>): GeneratedSchema {
  const trees = new Map<string, XmlElement>();
  const read = (name: string): XmlElement => {
    const tree = trees.get(name) ?? readRng(name, files[name] ?? '');
    trees.set(name, tree);
    return tree;
  };
  const grammar = loadGrammar(main, read);
  return {
    json: `${JSON.stringify(compileGrammar(grammar))}\n`,
    degrees: `${JSON.stringify(compileDegrees(grammar))}\n`,
    flat: flattenGrammar(main, read),
    markdown: documentGrammar(grammar),
  };
}

/** The tree of an .rng file, which has to be without mistakes. */
export function readRng(name: string, text: string): XmlElement {
  const reporter = createReporter({ strict: false });
  const tree = parseXml({ name, text }, reporter);
  const [first] = reporter.diagnostics;
  invariant(tree !== null && first === undefined, `${name}: ${first?.message ?? 'not readable'}`);
  return tree;
}
