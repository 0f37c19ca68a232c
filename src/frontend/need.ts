/** Parts without which an element says nothing. */
import type { Located } from '../diagnostics/source.ts';
import type { ElementReader } from './xml/reader.ts';

/** The attribute without blanks around it; null where it is missing or empty, which is reported. */
export function need(element: ElementReader, name: string): Located<string> | null {
  const found = element.attribute(name);
  if (found !== null && found.value.trim() !== '') return { value: found.value.trim(), at: found.at };
  element.reporter.report('BV0310', found?.at ?? element.at, { element: element.name, part: `${name} attribute` });
  return null;
}

/** The text of a child element, without blanks around it; null where it is missing or empty, which is reported. */
export function needText(element: ElementReader, name: string): Located<string> | null {
  const found = element.child(name);
  const text = found?.filledText() ?? null;
  if (text !== null && text.value.trim() !== '') return { value: text.value.trim(), at: text.at };
  element.reporter.report('BV0310', found?.at ?? element.at, { element: element.name, part: name });
  return null;
}
