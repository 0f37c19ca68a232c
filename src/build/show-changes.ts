/** What a build would change, as one unified diff with the extended headers of git. Secrets are never shown. */
import { createTwoFilesPatch } from 'diff';
import { piecesOfFile, withOtherSecrets, withoutSecrets } from '../backends/text/secrets.ts';
import { shownText, type Piece } from '../ir/words.ts';
import { isBinary } from '../backends/tree.ts';
import { holdsSame, type Changes, type Write } from './folder.ts';

/** A file as it is shown. */
interface Shown {
  readonly text: string;
  readonly mode: number;
}

/** A file before and after; null where there is none. */
interface Change {
  readonly path: string;
  readonly before: Shown | null;
  readonly after: Shown | null;
}

/**
 * The changes without those that git undoes: it keeps of a mode only whether the owner may execute the file, and a
 * checkout has the rest from the umask. Files with secrets are not for git: that one is missing is no change.
 * @param assumed guests whose passwords nobody has given: that a secret is another one is no change, either
 */
export function beyondGit(changes: Changes, assumed: ReadonlySet<string> = new Set()): Changes {
  return { ...changes, write: changes.write.filter((one) => !isCheckedOut(one, assumed)) };
}

function isCheckedOut({ file, before }: Write, assumed: ReadonlySet<string>): boolean {
  if (before === null) return file.secret;
  if (file.secret) {
    const isSame =
      !isBinary(file.path) && withoutSecrets(file.path, before.text) === withoutSecrets(file.path, file.text);
    return assumed.has(file.path.split('/')[0] ?? '') && isSame && before.mode === file.mode;
  }
  if (!holdsSame(before, file)) return false;
  return ((file.mode & 0o100) === 0 ? [0o644, 0o664] : [0o755, 0o775]).includes(before.mode);
}

/** The diff of each file, in the order of their paths. */
export function diffsOf({ write, remove }: Changes): readonly string[] {
  const changes: readonly Change[] = [
    ...write.map(({ file, before }) => ({ path: file.path, before, after: file })),
    ...remove.map(({ path, before }) => ({ path, before, after: null })),
  ];
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)).map(diffOf);
}

/** The diff of a text that is no file of the folder. */
export function diffOfText(path: string, before: string | null, after: string): string {
  const present = (text: string | null): Shown | null => (text === null ? null : { text, mode: 0o644 });
  return diffOf({ path, before: present(before), after: present(after) });
}

function diffOf(change: Change): string {
  const { path, before, after } = change;
  if (isBinary(path)) return binaryDiffOf(change);
  const [old, fresh] = shownTexts(change);
  const head = [`diff --git a/${path} b/${path}`, ...modeLines(before, after)];
  if (old === fresh && before !== null && after !== null) return `${head.join('\n')}\n`;
  const [from, to] = [before === null ? '/dev/null' : `a/${path}`, after === null ? '/dev/null' : `b/${path}`];
  const patch = createTwoFilesPatch(from, to, old, fresh).split('\n').slice(1);
  // An empty file has no lines to show.
  return [...head, ...(old === fresh ? [''] : patch)].join('\n');
}

/** As git says it of what is no text. */
function binaryDiffOf({ path, before, after }: Change): string {
  const [from, to] = [before === null ? '/dev/null' : `a/${path}`, after === null ? '/dev/null' : `b/${path}`];
  const lines = [
    `diff --git a/${path} b/${path}`,
    ...modeLines(before, after),
    `Binary files ${from} and ${to} differ`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Both texts without their secrets; where these are others, that is said in their place. */
function shownTexts({ path, before, after }: Change): readonly [string, string] {
  const [old, fresh] = [before, after].map((file) => piecesOfFile(path, file?.text ?? ''));
  const [was, is] = [secretsOf(old ?? []), secretsOf(fresh ?? [])];
  const isOther = was !== '' && is !== '' && was !== is;
  return [shownText(old ?? []), isOther ? withOtherSecrets(fresh ?? []) : shownText(fresh ?? [])];
}

function secretsOf(pieces: readonly Piece[]): string {
  return pieces.flatMap((piece) => (piece.kind === 'secret' ? [piece.text] : [])).join('\n');
}

function modeLines(before: Shown | null, after: Shown | null): readonly string[] {
  const octal = ({ mode }: Shown): string => `100${mode.toString(8).padStart(3, '0')}`;
  if (before === null) return after === null ? [] : [`new file mode ${octal(after)}`];
  if (after === null) return [`deleted file mode ${octal(before)}`];
  return before.mode === after.mode ? [] : [`old mode ${octal(before)}`, `new mode ${octal(after)}`];
}
