/** A recipe of CONTRIBUTING.md as edits of files, so that it can be followed to the letter. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/bundling.mjs';

/** A new file, or lines behind the first line that ends with `after`. */
export type Edit =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly after: string; readonly add: string };

/** What is red while a part of it is not done. */
export interface Red {
  /** The files that are left as they are. */
  readonly without: readonly string[];
  /** What then says so: the type checker, or a file of tests. */
  readonly by: string;
  /** The words that name the tests of that file which look at it; all of them where nothing is said. */
  readonly only?: string;
  readonly says: RegExp;
}

/** A recipe. */
export interface Recipe {
  /** Its heading in CONTRIBUTING.md. */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Files that commands of the recipe write. */
  readonly made: readonly string[];
  readonly red: readonly Red[];
  /** The tests that then are green. */
  readonly green: readonly string[];
}

/** What the type checker says of a file: an error with this in it, or in the lines that belong to it. */
export function typeError(file: string, about: string): RegExp {
  return new RegExp(String.raw`^${file}\([^\n]*(?:\n [^\n]*)*${about}`, 'm');
}

/** Lines of a file, each behind a line that ends with its neighbour. */
export function behind(file: string, ...pairs: readonly (readonly [after: string, add: string])[]): readonly Edit[] {
  return pairs.map(([after, add]) => ({ file, after, add }));
}

/** The files that somebody writes by hand. */
export function touched({ edits }: Recipe): { readonly made: number; readonly edited: number } {
  const files = new Map(edits.map((edit) => [edit.file, 'text' in edit]));
  const made = [...files.values()].filter(Boolean).length;
  return { made, edited: files.size - made };
}

/** The text with the edit made. Throws where its place is not there, or is there more than once. */
export function edited(text: string, edit: Extract<Edit, { readonly after: string }>): string {
  const lines = text.split('\n');
  const at = lines.flatMap((line, i) => (line.endsWith(edit.after) ? [i] : []));
  if (at.length !== 1) throw new Error(`${edit.file}: "${edit.after}" ends ${String(at.length)} lines`);
  return lines.toSpliced((at[0] ?? 0) + 1, 0, ...edit.add.split('\n')).join('\n');
}

/**
 * Writes a file as the recipes have it, those of some excepted; where none of the others makes it, it is gone, and with it
 * what was made of it.
 */
export function writeFollowed(folder: string, file: string, recipes: readonly Recipe[]): void {
  const edits = recipes.flatMap((recipe) => recipe.edits).filter((edit) => edit.file === file);
  const [origin, place] = [path.join(root, file), path.join(folder, file)];
  let text = existsSync(origin) ? readFileSync(origin, 'utf8') : null;
  for (const edit of edits) text = 'text' in edit ? edit.text : edited(text ?? '', edit);
  if (text === null) {
    rmSync(path.basename(file) === 'domain.xml' ? path.dirname(place) : place, { recursive: true });
    return;
  }
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
}

/** Follows recipes below a folder, all of them in one. */
export function follow(recipes: readonly Recipe[], folder: string): void {
  const files = new Set(recipes.flatMap(({ edits }) => edits.map(({ file }) => file)));
  for (const file of files) writeFollowed(folder, file, recipes);
}

const copied = ['src', 'test', 'templates', 'scripts', 'schemas', 'docs', 'man', 'examples', 'tsconfig.json'];
const files = [
  '.dependency-cruiser.mjs',
  '.oxlintrc.json',
  'package.json',
  'vitest.config.ts',
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
];

/** A copy of the checkout, with the packages of the checkout itself. */
export function copyTo(folder: string): void {
  for (const name of [...copied, ...files]) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
}
