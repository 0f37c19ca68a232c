/**
 * A word for bhyve that somebody else wrote: a user's `<bhyve:arg>`, a line of an argv file on the disk, what a host has
 * received. Only its text is known, so it is read as bhyve(8) reads it, for the secrets in it.
 */
import type { Span } from '../diagnostics/source.ts';
import { emulations } from './emulations/index.ts';
import { joined, piecesOf, textOf, type Piece } from './words.ts';

/** Names of the emulations that have no VNC password. */
const others = new Set<string>(emulations.map(({ kind }) => kind).filter((kind) => kind !== 'fbuf'));

/** `-o pci.0.5.0.password=VALUE`, in one word or without the option: a value goes on to the end of its word. */
const keyed = /^(?:-[A-Za-z]*o\s*)?[^=,/\s]*\.password=/s;
const option = 'password=';

/** The pieces of a word. */
export function readWord(text: string, at: Span | null): readonly Piece[] {
  const [key] = keyed.exec(text) ?? [];
  if (key !== undefined) return [...written(key, at), ...secret(text.slice(key.length), at)];
  const parts = text.split(',');
  // `-s SLOT,EMULATION,CONF,...`: the conf of another device may begin with the same letters.
  if (others.has((parts[1] ?? '').trim())) return written(text, at);
  return joined(
    parts.map((part) =>
      part.startsWith(option) ? [...written(option, at), ...secret(part.slice(option.length), at)] : written(part, at),
    ),
    ',',
  );
}

/** The places of secrets in a word that begins at an offset. */
export function secretsInWord(text: string, offset: number): readonly Pick<Span, 'start' | 'end'>[] {
  let end = offset;
  return readWord(text, null).flatMap((piece) => {
    const start = end;
    end += textOf([piece]).length;
    return piece.kind === 'secret' ? [{ start, end }] : [];
  });
}

function written(value: string, at: Span | null): readonly Piece[] {
  return at === null ? piecesOf(value) : piecesOf({ value, at });
}

function secret(text: string, at: Span | null): readonly Piece[] {
  return text === '' ? [] : [{ kind: 'secret', text, at }];
}
