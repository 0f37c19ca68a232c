/** The explain pages: one per code, found by code (`BV0101`) or by name (`slot-taken`). */
import pages from 'bhyvec:explain-pages';
import { catalogue, codes, type Code } from './catalogue/index.ts';

/** The code that a word stands for, in any case; null where it stands for none. */
export function codeOf(word: string): Code | null {
  const wanted = word.toLowerCase();
  return codes.find((code) => code.toLowerCase() === wanted || catalogue[code].name === wanted) ?? null;
}

/** The page of a code, in Markdown. */
export function pageOf(code: Code): string {
  return pages[code] ?? `# ${code} ${catalogue[code].name}\n\nThere is no page for this code yet.\n`;
}

/** All words that {@link codeOf} knows. */
export function knownWords(): readonly string[] {
  return codes.flatMap((code) => [code, catalogue[code].name]);
}

/** All pages by code. */
export { pages };
