/** Operands: files, folders, patterns, standard input, and what is said of those that are none of them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expandGlob } from './glob.ts';
import { expandOperands, isPattern, readInput, readLimit } from './inputs.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-inputs-'));
  for (const name of ['empty', 'some/deep/er', 'some/.hidden']) mkdirSync(path.join(folder, name), { recursive: true });
  const files = [
    'b.xml',
    'a.xml',
    'B.xml',
    'x[1].xml',
    'notes.txt',
    '.dot.xml',
    'some/c.xml',
    'some/deep/er/d.xml',
    'some/.hidden/e.xml',
  ];
  for (const name of files) writeFileSync(path.join(folder, name), '<domain/>');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The pattern below the folder, and its matches without the folder. */
function glob(pattern: string): readonly string[] {
  return expandGlob(`${folder}/${pattern}`).files.map((name) => path.relative(folder, name));
}

async function expanded(...operands: readonly string[]): Promise<readonly string[]> {
  const inputs = await expandOperands(operands.map((operand) => (operand === '-' ? '-' : path.join(folder, operand))));
  return inputs.map((one) =>
    ('problem' in one ? one.problem : one.name).replaceAll(`${folder}/`, '').replaceAll(folder, '.'),
  );
}

describe('patterns', () => {
  test.each([
    ['*.xml', ['B.xml', 'a.xml', 'b.xml', 'x[1].xml']],
    ['?.xml', ['B.xml', 'a.xml', 'b.xml']],
    ['[ab].xml', ['a.xml', 'b.xml']],
    ['[!a-z].xml', ['B.xml']],
    ['[z-a].xml', []],
    ['[', []],
    ['{a,some/c}.xml', ['a.xml', 'some/c.xml']],
    ['{a,{b,B}}.xml', ['B.xml', 'a.xml', 'b.xml']],
    ['**/*.xml', ['B.xml', 'a.xml', 'b.xml', 'some/c.xml', 'some/deep/er/d.xml', 'x[1].xml']],
    ['some/**/d.xml', ['some/deep/er/d.xml']],
    ['.*.xml', ['.dot.xml']],
    ['*/c.xml', ['some/c.xml']],
    ['*', ['B.xml', 'a.xml', 'b.xml', 'notes.txt', 'x[1].xml']],
    ['nothing/*', []],
    ['a+(b).x*', []],
    ['some/../*/c.xml', ['some/c.xml']],
    ['{some/deep/../,}[ac].xml', ['a.xml', 'some/c.xml']],
  ])('%s', (pattern, names) => {
    expect(glob(pattern)).toEqual(names);
  });

  test('what is no sign for sh(1) is none here', () => {
    const signs = path.join(folder, 'signs');
    mkdirSync(signs);
    for (const name of ['!x', '(a|b)', 'a', '{c}', '^$+']) writeFileSync(path.join(signs, `${name}.xml`), '');
    for (const name of ['!x', '(a|b)', '{c}', '^$+']) expect(glob(`signs/${name}*`)).toEqual([`signs/${name}.xml`]);
    rmSync(signs, { recursive: true });
  });

  test('a backslash in a name is a character of it', () => {
    mkdirSync(path.join(folder, 'back\\slash/de\\ep'), { recursive: true });
    for (const name of ['a', 'de\\ep/b', 'c\\d']) writeFileSync(path.join(folder, `back\\slash/${name}.xml`), '');
    expect(glob('back\\slash/*.xml')).toEqual(['back\\slash/a.xml', 'back\\slash/c\\d.xml']);
    expect(glob('back?slash/*/*.xml')).toEqual(['back\\slash/de\\ep/b.xml']);
    expect(glob('back\\slash/de\\ep/?.xml')).toEqual(['back\\slash/de\\ep/b.xml']);
    rmSync(path.join(folder, 'back\\slash'), { recursive: true });
  });

  test('a pattern may begin above, and have a pattern in each part', () => {
    const real = path.join(folder, 'some/deep/real');
    mkdirSync(real);
    writeFileSync(path.join(real, 'f.xml'), '');
    const from = path.relative(process.cwd(), path.join(folder, 'empty'));
    expect(expandGlob(`${from}/../*/*/real/*.xml`).files).toEqual([path.join(from, '../some/deep/real/f.xml')]);
    expect(expandGlob(`{${from}/../some,nowhere}/*/real/?.xml`).files).toHaveLength(1);
    rmSync(real, { recursive: true });
  });

  test('only some operands are patterns', () => {
    expect(isPattern('a.xml')).toBe(false);
    expect(isPattern('a?.xml')).toBe(true);
  });
});

