/** The explain pages of stage 2: what fails on a page fails with that code, what works has no finding. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { soundTree } from '../../../test/relaxng/corpus.ts';
import { catalogue, codes } from '../../diagnostics/catalogue/index.ts';
import { stageOf } from '../../diagnostics/catalogue/stages.ts';
import { createReporter } from '../../diagnostics/reporter.ts';
import { validateDomain } from './validate.ts';

const folder = path.resolve(import.meta.dirname, '../../diagnostics/explain');
const pages = readdirSync(folder).filter((name) => /^BV\d2/.test(name));

function codesOf(text: string): readonly string[] {
  const reporter = createReporter({ strict: false });
  validateDomain(soundTree(text), reporter, 'error');
  return reporter.diagnostics.map(({ code }) => code);
}

test('each code has a page, each page a code', () => {
  expect(pages).toEqual(
    codes()
      .filter((code) => stageOf(code) === 2)
      .toSorted()
      .map((code) => `${code}.md`),
  );
});

test.each(pages)('%s', (page) => {
  const code = path.basename(page, '.md');
  const text = readFileSync(path.join(folder, page), 'utf8');
  const entry = Object.entries(catalogue()).find(([key]) => key === code)?.[1];
  expect(text.split('\n', 1)).toEqual([`# ${code} ${entry?.name ?? ''}`]);
  const blocks = [...text.matchAll(/```xml\n([^]*?)```/g)].map(([, block]) => block ?? '');
  // No document reports that the verdicts differ, unless we have a bug.
  const fails = code === 'BV0214' ? [] : [[code]];
  expect(blocks.map(codesOf)).toEqual([...fails, []]);
});
