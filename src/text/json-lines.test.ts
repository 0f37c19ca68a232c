/** JSON with a line for each thing: which lines there are, and that it is the same value. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLines } from './json-lines.ts';

test('a line for each member, each member of an object in it, and each thing in a list', () => {
  const value = {
    name: 'a',
    none: undefined,
    words: ['x', 'y'],
    steps: [{ kind: 'tap', on: ['b'] }, { kind: 'file' }],
    command: { program: { text: 'bhyve' }, words: [{ text: '-c' }] },
    guests: { web: { files: { argv: {} } } },
    empty: {},
  };
  expect(jsonLines(value)).toBe(`{
  "name": "a",
  "words": ["x","y"],
  "steps": [
    {"kind":"tap","on":["b"]},
    {"kind":"file"}
  ],
  "command": {
    "program": {"text":"bhyve"},
    "words": [
      {"text":"-c"}
    ]
  },
  "guests": {
    "web": {"files":{"argv":{}}}
  },
  "empty": {}
}
`);
});

test('it is the same value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(JSON.parse(jsonLines(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
