/** The words of a command in groups, an option and its value on one line, with the part of the XML beside them. */
import { invariant } from '../../diagnostics/invariant.ts';
import { textOf, type Piece, type Word } from '../../ir/words.ts';
import type { Piece as ScriptPiece } from '../text/engine.ts';
import { origin } from '../text/place.ts';
import { secretVariable } from '../text/secrets.ts';

/** A part of the script with the part of the XML that it is from. */
export type Noted<T> = T & { readonly note: string };

/** A port that is chosen at run time, as the plan names it, and the variable that takes the first free one. */
export interface PortView {
  readonly variable: string;
  readonly address: string;
  readonly port: number;
}

/** A secret of a word, and the variable that holds it. */
export interface SecretView {
  readonly variable: string;
  readonly text: string;
}

/** A command as the template places it. */
export interface CommandView {
  readonly groups: readonly Noted<{ readonly pieces: readonly (readonly ScriptPiece[])[] }>[];
  readonly secrets: readonly SecretView[];
}

/** Makes the view of some words, of which `program` is a program; a port that is chosen at run time becomes a variable. */
export function wordsView(words: readonly Word[], program: Word, ports: readonly PortView[]): CommandView {
  const secrets: SecretView[] = [];
  const scriptPiece = (piece: Piece): ScriptPiece => {
    switch (piece.kind) {
      case 'seconds':
        return { variable: 'loader_limit' };
      case 'port':
        return { variable: portOf(piece, ports).variable };
      case 'secret':
        secrets.push({ variable: `${secretVariable}${String(secrets.length + 1)}`, text: piece.text });
        return { variable: secrets.at(-1)?.variable ?? '' };
      default:
        return { text: textOf([piece]) };
    }
  };
  const pieces = words.map((word): readonly ScriptPiece[] => {
    const own = inOneText(word.pieces.map(scriptPiece));
    // An absolute path of a program lies below the directory that stands for /.
    const [first] = word === program ? own : [];
    return first !== undefined && 'text' in first && first.text.startsWith('/') ? [{ variable: 'root' }, ...own] : own;
  });
  return { groups: groupsOf(words, pieces), secrets };
}

function portOf({ address, port }: Piece & { readonly kind: 'port' }, ports: readonly PortView[]): PortView {
  const found = ports.find((one) => one.address === address && one.port === port);
  invariant(found !== undefined, 'each automatic port of a word has its step');
  return found;
}

/** Text that stands together is quoted as one. */
function inOneText(pieces: readonly ScriptPiece[]): readonly ScriptPiece[] {
  const list: ScriptPiece[] = [];
  for (const piece of pieces) {
    const last = list.at(-1);
    if (last !== undefined && 'text' in last && 'text' in piece) list.splice(-1, 1, { text: last.text + piece.text });
    else list.push(piece);
  }
  return list;
}

/** A word that begins with a hyphen begins a group; so does one that another rule has made. */
function groupsOf(words: readonly Word[], pieces: readonly (readonly ScriptPiece[])[]): CommandView['groups'] {
  const groups: { readonly pieces: (readonly ScriptPiece[])[]; readonly note: string }[] = [];
  let previous: Word | null = null;
  words.forEach((word, i) => {
    const isNew = previous === null || textOf(word.pieces).startsWith('-') || word.rule !== previous.rule;
    const own = pieces[i] ?? [];
    if (isNew) groups.push({ pieces: [own], note: `${origin(word.origins)}: ${word.rule}` });
    else groups.at(-1)?.pieces.push(own);
    previous = word;
  });
  return groups;
}
