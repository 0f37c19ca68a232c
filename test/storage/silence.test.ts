/**
 * Nothing of a pool or a volume passes in silence: each part of the golden documents of storage is taken out, doubled, and changed to
 * each other word that the grammar has for it. The plan changes then, or a finding does, or `alike` says that the change is none.
 */
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { stagesOf, type Compilation, type CompileOptions } from '../../src/compile/stages.ts';
import { createPatterns } from '../../src/frontend/relaxng/create-patterns.ts';
import table from '../../src/frontend/schema/grammar.gen.json' with { type: 'json' };
import { full } from '../full.ts';
import { findCases } from '../golden/case.ts';
import { hostOf, resourcesOf } from '../golden/run.ts';
import { changesOf, wordsOf, type Change } from '../property/changes.ts';

const words = wordsOf(createPatterns(table));

/** What is so without being said, or is another word for the same: a name, and what is done. */
const alike: readonly (readonly [name: RegExp, kind: RegExp])[] = [
  // Units with several names, and bytes where none is named.
  [/@unit$/, /^(?:out|=(?:b|bytes|k|[KMGTPE]|[KMGTPE]iB))$/],
  // Of a zvol all is reserved without a word, and where it is more than all; of a file nothing is.
  [/^\/volume\/allocation(?:@unit)?$/, /^(?:out|=\w+)$/],
  // What follows from the rest, and what is empty.
  [/^\/(?:pool\/(?:source|target|target\/path)|volume\/target\/(?:path|format|format@type))$/, /^out$/],
  // -1 is whoever makes the file.
  [/^\/volume\/target\/permissions\/owner$/, /^out$/],
];

/** All that is made of a document and said of it, but for places. */
function madeOf(compilation: Compilation): string {
  const plan = JSON.stringify(stagesOf(compilation)?.plan ?? null, (key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : key === 'origins' || key.endsWith('At') ? null : value,
  );
  return [plan, ...compilation.diagnostics.map(({ code, message }) => `${code} ${message}`)].join('\n');
}

/** Whether a finding stands at the part, or at a tag around it: what has no effect is told there. */
function isTold({ diagnostics }: Compilation, { part, tags }: Change): boolean {
  return diagnostics.some(({ severity, span }) => {
    const isAt = span.start < Math.max(part.end, part.start + 1) && part.start < span.end;
    return severity !== 'note' && (isAt || tags.some(({ start }) => start === span.start));
  });
}

function silentChanges(text: string, options: CompileOptions): readonly string[] {
  const source = { name: 'document.xml', text };
  const before = compile(source, options);
  const root = before.stages.parse;
  if (root === null || stagesOf(before)?.plan == null) return [];
  const was = madeOf(before);
  const isNone = ({ name, kind }: Change): boolean => alike.some(([part, what]) => part.test(name) && what.test(kind));
  return changesOf(root, words, ['always', 'remark', 'live'], Number.POSITIVE_INFINITY).flatMap((change) => {
    const { at } = change;
    const changed = text.slice(0, at.start) + change.text + text.slice(at.end);
    const isSilent = madeOf(compile({ ...source, text: changed }, options)) === was && !isTold(before, change);
    return isSilent && !isNone(change) ? [`${change.name} ${change.kind}`] : [];
  });
}

const all = findCases().filter(({ name }) => name.startsWith('storage/'));
/** `npm test` looks at those that have most parts. */
const cases = full ? all : all.filter(({ name }) => /zvol$|zvol-reserved|pool-dir$/.test(name));

test('no part of a pool or a volume passes in silence', () => {
  const silent = cases.flatMap((one) => {
    const options = { host: hostOf(one, 'bhyvec'), dialect: 'bhyvec', schema: 'error', strict: false } as const;
    return silentChanges(new TextDecoder().decode(one.bytes), { ...options, ...resourcesOf(one.resources, options) });
  });
  expect([...new Set(silent)]).toEqual([]);
});
