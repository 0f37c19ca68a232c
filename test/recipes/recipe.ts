/** A recipe of CONTRIBUTING.md as edits of files, so that it can be followed to the letter. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** Makes the edits below a folder, but those of some files. */
export function follow({ edits }: Recipe, folder: string, without: readonly string[] = []): void {
  for (const edit of edits.filter(({ file }) => !without.includes(file))) {
    const file = path.join(folder, edit.file);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'text' in edit ? edit.text : edited(readFileSync(file, 'utf8'), edit));
  }
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
