/** The explain pages: one per code, found by code (`BV0101`) or by name (`slot-taken`). */
import pages from 'bhyvec:explain-pages';
import { catalogue, codes, type Code } from './catalogue/index.ts';
import { retired } from './catalogue/retired.ts';

/** The code that a word stands for, in any case; null where it stands for none. */
export function codeOf(word: string): Code | null {
  const wanted = word.toLowerCase();
  return codes().find((code) => code.toLowerCase() === wanted || catalogue()[code].name === wanted) ?? null;
}

/** The page of a code, in Markdown. */
export function pageOf(code: Code): string {
  return pages[code] ?? `# ${code} ${catalogue()[code].name}\n\nThere is no page for this code yet.\n`;
}

/** What is said of a code that is reported no more, by its code or name; null where the word is no such code. */
export function retiredPageOf(word: string): string | null {
  const wanted = word.toLowerCase();
  const found = Object.entries(retired).find(([code, { name }]) => code.toLowerCase() === wanted || name === wanted);
  if (found === undefined) return null;
  const [code, { name, since, instead, see }] = found;
  return `# ${code} ${name}\n\nNot reported any more since bhyvec ${since}. ${instead}\n\nSee ${see.join(', ')}.\n`;
}

/** All words that {@link codeOf} knows. */
export function knownWords(): readonly string[] {
  return codes().flatMap((code) => [code, catalogue()[code].name]);
}

/** All pages by code. */
export { pages };
