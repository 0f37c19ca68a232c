/** What ARCHITECTURE.md and CONTRIBUTING.md say of files is so: each that they name is there, and the doors are those of the layer rules. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { doors } from '../../.dependency-cruiser.mjs';
import { root } from '../../scripts/bundling.mjs';
import { filesBelow } from './tree.ts';

const pages = ['ARCHITECTURE.md', 'CONTRIBUTING.md'].map((name) => readFileSync(path.join(root, name), 'utf8'));
const [architecture = ''] = pages;

/** What is meant by an example, or is made by commands. */
const isExample = (name: string): boolean => /frob|NAME|KIND|PATH|nnnn|AREA|\*|^(?:dist|node_modules)/i.test(name);

test('each file and folder that the pages name is there', () => {
  const all = ['src', 'test', 'templates', 'scripts', 'schemas', 'docs', 'man'].flatMap(filesBelow);
  const names = new Set(
    pages
      .flatMap((page) => [...page.matchAll(/`([a-z][\w.-]*(?:\/[\w.*-]+)+\/?|[\w-]+\.(?:ts|mjs|hbs|rng))`/g)])
      .map(([, name = '']) => name),
  );
  const isThere = (name: string): boolean => {
    const bare = name.replace(/\/$/, '');
    return (
      existsSync(path.join(root, bare)) ||
      all.some((file) => `/${file}`.includes(`/${bare}/`) || file.endsWith(`/${bare}`) || file.endsWith(`/${bare}.ts`))
    );
  };
  expect(names.size).toBeGreaterThan(100);
  expect([...names].filter((name) => !isExample(name) && !isThere(name))).toEqual([]);
});

test('the doors of the rooms are those of the layer rules', () => {
  const said = /^(?:\| `src\/(?<room>\w+)` \|.*\|(?<cell>.*)\||- `src\/(?<layer>\w+)`:(?<about>.*(?:\n {2}.*)*))$/gm;
  const rows = new Map(
    [...architecture.matchAll(said)].map(({ groups: { room, cell, layer, about } = {} }) => [
      room ?? layer,
      cell ?? about,
    ]),
  );
  const missing = Object.entries(doors).flatMap(([room, modules]) => {
    const cell = rows.get(room);
    const isNamed = (name: string): boolean =>
      cell?.includes(`\`${name}\``) === true || cell?.includes(`\`${path.dirname(name)}/*\``) === true;
    return room === 'backends' ? [] : modules.filter((name) => !isNamed(name)).map((name) => `${room}: ${name}`);
  });
  expect(missing).toEqual([]);
});

test('no folder imports one that imports it, by whatever way, and none has more than a fifth of the lines', () => {
  const files = filesBelow('src').filter((file) => /(?<!\.test|\.gen)\.ts$/.test(file) && file.split('/').length > 2);
  const roomOf = (file: string): string => file.split('/')[1] ?? '';
  const imports = new Map<string, Set<string>>();
  const lines = new Map<string, number>();
  for (const file of files) {
    const text = readFileSync(path.join(root, file), 'utf8');
    const room = roomOf(file);
    lines.set(room, (lines.get(room) ?? 0) + text.split('\n').length);
    const others = [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, name = '']) =>
      roomOf(path.join(path.dirname(file), name)),
    );
    imports.set(room, new Set([...(imports.get(room) ?? []), ...others.filter((other) => other !== room)]));
  }
  // From below: a room is placed when all that it imports are.
  const below = new Set<string>();
  for (let before = -1; before < below.size;) {
    before = below.size;
    for (const [room, others] of imports)
      if ([...others].every((other) => below.has(other) || !imports.has(other))) below.add(room);
  }
  expect([...imports.keys()].filter((room) => !below.has(room))).toEqual([]);
  const all = [...lines.values()].reduce((sum, count) => sum + count);
  expect([...lines].filter(([, count]) => count > all / 5)).toEqual([]);
});

test('what only writes JSON does not load the library of shapes', () => {
  const reached = (start: string): ReadonlySet<string> => {
    const found = new Set([start]);
    for (const file of found) {
      const text = readFileSync(path.join(root, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from '(\.[^']+\.ts)'/gm))
        found.add(path.join(path.dirname(file), name));
    }
    return found;
  };
  const shape = 'src/text/shape.ts';
  const loaders = ['main', 'commands/argv', 'commands/check', 'commands/explain', 'commands/ir', 'commands/target'];
  expect(loaders.filter((name) => reached(`src/cli/${name}.ts`).has(shape))).toEqual([]);
  expect(reached('src/cli/commands/plan.ts').has(shape)).toBe(true);
});

test('each stage reports the codes that its row has, and no others', () => {
  const rows = [...architecture.matchAll(/^\| \w+ \|[^|]*\|[^|]*\|(?<said>[^|]*)\|(?<folders>[^|]*)\|$/gm)].flatMap(
    ({ groups: { said = '', folders = '' } = {} }) => {
      const codes = said.match(/BV\d+/g) ?? [];
      return codes.length === 0
        ? []
        : [{ codes, folders: [...folders.matchAll(/`([^`]+)`/g)].map(([, one = '']) => one) }];
    },
  );
  expect(rows.length).toBeGreaterThan(10);
  const wrong = rows.flatMap(({ codes, folders }) => {
    const files = folders.flatMap((one) => filesBelow(`src/${one}`)).filter((file) => /(?<!\.test)\.ts$/.test(file));
    const texts = files.map((file) => readFileSync(path.join(root, file), 'utf8'));
    const found = new Set(texts.flatMap((text) => [...text.matchAll(/'(BV\d{4})'/g)].map(([, code = '']) => code)));
    const unsaid = [...found].filter((code) => !codes.some((one) => code.startsWith(one)));
    const unfound = codes.filter((one) => ![...found].some((code) => code.startsWith(one)));
    return [...unsaid.map((code) => `${code} is not said`), ...unfound.map((code) => `${code} is not reported`)].map(
      (problem) => `${folders.join(', ')}: ${problem}`,
    );
  });
  expect(wrong).toEqual([]);
});
