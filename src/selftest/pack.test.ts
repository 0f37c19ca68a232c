/** Packing: what comes out is what went in, and what several files have is there once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, type Packed } from './pack.ts';

/** What sh/unpack.sh does. */
function unpack({ lines, index }: Packed): Record<string, string> {
  const files: Record<string, string> = {};
  let set = '';
  for (const line of index) {
    const [kind, name = '', ...ranges] = line.split(' ');
    if (kind === 'set') set = name;
    else {
      const picked = ranges.flatMap((range) => {
        const [first = '', last = first] = range.split('-');
        return lines.slice(Number(first) - 1, Number(last));
      });
      files[`${set}/${name}`] = `${picked.join('\n')}\n`;
    }
  }
  return files;
}

const texts = fc
  .array(fc.constantFrom('a', 'b', '', 'set x', '}'), { minLength: 1, maxLength: 30 })
  .map((lines) => `${lines.join('\n')}\n`);

test('any files come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 6 }), fc.array(texts, { maxLength: 6 }), (one, other) => {
      const sets = Object.entries({ one, other }).map(([name, list]) => ({
        name,
        files: list.map((text, i) => ({ path: String(i), text })),
      }));
      const all = sets.flatMap(({ name, files }) => files.map(({ path, text }) => [`${name}/${path}`, text]));
      expect(unpack(pack(sets))).toEqual(Object.fromEntries(all));
    }),
  );
});

test('a second file with one other line costs that line', () => {
  const lines = Array.from({ length: 100 }, (_, i) => `line ${String(i)}`);
  const other = lines.with(50, 'another');
  const files = [lines, other].map((list, i) => ({ path: String(i), text: `${list.join('\n')}\n` }));
  const packed = pack([{ name: 's', files }]);
  expect(packed.lines).toHaveLength(101);
  expect(packed.index).toEqual(['set s', 'file 0 1-100', 'file 1 1-50 101 52-100']);
});
