/** The formats for programs: SARIF 2.1.0 and JSON lines. */
import Ajv from 'ajv';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { jsonLine, toJson } from './json.ts';
import type { Diagnostic } from './reporter.ts';
import { sarifWriter, uriOf } from './sarif.ts';

const source = { name: 'a b/\u00e9.xml', text: '<a>\n  <b c="1"/>\n</a>\n' };
const span = { source, start: 9, end: 10 };
const diagnostic: Diagnostic = {
  code: 'BV0101',
  name: 'not-well-formed',
  severity: 'error',
  message: 'found \u0007',
  span,
  label: 'here',
  help: 'do this',
  notes: [{ span: { source, start: 0, end: 3 }, text: 'note' }],
  edit: { span, text: 'd' },
};

const integer = { type: 'integer', minimum: 1 };
const region = {
  type: 'object',
  required: ['startLine', 'startColumn', 'endLine', 'endColumn'],
  properties: { startLine: integer, startColumn: integer, endLine: integer, endColumn: integer },
  additionalProperties: false,
};
const message = { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } };
const artifact = {
  type: 'object',
  required: ['uri'],
  properties: { uri: { type: 'string', pattern: '^[!-~]*$' }, uriBaseId: { const: '%SRCROOT%' } },
  additionalProperties: false,
};
const absolute = { type: 'string', pattern: '^https://[!-~]+$' };
const fingerprint = { type: 'string', pattern: '^[0-9a-f]{32}:[1-9][0-9]*$' };
const physicalLocation = {
  type: 'object',
  required: ['artifactLocation', 'region'],
  properties: { artifactLocation: artifact, region },
};
const location = {
  type: 'object',
  required: ['physicalLocation'],
  properties: { physicalLocation, message, id: { type: 'integer' } },
};

/** The part of the SARIF schema that we use; unknown properties are refused where SARIF refuses them. */
const schema = {
  type: 'object',
  required: ['version', '$schema', 'runs'],
  additionalProperties: false,
  properties: {
    version: { const: '2.1.0' },
    $schema: { type: 'string' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool', 'results'],
        additionalProperties: false,
        properties: {
          columnKind: { const: 'utf16CodeUnits' },
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name', 'version', 'informationUri', 'rules'],
                properties: {
                  informationUri: absolute,
                  rules: { type: 'array', items: { required: ['id', 'helpUri'], properties: { helpUri: absolute } } },
                },
              },
            },
          },
          originalUriBaseIds: { type: 'object', required: ['%SRCROOT%'] },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'],
              additionalProperties: false,
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: 0 },
                level: { enum: ['error', 'warning', 'note'] },
                message,
                locations: { type: 'array', items: location },
                partialFingerprints: {
                  type: 'object',
                  required: ['bhyvecFinding/v1'],
                  additionalProperties: fingerprint,
                },
                relatedLocations: { type: 'array', items: location },
                fixes: { type: 'array', items: { type: 'object', required: ['artifactChanges'] } },
              },
            },
          },
        },
      },
    },
  },
};

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly help: object }[] } };
    readonly results: readonly {
      readonly ruleIndex: number;
      readonly partialFingerprints: { readonly 'bhyvecFinding/v1': string };
      readonly locations: readonly [{ readonly physicalLocation: { readonly artifactLocation: object } }];
    }[];
  }[];
}

function logOf(diagnostics: readonly Diagnostic[]): Log {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const writer = sarifWriter({ version: '1.2.3', pages: { BV0101: '# page' }, folder: '/srv/guests', sha256 });
  const text = writer.begin() + diagnostics.map((one) => writer.result(one)).join('') + writer.end();
  return JSON.parse(text) as Log;
}

test('a log is valid, with and without results', () => {
  const validate = new Ajv.default({ strict: false }).compile(schema);
  for (const diagnostics of [[], [diagnostic], [diagnostic, { ...diagnostic, notes: [], edit: null, label: null }]]) {
    validate(logOf(diagnostics));
    expect(validate.errors).toBeNull();
  }
});

