/** Shapes of JSON: what they take, what they say of the rest, and that no text of JSON makes them do anything else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable } from '../diagnostics/printable.ts';
import {
  check,
  faultText,
  flag,
  line,
  list,
  object,
  oneOf,
  optional,
  orNull,
  record,
  text,
  variants,
  whole,
} from './shape.ts';
import type { TypeOf } from './shape.ts';

const disk = object('a disk', { kind: oneOf('its kind', ['disk']), path: line('its path', { least: 1 }) });
const tap = object('a tap', { kind: oneOf('its kind', ['tap']), mtu: orNull(whole('its MTU', 1, 65_535)) });
const step = variants<TypeOf<typeof disk> | TypeOf<typeof tap>>('kind', { disk, tap });
const guest = object('a guest', {
  name: text('its name', { pattern: /^[a-z]+$/, words: 'a name', most: 20 }),
  on: optional(flag('whether it is on')),
  steps: list('its steps', step, { most: 100_000 }),
  files: record('its files', text('a name', { pattern: /^[a-z_]+$/, words: 'named as a file' }), whole('its size', 0)),
});

const good = {
  name: 'web',
  steps: [
    { kind: 'disk', path: '/x' },
    { kind: 'tap', mtu: null },
  ],
  files: { a: 1 },
};

/** What is said of the good one with another field. */
function faultOf(change: Readonly<Record<string, unknown>>): string {
  const checked = check(guest, JSON.parse(JSON.stringify({ ...good, ...change })));
  return checked.ok ? 'nothing' : faultText(checked, 'the guest');
}

test('a value that fits comes back as it is', () => {
  expect(check(guest, good)).toEqual({ ok: true, value: good });
  expect(faultOf({ on: true })).toBe('nothing');
});

test.each([
  [{ name: 1 }, 'name is not a name'],
  [{ name: 'W' }, 'name is not a name'],
  [{ name: 'a'.repeat(21) }, 'name is not a name'],
  [{ name: undefined }, 'name is missing'],
  [{ on: null }, 'on is not true or false'],
  [{ steps: {} }, 'steps is not a list'],
  [{ steps: [[]] }, 'steps[0] is not an object'],
  [{ steps: [{}] }, 'steps[0].kind is missing'],
  [{ steps: [{ kind: 'constructor' }] }, 'steps[0].kind is not one of disk, tap'],
  [{ steps: [{ kind: 'disk', path: 'a\nb' }] }, 'steps[0].path is not a text of one line'],
  [{ steps: [{ kind: 'tap', mtu: 65_536 }] }, 'steps[0].mtu is not a whole number from 1 to 65535'],
  [{ steps: [{ kind: 'tap', mtu: 1.5 }] }, 'steps[0].mtu is not a whole number from 1 to 65535'],
  [{ steps: [{ kind: 'tap', mtu: null, path: '/x' }] }, 'steps[0].path is not known'],
  [{ files: [] }, 'files is not an object'],
  [{ files: { A: 1 } }, 'files.A is not named as a file'],
  [{ files: { a: -1 } }, 'files.a is not a whole number from 0 on'],
  [{ more: 1 }, 'more is not known'],
  [{ ['a\u001b[2J']: 1 }, `${printable('a\u001b[2J')} is not known`],
])('%j: %s', (change, words) => {
  expect(faultOf(change)).toBe(words);
});

test.each(['[]', 'null', '1', '"x"'])('%s is no object', (json) => {
  const checked = check(guest, JSON.parse(json));
  expect(checked.ok ? '' : faultText(checked, 'the guest')).toBe('the guest is not an object');
});

describe('names that objects of JavaScript have', () => {
  test.each(['constructor', 'prototype', '__proto__', 'toString'])('%s is a name of a record, and no field', (name) => {
    const files = `{${JSON.stringify(name)}: 7}`;
    const shape = record('files', text('a name'), whole('its size', 0));
    const checked = check(shape, JSON.parse(files));
    expect(checked.ok && Object.entries(checked.value)).toEqual([[name, 7]]);
    expect(check(shape, JSON.parse(files.replace('7', '-7')))).toMatchObject({ ok: false, at: name });
    expect(check(disk, JSON.parse(`{"kind": "disk", "path": "/x", ${files.slice(1)}`))).toEqual({
      ok: false,
      at: name,
      what: 'is not known',
    });
    expect({}).not.toHaveProperty('7');
  });

  test('a field that only the prototype has is missing', () => {
    expect(check(object('it', { toString: text('a text') }), {})).toMatchObject({ ok: false, at: 'toString' });
  });
});

test('a text that is full of faults costs no more than one', () => {
  const steps = Array.from({ length: 90_000 }, () => ({ kind: 'disk', path: 1 }));
  expect(faultOf({ steps })).toBe('steps[0].path is not a text of one line');
});

test('whatever JSON says, there is a value or one sentence of one line', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('name', 'on', 'steps', 'files'), (value, field) => {
      const said = faultOf({ [field]: value });
      expect(said).toBe(printable(said));
    }),
    { seed: 5, numRuns: 300 },
  );
});
