/** The recipes of CONTRIBUTING.md, followed to the letter: what they name is there, and what is left out is red. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { full, size } from '../full.ts';
import { device } from './device.ts';
import { diagnostic } from './diagnostic.ts';
import { difference } from './difference.ts';
import { copyTo, edited, follow, touched, writeFollowed, type Recipe } from './recipe.ts';
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

test('CONTRIBUTING and ARCHITECTURE count the files', () => {
  for (const recipe of recipes) {
    const { made, edited: changed } = touched(recipe);
    const numbers = `${String(made)} new, ${String(changed)} edited, ${String(recipe.made.length)} by commands`;
    expect(page).toContain(`| ${recipe.title} | ${numbers} |`);
    if (recipe !== device) continue;
    const architecture = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8').replaceAll('\n', ' ');
    expect(architecture).toContain(`a new device touches ${String(made + changed)} files`);
  }
});

describe.runIf(full)('in a copy of the checkout', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const runIn = (folder: string, env: Readonly<Record<string, string>>, program: string, words: readonly string[]) => {
    const kept = Object.entries(process.env).filter(([name]) => !/^(?:BHYVEC_|VITEST|CI$)/.test(name));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(root, 'node_modules', program), ...words],
      { cwd: folder, env: { ...Object.fromEntries(kept), ...env }, encoding: 'utf8' },
    );
    return { status, said: `${stdout}${stderr}` };
  };

  const vitest = (folder: string, env: Readonly<Record<string, string>>, ...words: readonly string[]) =>
    runIn(folder, env, 'vitest/vitest.mjs', ['run', ...words]);

  /** What the type checker says; what it knows of a copy is of use for the next time. */
  const types = (folder: string) => {
    const known = ['--incremental', '--tsBuildInfoFile', path.join(folder, '.types')];
    return runIn(folder, {}, 'typescript/bin/tsc', known);
  };

  /** A new copy in which recipes are followed, with what their commands write: schemas that tests read before these. */
  const followed = (chosen: readonly Recipe[]): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-recipe-'));
    folders.push(folder);
    copyTo(folder);
    follow(chosen, folder);
    spawnSync(process.execPath, ['scripts/build.mjs', '--generate'], { cwd: folder });
    vitest(folder, { UPDATE_GOLDEN: '1' }, 'test/golden/golden.test.ts');
    if (chosen.some(({ made }) => made.some((file) => file.startsWith('schemas/'))))
      vitest(folder, {}, 'test/schemas', 'src/host/schema.test.ts', '-u');
    return folder;
  };

  const expectGreen = (chosen: readonly Recipe[], folder: string): void => {
    expect(types(folder)).toEqual({ status: 0, said: '' });
    const { status, said } = vitest(folder, {}, ...new Set(chosen.flatMap(({ green }) => green)), '-u');
    expect([status, status === 0 ? '' : said]).toEqual([0, '']);
    for (const file of chosen.flatMap(({ made }) => made))
      expect([file, readFileSync(path.join(folder, file), 'utf8')]).toEqual([
        file,
        expect.stringMatching(/frob|rng|rnd/),
      ]);
  };

  test.runIf(size(0, 1, 0) > 0).each(recipes)('$title, alone: then types and tests are green', (recipe) => {
    expectGreen([recipe], followed([recipe]));
  });

  describe('all recipes in one', () => {
    let folder = '';
    beforeAll(() => {
      folder = followed(recipes);
    });

    test('types and tests are green', () => {
      expectGreen(recipes, folder);
    });

    const reds = recipes.flatMap((recipe) => recipe.red.map((red) => ({ ...red, recipe, title: recipe.title })));

    const [byTypes, byTests] = [reds.filter(({ by }) => by === 'types'), reds.filter(({ by }) => by !== 'types')];

    /** Works while the files of these are as they would be without their recipe. */
    const leftOut = <T>(some: typeof reds, work: () => T): T => {
      const files = some.flatMap(({ recipe, without }) => without.map((file) => ({ recipe, file })));
      for (const { recipe, file } of files)
        writeFollowed(
          folder,
          file,
          recipes.filter((other) => other !== recipe),
        );
      const result = work();
      for (const { file } of files) writeFollowed(folder, file, recipes);
      return result;
    };

    test('types are red, and name each file that is left out', () => {
      const { status, said } = leftOut(byTypes, () => types(folder));
      expect(status).not.toBe(0);
      expect(byTypes.length).toBeGreaterThan(4);
      expect(byTypes.filter(({ says }) => !says.test(said)).map(({ without }) => without)).toEqual([]);
    });

    test.each(byTests)('$title: red without $without', (red) => {
      const words = red.only === undefined ? [] : ['-t', red.only];
      const { status, said } = leftOut([red], () => vitest(folder, { BHYVEC_FULL: '1' }, red.by, ...words));
      expect(status).not.toBe(0);
      expect(said).toMatch(red.says);
    });
  });
});
