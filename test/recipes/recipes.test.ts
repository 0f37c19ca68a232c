/** The recipes of CONTRIBUTING.md, followed to the letter: what they name is there, and what is left out is red. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { full, size } from '../full.ts';
import { device } from './device.ts';
import { diagnostic } from './diagnostic.ts';
import { difference } from './difference.ts';
import { copyTo, edited, follow, touched, type Recipe } from './recipe.ts';
import { step } from './step.ts';

const recipes = [device, step, diagnostic, difference];
const page = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');

function sectionOf({ title }: Recipe): string {
  const [, rest = ''] = page.split(`\n## ${title}\n`);
  return rest.split('\n## ')[0] ?? '';
}

test.each(recipes)('$title: each place is there, and the recipe names its file or folder', (recipe) => {
  const section = sectionOf(recipe);
  const named = new Set(recipe.edits.map(({ file }) => file));
  for (const edit of recipe.edits) {
    if ('after' in edit) edited(readFileSync(path.join(root, edit.file), 'utf8'), edit);
  }
  const isNamed = (file: string): boolean => {
    const parts = file.split('/');
    const folders = parts.slice(2).map((_, i) => parts.slice(0, i + 2).join('/'));
    return [path.basename(file).replace('BV1574', 'BVnnnn'), ...folders].some((name) => section.includes(name));
  };
  expect([...named].filter((file) => !isNamed(file))).toEqual([]);
});

test('CONTRIBUTING counts the files', () => {
  for (const recipe of recipes) {
    const { made, edited: changed } = touched(recipe);
    const numbers = `${String(made)} new, ${String(changed)} edited, ${String(recipe.made.length)} by commands`;
    expect(page).toContain(`| ${recipe.title} | ${numbers} |`);
  }
});

describe.runIf(full)('in a copy of the checkout', () => {
  const shared = mkdtempSync(path.join(tmpdir(), 'bhyvec-recipes-'));
  const folders: string[] = [shared];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const runIn = (folder: string, env: Readonly<Record<string, string>>, program: string, words: readonly string[]) => {
    const kept = Object.entries(process.env).filter(([name]) => !/^(?:BHYVEC_|VITEST|CI$)/.test(name));
    const environment = { ...Object.fromEntries(kept), ...env };
    const words2 = [path.join(root, 'node_modules', program), ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, words2, {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
    });
    return { status, said: `${stdout}${stderr}` };
  };

  const vitest = (folder: string, ...words: readonly string[]) =>
    runIn(folder, {}, 'vitest/vitest.mjs', ['run', ...words]);

  /** What the type checker says; what it knows of one copy is of use for the next. */
  const types = (folder: string) => {
    const [known, own] = [path.join(shared, 'types'), path.join(folder, '.types')];
    if (existsSync(known)) copyFileSync(known, own);
    const result = runIn(folder, {}, 'typescript/bin/tsc', ['--incremental', '--tsBuildInfoFile', own]);
    if (result.status === 0) copyFileSync(own, known);
    return result;
  };

  /** What the commands of a recipe write: golden cases, whose other findings may count what is new, then schemas that tests read. */
  const generate = ({ made }: Recipe, folder: string): void => {
    runIn(folder, { UPDATE_GOLDEN: '1' }, 'vitest/vitest.mjs', ['run', 'test/golden/golden.test.ts']);
    if (made.some((file) => file.startsWith('schemas/')))
      vitest(folder, 'test/schemas', 'src/host/schema.test.ts', '-u');
  };

  /** The recipe in a new copy, but some files. */
  const followed = (recipe: Recipe, without: readonly string[] = []): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-recipe-'));
    folders.push(folder);
    copyTo(folder);
    follow(recipe, folder, without);
    spawnSync(process.execPath, ['scripts/build.mjs', '--generate'], { cwd: folder });
    return folder;
  };

  test.each(recipes)('$title: then types and tests are green', (recipe) => {
    const folder = followed(recipe);
    expect(types(folder)).toEqual({ status: 0, said: '' });
    generate(recipe, folder);
    const { status, said } = vitest(folder, ...recipe.green, '-u');
    expect([status, status === 0 ? '' : said]).toEqual([0, '']);
    for (const file of recipe.made)
      expect([file, readFileSync(path.join(folder, file), 'utf8')]).toEqual([
        file,
        expect.stringMatching(/frob|rng|rnd/),
      ]);
  });

  test
    .runIf(size(0, 1, 0) > 0)
    .each(recipes.flatMap((recipe) => recipe.red.map((red) => ({ ...red, recipe, title: recipe.title }))))(
    '$title: red without $without',
    ({ recipe, without, by, says }) => {
      const folder = followed(recipe, without);
      if (by !== 'types') generate(recipe, folder);
      const { status, said } = by === 'types' ? types(folder) : vitest(folder, by);
      expect(status).not.toBe(0);
      expect(said).toMatch(says);
    },
  );
});
