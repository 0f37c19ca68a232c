/** The reader of project files: findings at their narrowest places, and the schema that says the same. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { format } from 'oxfmt';
import { describe, expect, test } from 'vitest';
import { positionOf } from '../diagnostics/source.ts';
import type { Project } from './project.ts';
import { readProject } from './read.ts';
import { beyondSchema, projectSchema } from './schema.ts';

function read(value: unknown): { readonly project: Project | null; readonly findings: readonly string[] } {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const { project, diagnostics } = readProject({ name: 'bhyvec.json', text });
  const findings = diagnostics.map(({ code, span, message, help, edit }) => {
    const { line, column } = positionOf(span.source, span.start);
    const mended = edit === null ? '' : ` -> ${edit.text}`;
    const where = `${String(line)}:${String(column)} |${text.slice(span.start, span.end)}|`;
    return `${code} ${where} ${message} (${help ?? ''})${mended}`;
  });
  return { project, findings };
}

const alpha = { domains: ['domains/*.xml'] };

test('what a project says, and what it leaves open', () => {
  const { project, findings } = read({
    version: 1,
    variables: { bridge: 'bridge0', memory: 2, big: 12_345_678_901, nic: true, bare: false },
    hosts: {
      alpha,
      beta: { profile: 'hosts/b.json', domains: [], output: 'o', lock: 'l', variables: { memory: 4 } },
    },
  });
  expect(findings).toEqual([]);
  const [one, two] = project?.hosts ?? [];
  const values = (host: typeof one): object =>
    Object.fromEntries([...(host?.variables ?? [])].map(([name, { text }]) => [name, text]));
  const common = { bridge: 'bridge0', memory: '2', big: '12345678901', nic: 'yes', bare: 'no' };
  expect(one).toMatchObject({ name: 'alpha', profile: { value: 'freebsd-15.1' }, output: 'guests/alpha' });
  expect(one?.lock).toBe('alpha.lock');
  expect(values(one)).toEqual(common);
  expect(two).toMatchObject({ profile: { value: 'hosts/b.json' }, domains: [], output: 'o', lock: 'l' });
  expect(values(two)).toEqual({ ...common, memory: '4' });
});

test('a number keeps its digits', () => {
  const text = `{"version": 1, "hosts": {"a": {"domains": []}}, "variables": {"n": 18446744073709551615, "m": 1.50}}`;
  const variables = read(text).project?.hosts[0]?.variables;
  expect([variables?.get('n')?.text, variables?.get('m')?.text]).toEqual(['18446744073709551615', '1.50']);
});

describe('findings', () => {
  const rows: readonly (readonly [value: unknown, finding: RegExp])[] = [
    ['{"version": 1, "hosts": {"a": {"domains": []},}}', /^BV1040 1:\d+ \|,\| .*a comma before the closing }.* -> $/],
    ['{"version": 1 /* x */, "hosts": {"a": {"domains": []}}}', /^BV1041 1:15 \|\/\* x \*\/\|/],
    ['[]', /^BV1045 1:1 \|\[\| the project file is a list; expected an object/],
    [{ version: 1, hosts: {} }, /^BV1046 .*"hosts" lacks the key "alpha"/],
    [{ version: 1, hosts: { a: alpha }, hots: {} }, /^BV1044 .*\|"hots"\|.*did you mean "hosts".* -> "hosts"$/],
    [{ version: 1, hots: { a: alpha } }, /^BV1044 .*\|"hots"\|.*did you mean "hosts".* -> "hosts"$/],
    [{ version: 1, hosts: { a: { domain: ['x'], domains: [] } } }, /^BV1044 .*in "hosts.a".*did you mean "domains"/],
    [{ version: '1', hosts: { a: alpha } }, /^BV1045 .*the string "1"; expected a number.* -> 1$/],
    [{ version: 3, hosts: { a: alpha } }, /^BV1047 .*\|3\| project file of version 3; this bhyvec reads version 1/],
    [{ version: 1, hosts: { 'a/b': alpha } }, /^BV1048 .*\|"a\/b"\|/],
    [{ version: 1, hosts: { a: { domains: [''] } } }, /^BV1048 .*\|""\|/],
    [{ version: 1, hosts: { a: { domains: ['x', 'x'] } } }, /^BV1049 .*has "x" twice/],
    [{ version: 1, hosts: { a: alpha }, variables: { 'a b': 1 } }, /^BV1048 .*\|"a b"\|/],
    [{ version: 1, hosts: { a: alpha }, variables: { l: [1] } }, /^BV1045 .*a list; expected a string, a number, true/],
    [{ version: 1, hosts: { a: { ...alpha, profile: 'freebsd-14,3' } } }, /^BV1055 .* -> "freebsd-14\.3"$/],
    [{ version: 1, hosts: { a: alpha }, variables: { x: 'a\nb' } }, /^BV1054 .*U\+000A in it; expected one line/],
    [{ version: 1, hosts: { a: alpha }, variables: { x: 'x'.repeat(4001) } }, /^BV1054 .*4001 characters/],
    [{ version: 1, hosts: { a: alpha }, variables: { x: '${y}' } }, /^BV1054 .*a "\$\{" in it/],
    ['{"version": 1, "hosts": {"a": {"domains": []}}, "variables": {"x": 1e3}}', /^BV1054 1:\d+ \|1e3\|/],
    [
      { version: 1, hosts: { a: { ...alpha, variables: { x: 'no' } } }, variables: { x: false } },
      /^BV1053 .*\|"no"\| .*is a string for this host; expected true or false, as for the project/,
    ],
  ];

  test.each(rows)('%j', (value, finding) => {
    const { project, findings } = read(value);
    expect(project).toBeNull();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(finding);
  });

  test('two hosts share no place, however it is written', () => {
    const places = (one: object, other: object): readonly string[] =>
      read({ version: 1, hosts: { a: { ...alpha, ...one }, b: { ...alpha, ...other } } }).findings;
    expect(places({}, {})).toEqual([]);
    expect(places({ output: 'x' }, { output: 'xy' })).toEqual([]);
    for (const [one, other] of [
      ['x', './x/'],
      ['x', 'y/../x'],
      ['x', 'x/b'],
      ['x/y//z', 'x'],
      ['/x', '/x/.'],
    ]) {
      expect(places({ output: one }, { output: other })).toEqual([
        expect.stringMatching(/^BV1058 .*\|"b"\| the output .* is that of host "a", too/),
      ]);
    }
    expect(places({ lock: 'b.lock' }, {})).toEqual([expect.stringMatching(/^BV1058 .*the lock "b.lock"/)]);
  });
});

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true });
const schema = JSON.parse(projectSchema()) as object;
const validate = ajv.compile(schema);

