/** The published schema is the table of the reader, and both say the same of many profiles. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { format } from 'oxfmt';
import { describe, expect, test } from 'vitest';
import { size } from '../../test/full.ts';
import { profileShape } from './fields.ts';
import { read } from './read.testing.ts';
import { capabilities, releases } from './releases.ts';
import { beyondSchema, hostProfileSchema } from './schema.ts';
import type { JsonValue, Shape } from './shape.ts';
import { showProfile } from './show.ts';
import { builtInTargets, targetProfile } from './targets.ts';

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
const schema: unknown = JSON.parse(hostProfileSchema());
if (typeof schema !== 'object' || schema === null) throw new Error('no schema');
const validate = ajv.compile(schema);

/** The reader and the schema say the same, apart from what a schema cannot say. */
function agree(value: unknown): void {
  const text = JSON.stringify(value);
  const { profile, diagnostics } = read(text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  const accepted = validate(value);
  const refused = errors.some((code) => !beyondSchema.includes(code));
  expect(accepted, `${text} ${errors.join(' ')} ${ajv.errorsText(validate.errors)}`).toBe(!refused);
  for (const { message } of diagnostics) expect(message.length, message).toBeLessThanOrEqual(100);
  if (profile === null) return;
  const again = read(showProfile(profile));
  expect(again).toEqual({ profile, diagnostics: [] });
}

describe('the schema', () => {
  test('is the one that is published', async () => {
    const { code: text } = await format('host-profile.json', hostProfileSchema(), { printWidth: 120 });
    await expect(text).toMatchFileSnapshot('../../schemas/host-profile.schema.json');
  });

  test('describes every key with an example that it accepts', () => {
    const seen = [...described('', profileShape)];
    expect(seen).toContain('firmware.files');
    for (const [key, { examples }] of Object.entries(profileShape.fields)) {
      for (const example of examples) {
        const release = key === 'capabilities' || key === 'version' || key === '$schema' ? '14.3' : '15.1';
        const profile = { version: 1, release, [key]: example };
        expect(read(JSON.stringify(profile)).diagnostics, key).toEqual([]);
        agree(profile);
      }
    }
  });

  test('accepts all built-in targets and examples', () => {
    for (const { name } of builtInTargets) {
      const profile = targetProfile(name);
      if (profile !== null) agree(JSON.parse(showProfile(profile)));
    }
    const files = readdirSync('examples/hosts');
    expect(files.length).toBeGreaterThanOrEqual(2);
    for (const file of files) {
      const text = readFileSync(`examples/hosts/${file}`, 'utf8');
      expect(read(text).diagnostics).toEqual([]);
      agree(JSON.parse(text));
    }
  });
});

describe('reader and schema agree', () => {
  const rough = arbitraryOf(profileShape, 24);

  test('on profiles with many mistakes', () => {
    fc.assert(fc.property(rough, agree), { numRuns: size(80, 1000) });
  });

  test('on profiles with few mistakes, a good part of which have none', () => {
    const start = fc.record({ version: fc.constant(1), release: fc.constantFrom('14.3', '15.1', 'main') });
    let accepted = 0;
    fc.assert(
      fc.property(start, fitting(profileShape, 400), (known, more) => {
        const profile = isObject(more) ? { ...more, ...known } : more;
        agree(profile);
        if (validate(profile)) accepted += 1;
      }),
      { numRuns: size(80, 1000) },
    );
    expect(accepted).toBeGreaterThan(size(15, 200));
  });

  test('on any value', () => {
    fc.assert(fc.property(fc.jsonValue(), agree));
  });

  test('on what lies at a border', () => {
    const values: readonly JsonValue[] = [
      { version: 1 },
      { version: 1, capabilities: [] },
      { version: 1, capabilities: {} },
      { version: 1, release: '14.3', capabilities: [] },
      { version: 1, release: '14.3', capabilities: {} },
      { version: 1, release: null, capabilities: [] },
      { version: 1, release: '14.3', arch: 'arm64' },
      { version: 1, release: '15.0', arch: 'arm64' },
      { version: 1, arch: 'arm64', capabilities: ['nvme'] },
      { version: 1.0, release: '14.3', loaderTimeout: { seconds: -0 } },
      { version: 1, release: '14.3', pools: { p: { type: 'zfs', path: '/x' } } },
      { version: 1, release: '14.3', pools: { p: { type: 'dir', path: '/x', dataset: 'x' } } },
      { version: 1, release: '14.3', pools: { p: {} } },
      { version: 1, release: '14.3', pools: { p: { type: 'toString' } } },
      { version: 1, release: '14.3', toString: 1 },
      { version: 1, release: '14.3', nvramDirectory: `/${'x'.repeat(1022)}` },
      { version: 1, release: '14.3', nvramDirectory: `/${'x'.repeat(1023)}` },
      { version: 1, release: '14.3', nvramDirectory: `/${'\u{1F600}'.repeat(1022)}` },
      { version: 1, release: '14.3', nvramDirectory: '/\ud83d' },
      { version: 1, release: '14.3', nvramDirectory: '/a\n' },
      { version: 1, release: '14.3', networks: { a: 'bridge0\n' } },
      {
        version: 1,
        release: '14.3',
        networks: { '\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b': '\u0001\u0002\u0003' },
      },
    ];
    for (const value of values) agree(value);
  });
});

/** The keys of a shape, each of which must have a description and fitting examples. */
function* described(path: string, shape: Shape): Generator<string> {
  if (shape.kind !== 'record') return;
  for (const [key, field] of Object.entries(shape.fields)) {
    expect(field.description, key).toMatch(/^[A-Z].*[^.]$/);
    const inner = path === '' ? key : `${path}.${key}`;
    yield inner;
    yield* described(inner, field.shape);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Values that fit the shape, apart from one in about `fit`, which is anything else. */
function arbitraryOf(shape: Shape, fit: number): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: fitting(shape, fit), weight: fit }, { arbitrary: fc.jsonValue(), weight: 1 });
}

