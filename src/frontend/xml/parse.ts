/**
 * XML 1.0 with namespaces, without a DTD: a text becomes a tree, even if it has mistakes. *Needs* a text of the size
 * that `decode.ts` lets pass; *gives* the root element, as complete as the text allows; *reports* BV0106 to BV0140.
 */
import { invariant } from '../../diagnostics/invariant.ts';
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { SourceFile } from '../../diagnostics/source.ts';
import { createFaults, type Faults } from './faults.ts';
import { createGrammar, type Grammar } from './grammar.ts';
import { codePoint, forbiddenCharacter } from './names.ts';
import { createBuilder } from './nest.ts';
import { createCollector } from './parts.ts';
import type { XmlElement } from './tree.ts';

let grammar: Grammar | undefined;

/**
 * Parses a text. Gives null where it has no element. After an error the tree may lack what could not be understood;
 * whoever needs a correct tree asks the reporter for its number of errors.
 */
export function parseXml(source: SourceFile, reporter: Reporter): XmlElement | null {
  grammar ??= createGrammar(false);
  const faults = createFaults(source, reporter);
  reportForbiddenCharacters(faults);
  const collector = createCollector(faults);
  const builder = createBuilder(faults);
  const isDerived = grammar.run(source.text, collector, () => builder.take(collector.drain()));
  invariant(isDerived, 'the XML grammar has no production for this text');
  return builder.finish(collector.isCutShort);
}

function reportForbiddenCharacters(faults: Faults): void {
  for (const match of faults.source.text.matchAll(forbiddenCharacter)) {
    if (faults.full) return;
    const character = codePoint(match[0].codePointAt(0) ?? 0);
    faults.report('BV0110', match.index, match.index + match[0].length, { character });
  }
}
