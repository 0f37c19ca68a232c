/** The words of a command in groups, an option and its value on one line, with the line of the XML beside them. */
import { invariant } from '../../diagnostics/invariant.ts';
import type { Command, Word } from '../../ir/plan.ts';
import type { Piece } from '../text/engine.ts';
import { lineOf } from '../text/place.ts';

/** A part of the script with its line in the XML. */
export type Noted<T> = T & { readonly note: string };

/** A port that is looked at, and the variable that takes the first free one. */
export interface PortView {
  readonly variable: string;
  readonly address: string;
  readonly port: number;
  readonly last: number;
}

/** A command as the template places it. */
export interface CommandView {
  /** The program that is to be there; for a loader the one behind timeout(1). */
  readonly program: string;
  /** The seconds that timeout(1) gives it; null where there is no timeout(1). */
  readonly limit: string | null;
  readonly groups: readonly Noted<{ readonly pieces: readonly (readonly Piece[])[] }>[];
}

/** Makes the view of a command; in the words of bhyve, ports that are chosen at run time become variables. */
export function wordsView({ program, words }: Command, ports: readonly PortView[]): CommandView {
  const all = [program, ...words];
  const programs = programIndexes(all);
  const limitAt = programs.length > 1 ? (programs.at(-1) ?? 0) - 1 : -1;
  const chosen = new Set<PortView>();
  const pieces = all.map(({ text }, i): readonly Piece[] => {
    // An absolute path of a program lies below the directory that stands for /.
    if (programs.includes(i) && text.startsWith('/')) return [{ variable: 'root' }, { text }];
    if (i === limitAt) return [{ variable: 'loader_limit' }, { text: 's' }];
    return portPieces(text, ports, chosen);
  });
  invariant(chosen.size === ports.length, 'each automatic port stands in one word');
  const limit = all[limitAt]?.text.slice(0, -1) ?? null;
  return { program: all[programs.at(-1) ?? 0]?.text ?? '', limit, groups: groupsOf(all, pieces) };
}

/** The first word, and behind `timeout` the word after its duration. */
function programIndexes(words: readonly Word[]): readonly number[] {
  if (words[0]?.text !== 'timeout') return [0];
  const isKillAfter = (i: number): boolean => words[i - 1]?.text === '-k';
  const duration = words.findIndex(({ text }, i) => /^\d+s$/.test(text) && !isKillAfter(i));
  return [0, duration + 1];
}

function portPieces(text: string, ports: readonly PortView[], chosen: Set<PortView>): readonly Piece[] {
  for (const port of ports) {
    const host = port.address.includes(':') ? `[${port.address}]` : port.address;
    const before = `,tcp=${host}:`;
    const at = text.indexOf(`${before}${String(port.port)}`);
    if (at < 0 || chosen.has(port)) continue;
    chosen.add(port);
    const start = at + before.length;
    const rest = text.slice(start + String(port.port).length);
    return [{ text: text.slice(0, start) }, { variable: port.variable }, ...(rest === '' ? [] : [{ text: rest }])];
  }
  return [{ text }];
}

/** A word that begins with a hyphen begins a group; so does one that another rule has made. */
function groupsOf(words: readonly Word[], pieces: readonly (readonly Piece[])[]): CommandView['groups'] {
  const groups: { readonly pieces: (readonly Piece[])[]; readonly note: string }[] = [];
  let previous: Word | null = null;
  words.forEach((word, i) => {
    const isNew = previous === null || word.text.startsWith('-') || word.rule !== previous.rule;
    const own = pieces[i] ?? [];
    if (isNew) groups.push({ pieces: [own], note: `line ${String(lineOf(word.origins))}: ${word.rule}` });
    else groups.at(-1)?.pieces.push(own);
    previous = word;
  });
  return groups;
}