/** Right values, and now and then almost right ones. */
function mostly<T, U>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<U>, fit: number): fc.Arbitrary<T | U> {
  return fc.oneof({ arbitrary: right, weight: fit }, { arbitrary: wrong, weight: 2 });
}

function fitting(shape: Shape, fit: number): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'version':
      return mostly(fc.constant(1), fc.integer(), fit);
    case 'boolean':
      return fc.boolean();
    case 'any-text':
      return fc.string();
    case 'scalar':
      return fc.oneof(fc.string(), fc.double(), fc.boolean());
    case 'text': {
      // Look-ahead is not for fast-check.
      const pattern = shape.pattern.replace('(?=.{1,255}$)', '').replace('(?!\\.{1,2}$)', '');
      const near = fc.constantFrom('/vm', 'vm', 'bridge0', 'zroot/vm', 'a/b', '/', '', '..', 'tap 0', '-x');
      return mostly(fc.stringMatching(new RegExp(pattern, 'u')), fc.oneof(near, fc.string({ unit: 'binary' })), fit);
    }
    case 'choice':
      return mostly(fc.constantFrom(...shape.values), fc.constantFrom('16.0', 'xen', 'x86_64'), fit);
    case 'integer':
      return mostly(fc.integer({ min: shape.first, max: shape.last }), fc.constantFrom(-1, 0, 1.5, 65536, 86401), fit);
    case 'list':
      return fc.array(arbitraryOf(shape.item, fit), { maxLength: 3 });
    case 'record': {
      const fields = Object.entries(shape.fields).map(([key, field]) => [key, arbitraryOf(field.shape, fit)] as const);
      const requiredKeys = fit > 100 ? Object.keys(shape.fields).filter((key) => shape.fields[key]?.required) : [];
      return fc.record(Object.fromEntries(fields), { requiredKeys });
    }
    case 'map': {
      const keys = mostly(fc.constantFrom('default', 'vms', 'a b', '7'), fc.constantFrom('', 'a/b', '\n'), fit);
      return fc.dictionary(keys, arbitraryOf(shape.value, fit), { maxKeys: 3 });
    }
    case 'variants': {
      const variants = Object.entries(shape.variants).map(([type, record]) => {
        const fixed = mostly(fc.constant({ type }), fc.constantFrom({}, { type: 'xen' }, { type, size: 1 }), fit);
        return fc
          .tuple(fitting(record, fit), fixed)
          .map(([fields, more]) => (isObject(fields) ? { ...fields, ...more } : more));
      });
      return fc.oneof(...variants);
    }
    case 'either':
      return mostly(fitting(shape.record, fit), fitting(shape.list, fit), fit);
  }
}

test('the lists of the schema are those of the table', () => {
  const text = JSON.stringify(schema);
  expect(text).toContain(JSON.stringify(capabilities));
  expect(text).toContain(JSON.stringify(releases));
});