test('rules stand once each, with their page', () => {
  const [run] = logOf([diagnostic, diagnostic]).runs;
  expect(run?.tool.driver.rules).toHaveLength(1);
  expect(run?.tool.driver.rules[0]?.help).toEqual({ text: '# page', markdown: '# page' });
  expect(run?.results.map((result) => result.ruleIndex)).toEqual([0, 0]);
});

/** A finding about the first place of some words. */
function about(name: string, text: string, words: string): Diagnostic {
  const at = { name, text };
  const start = text.indexOf(words);
  return { ...diagnostic, span: { source: at, start, end: start + words.length }, notes: [], edit: null };
}

function fingerprintsOf(diagnostics: readonly Diagnostic[]): readonly (string | undefined)[] {
  return logOf(diagnostics).runs.flatMap(({ results }) =>
    results.map((result) => result.partialFingerprints['bhyvecFinding/v1']),
  );
}

test('a finding keeps its fingerprint where lines, spaces and other parts change, and is told from those that are alike', () => {
  const before = "<domain><devices><disk><target dev='vda'/></disk></devices></domain>";
  const after =
    "<domain>\n<!-- new -->\n<name>x</name>\n<devices>\n  <disk><target dev='vda'/></disk></devices></domain>";
  const other = before.replaceAll('vda', 'vdb');
  const [one] = fingerprintsOf([about('a.xml', before, "<target dev='vda'/>")]);
  expect(fingerprintsOf([about('a.xml', after, "<target dev='vda'/>")])).toEqual([one]);
  expect(fingerprintsOf([about('/srv/guests/a.xml', after, "<target dev='vda'/>")])).toEqual([one]);
  const others = [about('b.xml', before, "<target dev='vda'/>"), about('a.xml', other, "<target dev='vdb'/>")];
  const moved = { ...about('a.xml', before, "<target dev='vda'/>"), code: 'BV0102' as const };
  const found = fingerprintsOf([...others, moved, ...others]);
  expect(new Set([one, ...found]).size).toBe(6);
  expect(found[3]).toBe(found[0]?.replace(/:1$/, ':2'));
});

test('names of files below the folder of the run are relative, others are not', () => {
  const names = ['/srv/guests/web.xml', 'web.xml', '/srv/guests2/web.xml', '<stdin>'];
  const results = logOf(names.map((name) => about(name, '<a/>', '<a/>'))).runs.flatMap((run) => run.results);
  expect(results.map(({ locations }) => locations[0].physicalLocation.artifactLocation)).toEqual([
    { uri: 'web.xml', uriBaseId: '%SRCROOT%' },
    { uri: 'web.xml', uriBaseId: '%SRCROOT%' },
    { uri: 'file:///srv/guests2/web.xml' },
    { uri: '%3Cstdin%3E', uriBaseId: '%SRCROOT%' },
  ]);
});

test('file names become URI references', () => {
  expect(uriOf('a b/\u00e9.xml')).toBe('a%20b/%C3%A9.xml');
  expect(uriOf('/x/100%.xml')).toBe('file:///x/100%25.xml');
  expect(uriOf('<stdin>')).toBe('%3Cstdin%3E');
  expect(uriOf('\ud800')).toBe('%EF%BF%BD');
});

test('a diagnostic as JSON', () => {
  expect(toJson(diagnostic)).toEqual({
    code: 'BV0101',
    name: 'not-well-formed',
    severity: 'error',
    message: 'found \u0007',
    file: source.name,
    line: 2,
    column: 6,
    endLine: 2,
    endColumn: 7,
    help: 'do this',
    notes: [{ message: 'note', file: source.name, line: 1, column: 1, endLine: 1, endColumn: 4 }],
    edit: { file: source.name, line: 2, column: 6, endLine: 2, endColumn: 7, text: 'd' },
  });
  const value = { text: '\u009b\u202e\u0007\n' };
  expect(jsonLine(value)).toMatch(/^[ -~]*$/);
  expect(JSON.parse(jsonLine(value))).toEqual(value);
});
