/** The explain pages of the syntax: the first document of each reports exactly its code, the second nothing. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { syntax } from '../../diagnostics/catalogue/bv01-syntax.ts';
import { createReporter } from '../../diagnostics/reporter.ts';
import { decodeSource } from './decode.ts';
import { parseXml } from './parse.ts';

function report(text: string): readonly string[] {
  const reporter = createReporter({ strict: false });
  const source = decodeSource('page.xml', new TextEncoder().encode(text), reporter);
  if (source !== null) parseXml(source, reporter);
  return reporter.diagnostics.map(({ code }) => code);
}

function blockUnder(page: string, title: string): string | null {
  const section = page.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
  return /^```xml\n([\s\S]*?)\n```$/m.exec(section)?.[1] ?? null;
}

describe('the explain page of', () => {
  it.each(Object.entries(syntax()))('%s is true', (code, { name }) => {
    const page = readFileSync(new URL(`../../diagnostics/explain/${code}.md`, import.meta.url), 'utf8');
    expect(page.startsWith(`# ${code} ${name}\n`)).toBe(true);
    const failing = blockUnder(page, 'A document that fails');
    if (failing === null) expect(page).toContain('No block here:');
    else expect(report(failing)).toEqual([code]);
    expect(report(blockUnder(page, 'A document that works') ?? '')).toEqual([]);
  });
});
