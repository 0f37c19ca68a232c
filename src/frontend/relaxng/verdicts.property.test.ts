/**
 * Four programs, one grammar: on documents that use every element and attribute of it, and on thousands of mutants, our
 * verdict is that of xmllint-wasm, and of the programs xmllint and jing where they are installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { wasmFile } from '../../../scripts/xmllint-plugin.mjs';
import { ownSamples, soundTree, treeOf } from '../../../test/relaxng/corpus.ts';
import { size } from '../../../test/full.ts';
import { mutant } from '../../../test/relaxng/mutants.ts';
import { createDice, toNode, writeXml, type TestNode } from '../../../test/relaxng/nodes.ts';
import { reachable, specimens } from '../../../test/relaxng/specimens.ts';
import grammar from '../schema/domain.flat.gen.rng';
import table from '../schema/grammar.gen.json' with { type: 'json' };
import { createXmllint } from '../xmllint/xmllint.ts';
import { createPatterns } from './create-patterns.ts';
import { createValidator } from './validate.ts';

const seed = 20260701;
const mutants = size(50, 2400);

/** Each part of a document in a document of its own: small ones are what mutants are made from. */
function parts(root: TestNode): readonly TestNode[] {
  const name: TestNode = { name: 'name', attributes: [], children: ['a'] };
  const capacity: TestNode = { name: 'capacity', attributes: [], children: ['1'] };
  const domain = (child: TestNode): TestNode => ({
    name: 'domain',
    attributes: [['type', 'bhyve']],
    children: child.name === 'name' ? [child] : [name, child],
  });
  return root.children.flatMap((child) => {
    if (typeof child === 'string') return [];
    if (root.name !== 'domain') {
      const attributes = root.name === 'pool' ? root.attributes.slice(0, 1) : [];
      const needed = root.name === 'volume' ? [name, capacity] : [name];
      return [{ ...root, attributes, children: [...needed.filter((one) => one.name !== child.name), child] }];
    }
    if (child.name !== 'devices') return [domain(child)];
    return child.children.flatMap((device) =>
      typeof device === 'string' ? [] : [domain({ ...child, children: [device] })],
    );
  });
}

const dice = createDice(seed);
const whole = specimens(createPatterns(table), dice);
const samples = ownSamples().map(({ text }) => toNode(soundTree(text)));
const bases = [...whole.flatMap(parts), ...samples, ...samples, ...samples];

/** Documents that our parser takes, with our verdict. */
const documents = new Map<string, boolean>();
const validate = createValidator(table);
function add(node: TestNode): void {
  const text = writeXml(node);
  const tree = treeOf(text);
  if (tree !== null) documents.set(text, validate(tree).valid);
}
for (const node of [...whole, ...bases]) add(node);
const sound = documents.size;
for (let i = 0; documents.size < sound + mutants && i < 5 * mutants; i++) {
  const base = bases[dice(bases.length)];
  if (base === undefined) continue;
  const once = mutant(base, dice);
  add(dice(4) === 0 ? mutant(once, dice) : once);
}
const texts = [...documents.keys()];
const ours = [...documents.values()];

/** The documents about which another verdict differs from ours. */
function differing(theirs: readonly (boolean | undefined)[]): readonly string[] {
  return texts.filter((_, i) => theirs[i] !== ours[i]);
}

/** Runs a program on all documents in a folder of their own; null where there is no such program. */
function run(program: string, options: readonly string[]): string | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-'));
  try {
    writeFileSync(path.join(folder, 'grammar.rng'), grammar);
    texts.forEach((text, i) => {
      writeFileSync(path.join(folder, `d${String(i)}.xml`), text);
    });
    const names = texts.map((_, i) => `d${String(i)}.xml`);
    const result = spawnSync(program, [...options, ...names], { cwd: folder, encoding: 'utf8', maxBuffer: 1e9 });
    return result.error === undefined ? result.stdout + result.stderr : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('every element and attribute of the grammar is in a valid document', () => {
  expect(reachable(createPatterns(table)).size).toBeGreaterThan(900);
  expect(texts.slice(0, sound).filter((_, i) => ours[i] !== true)).toEqual([]);
});

test('the mutants are many, some valid and most not', () => {
  expect(texts.length - sound).toBe(mutants);
  const valid = ours.slice(sound).filter(Boolean).length;
  expect(valid).toBeGreaterThan(mutants / 10);
  expect(valid).toBeLessThan(mutants / 2);
});

test('xmllint-wasm agrees', async () => {
  const xmllint = createXmllint({ grammar, readWasm: () => readFileSync(wasmFile) });
  expect(differing(await xmllint.verdicts(texts))).toEqual([]);
});

test('xmllint agrees, where it is installed', () => {
  const output = run('xmllint', ['--noout', '--relaxng', 'grammar.rng']);
  const verdicts = new Map<number, boolean>();
  for (const [, index, verdict] of (output ?? '').matchAll(/^d(\d+)\.xml (validates|fails to validate)$/gm))
    verdicts.set(Number(index), verdict === 'validates');
  expect(output === null ? [] : differing(texts.map((_, i) => verdicts.get(i)))).toEqual([]);
});

test('jing agrees, where it is installed', () => {
  const output = run('jing', ['grammar.rng']);
  const wrong = new Set([...(output ?? '').matchAll(/d(\d+)\.xml:\d+:\d+: error/g)].map(([, index]) => Number(index)));
  expect(output === null ? [] : differing(texts.map((_, i) => !wrong.has(i)))).toEqual([]);
});
