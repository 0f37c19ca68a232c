/**
 * One mistake gives one finding: each word of the golden documents that the grammar has a list for is misspelt by a letter
 * that is missing, doubled, another one or in its neighbour's place. The only error stands at the word, and what else is
 * said was said before.
 */
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import type { Span } from '../../src/diagnostics/source.ts';
import { textSpan } from '../../src/frontend/xml/reader.ts';
import { childElements, type XmlElement } from '../../src/frontend/xml/tree.ts';
import { findCases } from '../golden/case.ts';
import { compiledCase, hostOf } from '../golden/run.ts';
import { createDice } from '../relaxng/nodes.ts';
import { full, oneOf, size } from '../full.ts';

/** Words of libvirt that bhyve cannot do: none of them is offered, whatever is near. */
const notOffered = ['spicevmc', 'usb-serial', 'scsi', 'usb', 'ctl'];

interface Place {
  readonly name: string;
  readonly at: Span;
}

function placesOf(element: XmlElement, way = ''): readonly Place[] {
  const name = `${way}/${element.name.local}`;
  const children = childElements(element);
  const attributes = element.attributes.map((one) => ({ name: `${name}@${one.name.local}`, at: one.valueSpan }));
  const text = children.length === 0 && element.children.length > 0 ? [{ name, at: textSpan(element) }] : [];
  return [...attributes, ...text, ...children.flatMap((child) => placesOf(child, name))];
}

/** The word with one letter wrong, in each way and at each place. */
function misspelt(word: string): readonly string[] {
  const at = (i: number): readonly string[] => {
    const [before, letter, after] = [word.slice(0, i), word.charAt(i), word.slice(i + 1)];
    const swapped = after === '' ? [] : [`${before}${after.charAt(0)}${letter}${after.slice(1)}`];
    return [`${before}${after}`, `${before}q${after}`, `${before}${letter}${letter}${after}`, ...swapped];
  };
  return [...new Set(Array.from(word, (_, i) => at(i)).flat())].filter((other) => other !== word);
}

/** The note that sums up what libvirt adds by itself counts its parts: with one of them misspelt it says another number. */
const sum = 'BV1305';

function keyOf({ code, message }: Diagnostic): string {
  return code === sum ? code : `${code} ${message}`;
}

test('a word that is misspelt is found once, at its place', () => {
  const dice = createDice(20_260_915);
  const seen = new Set<string>();
  const wrong: string[] = [];
  const counts = { words: 0, tried: 0, offered: 0 };
  for (const one of oneOf(8, findCases())) {
    const [dialect] = one.dialects;
    const { stages, source, diagnostics, schemaValid } = compiledCase(one, dialect);
    if (stages.parse === null || schemaValid !== true || diagnostics.some(({ severity }) => severity === 'error'))
      continue;
    const options = { host: hostOf(one, dialect), dialect, schema: 'error', strict: false } as const;
    const before = new Set(diagnostics.map(keyOf));
    for (const { name, at } of placesOf(stages.parse)) {
      const word = source.text.slice(at.start, at.end);
      if (!/^[a-z][a-z0-9_.-]{2,}$/i.test(word) || seen.has(`${dialect} ${name}=${word}`)) continue;
      seen.add(`${dialect} ${name}=${word}`);
      if (!full && seen.size % 4 !== 0) continue;
      const check = (other: string): ReturnType<typeof compile> =>
        compile({ ...source, text: source.text.slice(0, at.start) + other + source.text.slice(at.end) }, options);
      if (check('qqzzqq').schemaValid !== false) continue;
      counts.words += 1;
      const all = misspelt(word);
      const tries = full ? all : [all[dice(all.length)] ?? word];
      for (const other of tries) {
        const found = check(other);
        if (found.schemaValid !== false) continue;
        counts.tried += 1;
        const news = found.diagnostics.filter((finding) => finding.severity === 'error' || !before.has(keyOf(finding)));
        const [only] = news;
        const isThere = only?.span.start === at.start && only.span.end === at.start + other.length;
        const offer = only?.edit?.text ?? null;
        if (offer === word) counts.offered += 1;
        // A short word may be as near to another one.
        const isRight = offer === word || offer === null || word.length <= 4 || notOffered.includes(word);
        if (news.length !== 1 || !isThere || only.severity !== 'error' || !isRight)
          wrong.push(`${one.name} ${name}: ${word} as ${other}: ${news.map(keyOf).join('; ')} (${offer ?? ''})`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(counts.words).toBeGreaterThan(size(2, 150));
  expect(counts.offered / counts.tried).toBeGreaterThan(0.8);
});
