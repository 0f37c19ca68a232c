/**
 * The explain pages: one for each code, all with the same sections, and their examples are compiled. The info string of
 * an example may name options of `bhyvec check`, as in ```xml --target freebsd-13.5 --strict. The host profile that
 * --host names stands there itself, without a blank.
 */
import pages from 'bhyvec:explain-pages';
import { describe, expect, test } from 'vitest';
import { oneOf } from '../full.ts';
import { targetNamed } from '../../src/documents/hosts.ts';
import { compileBytes } from '../../src/compile/compile.ts';
import { catalogue, codes, type Code } from '../../src/diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import type { Variables } from '../../src/frontend/variables.ts';
import { readHost } from '../../src/host/read.ts';
import { readProject } from '../../src/project/read.ts';

interface Example {
  readonly language: string;
  readonly options: readonly string[];
  readonly text: string;
}

/** The headings of the second level with the text below each. */
function sectionsOf(page: string): ReadonlyMap<string, string> {
  const parts = page.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n') + 1)]));
}

/** The code blocks of a section. */
function examplesIn(section: string): readonly Example[] {
  return [...section.matchAll(/^```([a-z]*)([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', options = '', text = '']) => {
      return { language, options: options.trim() === '' ? [] : options.trim().split(/\s+/), text };
    },
  );
}

const schemaModes = ['error', 'warn', 'off'] as const;

function option(options: readonly string[], name: string): string | undefined {
  return options.includes(name) ? options[options.indexOf(name) + 1] : undefined;
}

/** Those of a project file; `--variables` has them as its key of that name does. */
function variablesOf(text: string | undefined): Variables | null {
  if (text === undefined) return null;
  const project = `{"version": 1, "hosts": {"alpha": {"domains": []}}, "variables": ${text}}`;
  return readProject({ name: 'bhyvec.json', text: project }).project?.hosts[0]?.variables ?? null;
}

function compileExample({ language, options, text }: Example, subject: string): readonly Diagnostic[] {
  const bytes = new TextEncoder().encode(text);
  if (language === 'json') {
    const [host, project] = [readHost({ name: 'host.json', text }), readProject({ name: 'bhyvec.json', text })];
    return subject === 'project' ? project.diagnostics : host.diagnostics;
  }
  const compat = option(options, '--compat') === 'libvirt' ? 'libvirt' : undefined;
  const profile = option(options, '--host');
  const read = profile === undefined ? null : readHost({ name: 'host.json', text: profile }, compat);
  if (read?.profile === null) return read.diagnostics;
  const host = read?.profile ?? targetNamed(option(options, '--target') ?? 'freebsd-15.1', compat);
  const schema = schemaModes.find((mode) => mode === option(options, '--schema')) ?? 'error';
  const strict = options.includes('--strict');
  const variables = variablesOf(option(options, '--variables'));
  const all = {
    host,
    dialect: compat ?? 'bhyvec',
    schema,
    strict,
    ...(variables === null ? {} : { variables }),
  } as const;
  return compileBytes('guest.xml', bytes, all).diagnostics;
}

const written = codes().filter((code) => pages[code] !== undefined);

test('every code has a page, and every page a code', () => {
  expect(Object.keys(pages).toSorted()).toEqual([...codes()].toSorted());
});

describe.each(oneOf(3, written))('%s', (code: Code) => {
  const page = pages[code] ?? '';
  const sections = sectionsOf(page);
  const subject = ['profile', 'project'].find((one) => sections.has(`A ${one} that fails`)) ?? 'document';
  const examples = (name: string): readonly Example[] => {
    return examplesIn(sections.get(name) ?? '').filter(({ language }) => language === 'xml' || language === 'json');
  };

  test('has the title and the sections of all pages', () => {
    expect(page.split('\n')[0]).toBe(`# ${code} ${catalogue()[code].name}`);
    expect([...sections.keys()]).toEqual([
      'What it means',
      'Why',
      `A ${subject} that fails`,
      `A ${subject} that works`,
      'Where to read more',
    ]);
    expect([...sections].filter(([, text]) => text.trim() === '')).toEqual([]);
    expect(page.split('\n').filter((line) => line.length > 120 && !line.includes(']('))).toEqual([]);
  });

  test('its first example reports this code and no other', () => {
    for (const example of examples(`A ${subject} that fails`)) {
      const found = compileExample(example, subject);
      expect([...new Set(found.map((diagnostic) => diagnostic.code))]).toEqual([code]);
    }
  });

  test('its second example has no errors', () => {
    for (const example of examples(`A ${subject} that works`)) {
      const found = compileExample(example, subject);
      expect(found.filter((diagnostic) => diagnostic.severity === 'error' || diagnostic.code === code)).toEqual([]);
    }
  });
});
