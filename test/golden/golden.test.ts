/**
 * Runs every golden case. `npm run golden` (UPDATE_GOLDEN=1) writes the folders `expected`; otherwise a file too few, too
 * many or with another text fails. `must`, `mustnt` and the marks in the XML are never written by a program.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { oneOf } from '../full.ts';
import { findCases, type Case } from './case.ts';
import { compiledCase, expectedOf, filesOf, filesOfAll, library, marksOf, writeExpected, type Files } from './run.ts';

const cases = findCases();
const isUpdate = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined;

/** The rules of a case that do not hold. A rule about a file that is not there never holds. */
function brokenRules({ rules }: Case, files: Files): readonly string[] {
  return rules.flatMap(({ file, text, negative }) => {
    const found = files[file];
    const holds = found !== undefined && found.includes(text) !== negative;
    return holds ? [] : [`${negative ? 'mustnt' : 'must'}: ${file} has ${text}`];
  });
}

test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  expect(one.problems, 'the header of domain.xml').toEqual([]);
  const compiled = one.dialects.map((dialect) => compiledCase(one, dialect));
  const files = filesOfAll(one, compiled);
  if (isUpdate) writeExpected(one, files);
  expect(files, 'what is made of it, and what lies in expected/').toEqual(expectedOf(one));
  expect(brokenRules(one, files), `rules that do not hold for:\n${Object.values(files).join('\n')}`).toEqual([]);
  const reported = compiled[0] === undefined ? new Set<string>() : marksOf(compiled[0]);
  expect([...reported].toSorted(), 'diagnostics, and the marks in domain.xml').toEqual([...one.marks].toSorted());
});

test('what all launchers share', () => {
  if (isUpdate) writeFileSync(library.path, library.text);
  expect(library.text).toBe(readFileSync(library.path, 'utf8'));
});

test('the order, the time zone and what was compiled before make no difference', () => {
  const zone = process.env['TZ'];
  const some = oneOf(12, cases);
  const before = some.map((one) =>
    filesOfAll(
      one,
      one.dialects.map((dialect) => compiledCase(one, dialect)),
    ),
  );
  process.env['TZ'] = 'Pacific/Chatham';
  const after = some.toReversed().map(filesOf).toReversed();
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
  expect(after).toEqual(before);
});
