/** What parts of a plan file say of each other: pieces of their word, settings of bhyve's command, steps of its ports. */
import { shownText } from '../../ir/words.ts';
import { lastPort } from '../../ir/units.ts';
import type { PlanFile } from './plan-shape.ts';
import type { WrittenPiece, WrittenWord } from './shapes.ts';

/** The first thing in which parts of a plan do not agree, as a sentence; null where they all do. */
export function disagreement(plan: PlanFile): string | null {
  return wordFault(plan) ?? settingFault(plan) ?? portFault(plan);
}

function wordFault({ loader, bhyve }: PlanFile): string | null {
  for (const [where, command] of Object.entries({ loader, bhyve })) {
    if (command === null) continue;
    const all = [['program', command.program] as const, ...command.words.map(wordAt)];
    const bad = all.find(([, { text, pieces }]) => pieces !== undefined && shownOf(pieces) !== text);
    if (bad !== undefined) return `${where}.${bad[0]}.pieces are not those of its text`;
  }
  return null;
}

function wordAt(word: WrittenWord, i: number): readonly [string, WrittenWord] {
  return [`words[${String(i)}]`, word];
}

function shownOf(pieces: readonly WrittenPiece[]): string {
  return shownText(pieces.map((piece) => ({ text: '', ...piece, at: null })));
}

/** Each setting has the next words of the command. */
function settingFault({ settings, bhyve }: PlanFile): string | null {
  const left = bhyve.words.values();
  for (const [i, { words }] of settings.entries()) {
    const bad = words.findIndex((text) => left.next().value?.text !== text);
    if (bad >= 0) return `settings[${String(i)}].words[${String(bad)}] is not the next word of bhyve`;
  }
  return null;
}

/** What the words of bhyve leave open is what the steps choose. */
function portFault({ steps, bhyve, loader }: PlanFile): string | null {
  const loaders = loader === null ? [] : [loader.program, ...loader.words];
  const early = [bhyve.program, ...loaders].flatMap(portsIn)[0];
  if (early !== undefined) return `the port of ${early} stands in another word than one of bhyve`;
  const chosen = new Set<string>();
  for (const [i, step] of steps.entries()) {
    if (step.kind !== 'port' || !step.automatic) continue;
    // Who has to take the one port asks nobody for another.
    if (step.last < step.port)
      return `steps[${String(i)}].last is not a whole number from ${String(step.port)} to ${String(lastPort)}`;
    chosen.add(nameOf(step.address, step.port));
  }
  const used = new Set(bhyve.words.flatMap(portsIn));
  if ([...used].some((name) => !chosen.has(name))) return 'a word of bhyve has an automatic port that no step chooses';
  if ([...chosen].some((name) => !used.has(name))) return 'a step chooses an automatic port that no word of bhyve has';
  return null;
}

function portsIn({ pieces = [] }: WrittenWord): readonly string[] {
  return pieces.flatMap((piece) => (piece.kind === 'port' ? [nameOf(piece.address, piece.port)] : []));
}

function nameOf(address: string, port: number): string {
  return `${String(port)} ${address}`;
}
