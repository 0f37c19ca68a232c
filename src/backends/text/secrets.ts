/**
 * The secrets in a file of a build. What is made is marked where it is made; a file that lies on the disk is only a text,
 * and somebody may have changed it: it is read as what its name says, and its secrets stand in places of their own.
 */
import { readWord } from '../../ir/foreign-words.ts';
import { hiddenSecret, piecesOf, shownText, type Piece } from '../../ir/words.ts';

/** Prefix of the variables of a launcher that hold secrets, each on a line of its own. */
export const secretVariable = 'secret_';

/** How a line of each file is read; files of other names hold no secrets. */
const readers: Readonly<Record<string, (line: string) => readonly Piece[]>> = {
  argv: (line) => readWord(line, null),
  'secrets.conf': (line) => behind(/^[^#=]+=/, line) ?? piecesOf(line),
  // Builds of 0.1.0 had the password in this file, too.
  'bhyve.conf': (line) => behind(/^[^#=]+[.]password=/, line) ?? piecesOf(line),
  launch: (line) => behind(/^secret_\d+=/, line) ?? launcherWord(line),
};

/** The pieces of a file of a guest by its path below the folder of a build. */
export function piecesOfFile(path: string, text: string): readonly Piece[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (read === undefined) return piecesOf(text);
  return text.split('\n').flatMap((line, i) => [...piecesOf(i === 0 ? '' : '\n'), ...read(line)]);
}

/** A file without its secrets, as it may be shown and hashed: files whose secrets alone differ become equal. */
export function withoutSecrets(path: string, text: string): string {
  return shownText(piecesOfFile(path, text));
}

/** What is shown of a file beside one whose secrets are others. */
export function withOtherSecrets(pieces: readonly Piece[]): string {
  const other = hiddenSecret.replace('>', ', another one>');
  return shownText(pieces.map((piece) => (piece.kind === 'secret' ? { kind: 'text', text: other, at: null } : piece)));
}

function behind(start: RegExp, line: string): readonly Piece[] | null {
  const [found] = start.exec(line) ?? [];
  return found === undefined ? null : [...piecesOf(found), ...secret(line.slice(found.length))];
}

/** In a launcher of 0.1.0 the password stands in a quoted word, up to a comma or the end of the line. */
function launcherWord(line: string): readonly Piece[] {
  const [, before, found, after] = /^(.*(?:,fbuf,.*,|-o '?[^=\s]*[.])password=)(?!"\$)([^,]*)(.*)$/.exec(line) ?? [];
  if (before === undefined || found === undefined || after === undefined) return piecesOf(line);
  return [...piecesOf(before), ...secret(found), ...piecesOf(after)];
}

function secret(text: string): readonly Piece[] {
  return text === '' ? [] : [{ kind: 'secret', text, at: null }];
}
