/**
 * An edit that a finding offers, applied as it is, mends what the finding says and breaks nothing: in each golden case, in
 * each document that fails on an explain page.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import type { CompileOptions } from '../../src/compile/stages.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import { targetProfile } from '../../src/host/targets.ts';
import { oneOf, size } from '../full.ts';
import { findCases } from '../golden/case.ts';
import { hostOf } from '../golden/run.ts';

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly options: CompileOptions;
}

const pages = path.resolve(import.meta.dirname, '../../src/diagnostics/explain');

/** The documents of the pages, for the target that a page names. */
function pageSamples(): readonly Sample[] {
  return readdirSync(pages).flatMap((file) => {
    const page = readFileSync(path.join(pages, file), 'utf8');
    const target = /freebsd-\d+\.\d+(?:-arm64)?/.exec(page)?.[0] ?? 'freebsd-15.1';
    return [...page.matchAll(/^```xml\n(.*?)^```$/gms)].flatMap(([, text = ''], i) => {
      const host = targetProfile(target, 'bhyvec');
      const options = { dialect: 'bhyvec', schema: 'error', strict: false } as const;
      return host === null ? [] : [{ name: `${file} ${String(i)}`, text, options: { ...options, host } }];
    });
  });
}

function goldenSamples(): readonly Sample[] {
  return findCases().flatMap((one) =>
    one.dialects.map((dialect) => ({
      name: `${one.name} ${dialect}`,
      text: new TextDecoder().decode(one.bytes),
      options: { host: hostOf(one, dialect), dialect, schema: one.schema, strict: one.strict } as const,
    })),
  );
}

const lineOf = ({ code, message }: Diagnostic): string => `${code} ${message}`;

test('an edit that is offered mends what it is offered for', () => {
  let tried = 0;
  const wrong: string[] = [];
  for (const { name, text, options } of [...oneOf(9, goldenSamples()), ...oneOf(6, pageSamples())]) {
    const before = compile({ name: 'domain.xml', text }, options);
    // Where not all mistakes are shown, one that is mended makes room for another.
    if (before.diagnostics.some(({ code }) => code === 'BV0139')) continue;
    for (const found of before.diagnostics) {
      const { edit } = found;
      if (edit === null) continue;
      tried += 1;
      const mended = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
      const after = compile({ name: 'domain.xml', text: mended }, options);
      const errors = (all: readonly Diagnostic[]): number => all.filter(({ severity }) => severity === 'error').length;
      const remains = after.diagnostics.filter((one) => lineOf(one) === lineOf(found)).length;
      const was = before.diagnostics.filter((one) => lineOf(one) === lineOf(found)).length;
      // A mistake that hid others lets them be seen: then a later stage has run.
      const isFurther = before.stages.parse === null || (before.schemaValid === false && after.schemaValid === true);
      const isWorse = errors(after.diagnostics) > errors(before.diagnostics) && !isFurther;
      if (remains >= was || isWorse)
        wrong.push(`${name}: ${lineOf(found)}, edit ${edit.text}: ${after.diagnostics.map(lineOf).join('; ')}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(size(5, 30));
});
