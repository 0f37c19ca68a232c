/** The explain pages of the codes of a host profile show what they say. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostProfile as entries } from '../diagnostics/catalogue/bv10-host-profile.ts';
import { read } from './read.testing.ts';

describe('explain pages', () => {
  const folder = 'src/diagnostics/explain';
  const pages = readdirSync(folder).filter((name) => /^BV10[0-3]/.test(name));

  test('there is one for each code', () => {
    expect(pages.toSorted()).toEqual(Object.keys(entries()).map((code) => `${code}.md`));
  });

  test.each(pages)('%s shows a profile that fails and one that works', (name) => {
    const page = readFileSync(`${folder}/${name}`, 'utf8');
    const code = name.slice(0, 6);
    const entry = Object.entries(entries()).find(([candidate]) => candidate === code)?.[1];
    expect(page.split('\n')[0]).toBe(`# ${code} ${entry?.name ?? ''}`);
    expect([...page.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([
      'What it means',
      'Why',
      'A profile that fails',
      'A profile that works',
      'Where to read more',
    ]);
    const [failing = '', working = '', ...rest] = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(
      (match) => match[1],
    );
    expect(rest).toEqual([]);
    expect(read(failing).diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(read(working).diagnostics).toEqual([]);
    expect(read(working).profile).not.toBeNull();
  });
});