describe('operands', () => {
  test('a folder stands for its *.xml in order', async () => {
    expect(await expanded('')).toEqual(['.dot.xml', 'B.xml', 'a.xml', 'b.xml', 'x[1].xml']);
  });

  test('order is kept, nothing comes twice', async () => {
    expect(await expanded('b.xml', '*.xml', '-', 'b.xml', '-')).toEqual([
      'b.xml',
      'B.xml',
      'a.xml',
      'x[1].xml',
      '<stdin>',
    ]);
  });

  test('a file whose name looks like a pattern is a file', async () => {
    expect(await expanded('x[1].xml')).toEqual(['x[1].xml']);
  });

  test('what cannot be found is said', async () => {
    expect(await expanded('nope.xml', 'nope*.xml', 'empty', 'a.xml/b')).toEqual([
      'nope.xml: no such file or directory',
      'nope*.xml: no file matches this pattern',
      'empty: there is no file *.xml in this directory',
      'a.xml/b: a part of the path is not a directory',
    ]);
    expect(await expandOperands([''])).toEqual([{ problem: 'the name of a file is empty' }]);
  });
});

test('what would be waited for is not read, where only a folder or a pattern names it', async () => {
  const odd = path.join(folder, 'odd');
  mkdirSync(odd);
  execFileSync('mkfifo', [path.join(odd, 'fifo.xml')]);
  symlinkSync('/dev/zero', path.join(odd, 'device.xml'));
  symlinkSync('loop.xml', path.join(odd, 'loop.xml'));
  writeFileSync(path.join(odd, 'web.xml'), '<domain/>');
  for (const operand of ['odd', 'odd/*.xml']) {
    const found = await expanded(operand);
    expect(found).toEqual(expect.arrayContaining(['odd/fifo.xml: is not a file', 'odd/device.xml: is not a file']));
    expect(found).toContain('odd/web.xml');
  }
  const loop = await readInput({ name: 'loop.xml', path: path.join(odd, 'loop.xml') });
  expect(loop).toEqual({ problem: 'loop.xml: too many symbolic links' });
  rmSync(odd, { recursive: true });
});

describe('reading', () => {
  test('a file is read whole', async () => {
    const bytes = await readInput({ name: 'a.xml', path: path.join(folder, 'a.xml') });
    expect('problem' in bytes ? bytes.problem : new TextDecoder().decode(bytes)).toBe('<domain/>');
  });

  test('no more is read than one byte beyond the limit', async () => {
    const big = path.join(folder, 'big.bin');
    writeFileSync(big, '');
    truncateSync(big, 100_000_000);
    const bytes = await readInput({ name: 'big.bin', path: big });
    expect('problem' in bytes ? 0 : bytes.length).toBe(readLimit);
    rmSync(big);
  });

  test('an empty file is no problem, a folder is', async () => {
    const empty = path.join(folder, 'empty.bin');
    writeFileSync(empty, '');
    expect(await readInput({ name: 'empty.bin', path: empty })).toHaveLength(0);
    rmSync(empty);
    expect(await readInput({ name: 'x', path: folder })).toEqual({ problem: 'x: is a directory' });
  });

  test('a device without an end is read up to the limit', async () => {
    expect(await readInput({ name: 'zero', path: '/dev/zero' })).toHaveLength(readLimit);
  });
});
