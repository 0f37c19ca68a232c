/**
 * A cure, applied literally, gives a document that passes. Each mistake of the corpus has one finding, at its place and
 * with its cause; what the finding offers or says is applied, and `check` finds no error any more.
 */
import { describe, expect, test } from 'vitest';
import { targetNamed } from '../../src/documents/hosts.ts';
import { compileBytes } from '../../src/compile/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import { oneOf } from '../full.ts';
import { readMistakes, type Mistake } from './corpus.ts';

const mistakes = readMistakes();

function check(document: string, { target, compat }: Mistake, bytes: BufferEncoding): readonly Diagnostic[] {
  const dialect = compat ? 'libvirt' : 'bhyvec';
  const host = targetNamed(target ?? 'freebsd-15.1', compat ? 'libvirt' : undefined);
  const options = { host, dialect, schema: 'error', strict: false } as const;
  return compileBytes('guest.xml', Buffer.from(document, bytes), options).diagnostics;
}

/** The document with the cure applied; what the help has to name for it is compared on the way. */
function cured({ document, start, end, cure }: Mistake, found: Diagnostic): string {
  const help = found.help ?? '';
  switch (cure.kind) {
    case 'edit': {
      const { edit } = found;
      if (edit === null) throw new Error(`no edit is offered: ${help}`);
      return document.slice(0, edit.span.start) + edit.text + document.slice(edit.span.end);
    }
    case 'put':
      expect(help).toContain(cure.text);
      return document.slice(0, start) + cure.text + document.slice(end);
    case 'document':
      for (const text of cure.help) expect(help).toContain(text);
      return cure.document;
  }
}

const lineOf = ({ code, message, help }: Diagnostic): string => `${code} ${message} (${help ?? ''})`;

test('there are mistakes of all areas, and each has a name of its own', () => {
  const names = mistakes.map(({ name }) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(names.length).toBeGreaterThanOrEqual(150);
});

describe.each(oneOf(3, mistakes).map((mistake) => [mistake.name, mistake] as const))('%s', (_, mistake) => {
  const { document, start, end, code, cause, also } = mistake;

  test('is found, and cured', () => {
    const found = check(document, mistake, mistake.bytes);
    const shown = found.map(lineOf);
    const [main] = found.filter((one) => one.code === code);
    expect(found.map((one) => one.code).toSorted(), shown.join('\n')).toEqual([code, ...also].toSorted());
    if (main === undefined) return;
    expect(main.message).toContain(cause);
    expect(document.slice(main.span.start, main.span.end)).toBe(document.slice(start, end));
    expect([main.span.start, main.span.end]).toEqual([start, end]);
    const rest = check(cured(mistake, main), mistake, 'utf8');
    expect(rest.filter((one) => one.severity === 'error' || one.code === code).map(lineOf)).toEqual([]);
  });
});
