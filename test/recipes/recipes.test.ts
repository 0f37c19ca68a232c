/** The recipes of CONTRIBUTING.md, followed to the letter: what they name is there, and what is left out is red. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const run = (folder: string, program: string, ...words: readonly string[]) => {
    const kept = Object.entries(process.env).filter(([name]) => !/^(?:BHYVEC_|VITEST|CI$)/.test(name));
    const environment = { ...Object.fromEntries(kept), UPDATE_GOLDEN: '1' };
    const words2 = [path.join(root, 'node_modules', program), ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, words2, {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
    });
    return { status, said: `${stdout}${stderr}` };
  };

  /** The recipe in a new copy, but some files, with what commands make. */
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
    expect(run(folder, 'typescript/bin/tsc')).toEqual({ status: 0, said: '' });
    // The other half of `npm run generate`: tests read the schemas.
    if (recipe.made.some((file) => file.startsWith('schemas/')))
      run(folder, 'vitest/vitest.mjs', 'run', 'test/schemas', 'src/host/schema.test.ts', '-u');
    const { status, said } = run(folder, 'vitest/vitest.mjs', 'run', ...recipe.green, '-u');
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
      const { status, said } =
        by === 'types' ? run(folder, 'typescript/bin/tsc') : run(folder, 'vitest/vitest.mjs', 'run', by);
      expect(status).not.toBe(0);
      expect(said).toMatch(says);
    },
  );
});