describe('the schema', () => {
  test('is the one that is published', async () => {
    const { code: text } = await format('project.json', projectSchema(), { printWidth: 120 });
    await expect(text).toMatchFileSnapshot('../../schemas/project.schema.json');
  });

  test('says what the reader says, of projects with mistakes and without', () => {
    const mostly = <T, U>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
      fc.oneof({ arbitrary: right, weight: 40 }, { arbitrary: wrong, weight: 1 });
    const place = mostly(
      fc.constantFrom('domains', '!domains/x.xml', 'a/../b', '*.xml', 'x', 'y', 'z/1', 'z/2'),
      fc.constantFrom('', 'x\u0000', '\ud800', 7),
    );
    const scalar = mostly(fc.oneof(fc.stringMatching(/^[ -#%-~]*$/), fc.integer(), fc.boolean()), fc.jsonValue());
    const names = mostly(fc.constantFrom('alpha', 'b', 'c9', 'x_1', 'constructor'), fc.constantFrom('', 'a b', '/'));
    const variables = mostly(fc.dictionary(names, scalar, { maxKeys: 3 }), fc.jsonValue());
    const host = fc.record(
      {
        domains: mostly(fc.uniqueArray(place, { maxLength: 3 }), fc.array(place)),
        profile: mostly(fc.constantFrom('freebsd-14.3', 'x.json', 'hosts/x'), fc.constantFrom('', 'linux', 1)),
        output: place,
        lock: place,
        variables,
      },
      { requiredKeys: ['domains'] },
    );
    const other = fc.record({ domains: fc.constant([]), lokc: place }, { requiredKeys: [] });
    const hosts = fc.dictionary(names, mostly(host, fc.oneof(other, fc.jsonValue())), { minKeys: 0, maxKeys: 3 });
    const project = mostly(
      fc.record(
        { version: mostly(fc.constant(1), fc.constantFrom(2, '1')), hosts, variables },
        { requiredKeys: ['version', 'hosts'] },
      ),
      fc.record({ version: fc.constant(1), hosts, extra: place }, { requiredKeys: [] }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(project, (value) => {
        const { diagnostics, project: result } = readProject({ name: 'bhyvec.json', text: JSON.stringify(value) });
        const refused = diagnostics.some(({ code }) => !beyondSchema.includes(code));
        expect(validate(value), JSON.stringify([value, diagnostics.map(({ code }) => code)])).toBe(!refused);
        expect(result === null).toBe(diagnostics.length > 0);
        if (result !== null) accepted += 1;
        for (const { message } of diagnostics) expect(message.length, message).toBeLessThanOrEqual(110);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
