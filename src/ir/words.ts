/**
 * A word of a command is a list of pieces: text, a secret, and holes that are filled when the guest starts. Each piece
 * knows where it was written, so that nobody has to look for anything in a finished text.
 */
import type { Located, Origins, Span } from '../diagnostics/source.ts';
import { exact } from '../text/exact.ts';

/** A part of a word. `at` is where its value was written; null where the origins of the word say it. */
export type Piece = { readonly at: Span | null } & (
  | { readonly kind: 'text'; readonly text: string }
  | { /** Shown in no message, diff or world-readable file. */ readonly kind: 'secret'; readonly text: string }
  | {
      /** A TCP port that the launcher chooses: the first free one from this one on. */
      readonly kind: 'port';
      readonly address: string;
      readonly port: number;
    }
  | { /** A tap(4) interface. */ readonly kind: 'tap'; readonly name: string }
  | { /** The file that a step of kind `secrets` makes. */ readonly kind: 'secrets-file'; readonly path: string }
  | {
      /** Seconds that a loader may take; the environment of the launcher has the last word. */ readonly kind: 'seconds';
      readonly seconds: number;
    }
);

/** One word of a command, with where it came from. */
export interface Word {
  readonly pieces: readonly Piece[];
  readonly origins: Origins;
  /** The rule that made it. */
  readonly rule: string;
}

/** What becomes a piece: a text or number of ours, one that was written somewhere, or pieces. */
export type Value = string | number | Located<string> | Located<number> | readonly Piece[];

/** What is shown instead of a secret. */
export const hiddenSecret = '<secret>';

/** The pieces of some values, one behind the other. Plans are made of these lists: each is as long as it is, without room to grow. */
export function piecesOf(...values: readonly Value[]): readonly Piece[] {
  const [first, ...others] = values;
  if (first === undefined) return [];
  return others.length === 0 ? piecesIn(first) : [...piecesIn(first), ...piecesOf(...others)];
}

function piecesIn(value: Value): readonly Piece[] {
  if (typeof value !== 'object') return [{ kind: 'text', text: String(value), at: null }];
  return 'value' in value ? [{ kind: 'text', text: String(value.value), at: value.at }] : value;
}

/** Lists of pieces with a separator between them. */
export function joined(lists: readonly (readonly Piece[])[], separator: string): readonly Piece[] {
  return exact(lists.flatMap((list, i) => (i === 0 ? list : [...piecesOf(separator), ...list])));
}

/** A word that is nothing but text. */
export function plainWord(text: string, origins: Origins, rule: string): Word {
  return { pieces: piecesOf(text), origins, rule };
}

/** The text of pieces as the program gets it, secrets included; a hole has its first value. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(pieceText).join('');
}

/** The same with {@link hiddenSecret} in place of each secret. */
export function shownText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === 'secret' ? hiddenSecret : pieceText(piece))).join('');
}

/** Whether a secret is among the pieces of a word. */
export function holdsSecret({ pieces }: Word): boolean {
  return pieces.some(({ kind }) => kind === 'secret');
}

function pieceText(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
    case 'secret':
      return piece.text;
    case 'port':
      return String(piece.port);
    case 'tap':
      return piece.name;
    case 'secrets-file':
      return piece.path;
    case 'seconds':
      return String(piece.seconds);
  }
}
