/** What the schema and the readers say of one place, and what of it the user is told. */
import { expect, test } from 'vitest';
import { inOneVoice } from './one-voice.ts';
import { createReporter } from './reporter.ts';
import type { Diagnostic } from './reporter.ts';

const source = { name: 'web.xml', text: '<domain><uuid>x</uuid><vcpu>many</vcpu></domain>' };
const at = (part: string): { source: typeof source; start: number; end: number } => {
  const start = source.text.indexOf(part);
  return { source, start, end: start + part.length };
};

function told(schema: 'error' | 'warning', reader: 'BV0307' | 'BV0311'): readonly Diagnostic['code'][] {
  const reporter = createReporter({ strict: false });
  reporter.report('BV0201', at('many'), { element: 'vcpu' }, { severity: schema });
  if (reader === 'BV0307') reporter.report('BV0307', at('many'), { value: 'many' });
  else reporter.report('BV0311', at('many'), { placeholder: 'many' });
  reporter.report('BV0310', at('<uuid>'), { element: 'uuid', part: 'text' });
  return inOneVoice(reporter.diagnostics).map(({ code }) => code);
}

test('the schema speaks where both found an error; other places keep their finding', () => {
  expect(told('error', 'BV0307')).toEqual(['BV0201', 'BV0310']);
});

test('an error of a reader counts more than a warning of the schema', () => {
  expect(told('warning', 'BV0307')).toEqual(['BV0307', 'BV0310']);
});

test('a placeholder counts more than the value that it stands for', () => {
  expect(told('error', 'BV0311')).toEqual(['BV0311', 'BV0310']);
});
