/** The formats for programs: SARIF 2.1.0 and JSON lines. */
import Ajv from 'ajv';
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
const artifact = { type: 'object', required: ['uri'], properties: { uri: { type: 'string', pattern: '^[!-~]*$' } } };
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
            properties: { driver: { type: 'object', required: ['name', 'version', 'rules'] } },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations'],
              additionalProperties: false,
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: 0 },
                level: { enum: ['error', 'warning', 'note'] },
                message,
                locations: { type: 'array', items: location },
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
    readonly results: readonly { readonly ruleIndex: number }[];
  }[];
}

function logOf(diagnostics: readonly Diagnostic[]): Log {
  const writer = sarifWriter('1.2.3', { BV0101: '# page' });
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
