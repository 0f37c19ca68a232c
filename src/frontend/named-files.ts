/** The files that a document names and whose bytes the compiler needs: whoever calls it reads them, and nothing else. */
import { createReporter } from '../diagnostics/reporter.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import { seedNames } from './elements/cloud-init.ts';
import { ownNamespace } from './elements/metadata.ts';
import { decodeSource } from './xml/decode.ts';
import { parseXml } from './xml/parse.ts';
import { childElements, type XmlElement } from './xml/tree.ts';

/** The names in document order, as they are written; none where the bytes are no document. */
export function namedFiles(bytes: Uint8Array): readonly string[] {
  const source = decodeSource('', bytes, createReporter({ strict: false }));
  return source === null ? [] : namedFilesIn(source);
}

/** The same of a text. */
export function namedFilesIn(source: SourceFile): readonly string[] {
  // Most documents have none, and are not parsed twice.
  if (!source.text.includes('cloud-init')) return [];
  const root = parseXml(source, createReporter({ strict: false }));
  return root === null ? [] : [...new Set(filesBelow(root))];
}

function filesBelow(element: XmlElement): readonly string[] {
  const { name, attributes } = element;
  const isPart = name.namespace === ownNamespace && seedNames.some((one) => one === name.local);
  const own = isPart ? attributes.filter(({ name: { local } }) => local === 'file') : [];
  return [...own.map(({ value }) => value), ...childElements(element).flatMap(filesBelow)];
}
