/**
 * What the golden cases must have between them: every diagnostic, every row of the dialect table, every emulation. And what
 * holds for each of them: a finding stands at the value that it is about.
 */
import { afterAll, describe, expect, test, vi } from 'vitest';
import * as dialects from '../../src/dialect/dialect.ts';
import type { DialectName } from '../../src/dialect/dialect.ts';
import { differences, type DifferenceName } from '../../src/dialect/differences.ts';
import { codes, type Code } from '../../src/diagnostics/catalogue/index.ts';
import { stageOf } from '../../src/diagnostics/catalogue/stages.ts';
import { emulations } from '../../src/ir/emulations/index.ts';
import { allDevices } from '../../src/ir/machine.ts';
import { printIr } from '../../src/ir/print.ts';
import { stepKinds } from '../../src/ir/steps/index.ts';
import { findCases, type Case } from './case.ts';
import { allElements, misplaced } from './places.ts';
import { compileCase, compiledCase, diagnosticsOf, placeOf } from './run.ts';
import { textOf } from '../../src/ir/words.ts';

/** Codes that no case can have, each with the reason. */
const withoutCase: Partial<Record<Code, string>> = {
  BV0101: 'needs a file of more than 4 MiB; test/property has it',
  BV0140: 'needs a tag of 10,000 attributes; test/property has it',
  BV0214: 'says that bhyvec and libxml2 disagree, which is a bug of ours and no document',
};
/** Codes of no single document: those of a host profile, and those of several guests on one host. */
const isOfNoDocument = (code: Code): boolean => stageOf(code) === 0 || stageOf(code) === 9;

const cases = findCases();
const results = cases.flatMap((one) =>
  one.dialects.map((dialect) => ({ one, dialect, ...compiledCase(one, dialect) })),
);
const machines = results.flatMap(({ stages }) => stages.allocate?.machine ?? []);
const argvs = results.flatMap(({ plan }) => plan ?? []);

test('every diagnostic is in a case', () => {
  const found = new Set(results.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)));
  const wanted = codes().filter((code) => !isOfNoDocument(code));
  expect(wanted.filter((code) => !found.has(code) && withoutCase[code] === undefined)).toEqual([]);
  expect(wanted.filter((code) => found.has(code) && withoutCase[code] !== undefined)).toEqual([]);
});

test('every emulation is in a case', () => {
  const found = new Set(machines.flatMap(allDevices).map(({ kind }) => kind));
  expect(emulations.map(({ kind }) => kind).filter((kind) => !found.has(kind))).toEqual([]);
});

test('every kind of loader is in a case', () => {
  const found = new Set<string>(machines.map(({ loader }) => loader.kind));
  expect(['none', 'bhyveload', 'grub', 'custom'].filter((kind) => !found.has(kind))).toEqual([]);
});

test('every kind of step is in a case', () => {
  const found = new Set(argvs.flatMap(({ steps }) => steps.map(({ kind }) => kind)));
  expect(stepKinds.filter((kind) => !found.has(kind))).toEqual([]);
});

test('every option of bhyve that we know how to write is in a case', () => {
  const found = new Set(argvs.flatMap(({ settings }) => settings.map(({ words: [word] }) => word && textOf(word.pieces))));
  const wanted = [
    '-A',
    '-c',
    '-H',
    '-k',
    '-K',
    '-l',
    '-m',
    '-M',
    '-n',
    '-o',
    '-p',
    '-P',
    '-s',
    '-S',
    '-u',
    '-U',
    '-w',
    '-Y',
  ];
  expect(wanted.filter((option) => !found.has(option))).toEqual([]);
});

test('a finding stands at the value that it is about', () => {
  let looked = 0;
  const wrong: string[] = [];
  for (const { one, dialect, stages, diagnostics } of results) {
    if (stages.parse === null) continue;
    const elements = allElements(stages.parse);
    for (const found of diagnostics) {
      looked += 1;
      const problem = misplaced(found, elements);
      if (problem !== null) wrong.push(`${one.name} ${dialect}: ${found.code} ${found.message}: ${problem}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(looked).toBeGreaterThan(500);
});

test('titles are told apart', () => {
  const titles = cases.map(({ title }) => title);
  expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
});

describe('the dialect table', () => {
  const rows = Object.keys(differences) as readonly DifferenceName[];
  const casesOf = (row: string): readonly Case[] => cases.filter((one) => one.rows.includes(row));

  test('the cases name rows that exist, and show both dialects', () => {
    const named = cases.flatMap((one) => one.rows.map((row) => ({ one, row })));
    expect(named.filter(({ row }) => !rows.some((known) => known === row)).map(({ row }) => row)).toEqual([]);
    expect(named.filter(({ one }) => one.dialects.length < 2).map(({ one }) => one.name)).toEqual([]);
  });

  /** All that comes out of a case, when one row is the other way round. */
  function outcome(one: Case, dialect: DialectName, flipped: DifferenceName | null): string {
    const spy = vi.spyOn(dialects, 'dialectOf').mockImplementation((name) => {
      return { name, ours: (row) => (name === 'bhyvec') !== (row === flipped) };
    });
    // Anew: what was compiled before knows nothing of the row.
    const compiled = compileCase(one, dialect);
    spy.mockRestore();
    const findings = diagnosticsOf(compiled).map((found) => `${String(placeOf(found).line)} ${found.code}`);
    return `${findings.join('\n')}\n${printIr(compiled.plan)}`;
  }

  /** Rows that the compiler does not ask for by name; each follows from another one. */
  const followers: Partial<Record<DifferenceName, DifferenceName>> = {
    'numa-cpu-lists': 'memory-suffix',
    'loader-wired': 'memory-suffix',
  };

  afterAll(() => {
    vi.restoreAllMocks();
  });

  test.each(rows)('%s: a case has it, and the row alone makes a difference there', (row) => {
    const own = casesOf(row);
    expect(own.length, `a case with "row: ${row}"`).toBeGreaterThan(0);
    const makesNone = (flipped: DifferenceName): readonly string[] => {
      const idle = own.filter((one) =>
        one.dialects.every((dialect) => outcome(one, dialect, flipped) === outcome(one, dialect, null)),
      );
      return idle.map(({ name }) => name);
    };
    expect(makesNone(followers[row] ?? row)).toEqual([]);
    if (followers[row] !== undefined) expect(makesNone(row), 'a follower no more').toEqual(own.map(({ name }) => name));
  });
});
