/** The attributes of a text by its tokens alone: also of a text that is not well-formed, which has no tree. */
import type { SourceFile } from '../../diagnostics/source.ts';
import { BareValue, createLexer, Equals, OpenValue, StartOpen, Value, Word } from './tokens.ts';

/** An attribute as it is written. */
export interface WrittenAttribute {
  /** Local names. */
  readonly element: string;
  readonly name: string;
  /** The place of its value, without quotes. */
  readonly start: number;
  readonly end: number;
}

/** All attributes, in document order. */
export function attributesIn({ text }: SourceFile): readonly WrittenAttribute[] {
  const { tokens } = createLexer(false).tokenize(text);
  const found: WrittenAttribute[] = [];
  let element = '';
  for (const [i, { tokenType, image, startOffset }] of tokens.entries()) {
    if (tokenType === StartOpen) element = localName(image.slice(1));
    const [equals, name] = [tokens[i - 1], tokens[i - 2]];
    const isQuoted = tokenType === Value || tokenType === OpenValue;
    if (!isQuoted && tokenType !== BareValue) continue;
    if (equals?.tokenType !== Equals || name?.tokenType !== Word) continue;
    const start = startOffset + (isQuoted ? 1 : 0);
    const end = startOffset + image.length - (tokenType === Value ? 1 : 0);
    found.push({ element, name: localName(name.image), start, end });
  }
  return found;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
