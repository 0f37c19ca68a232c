/** The catalogue of diagnostics: codes, names and texts keep to the rules that make them findable and alike. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { catalogue, codes } from '../../src/diagnostics/catalogue/index.ts';
import { retired } from '../../src/diagnostics/catalogue/retired.ts';
import { stageOf } from '../../src/diagnostics/catalogue/stages.ts';
import { codeOf, retiredPageOf } from '../../src/diagnostics/explain.ts';
import type { Entry, Subject, Template } from '../../src/diagnostics/message.ts';

const folder = path.join(root, 'src/diagnostics/catalogue');
const stageFiles = readdirSync(folder).filter((name) => /^bv\d\d-[a-z-]+[.]ts$/.test(name));
const entries: readonly (readonly [string, Entry])[] = codes().map((code) => [code, catalogue()[code]]);

/** The codes in the exports of one file. */
async function codesIn(file: string): Promise<readonly string[]> {
  const module = (await import(pathToFileURL(path.join(folder, file)).href)) as Readonly<Record<string, unknown>>;
  const topics = Object.values(module).filter((part): part is () => object => typeof part === 'function');
  return topics.flatMap((topic) => Object.keys(topic()));
}

test.each(stageFiles)('the codes in %s are of the stage that it names, and in the catalogue', async (file) => {
  const own = await codesIn(file);
  expect(own.filter((code) => stageOf(code) !== stageOf(file))).toEqual([]);
  expect(own.filter((code) => !Object.hasOwn(catalogue(), code))).toEqual([]);
  expect(own).toEqual(own.toSorted());
});

test('every code stands in one of the files', async () => {
  const all = (await Promise.all(stageFiles.map(codesIn))).flat();
  expect(all.toSorted()).toEqual([...codes()].toSorted());
});

test('a retired code is no code any more, and leads to codes that are', () => {
  for (const [code, { name, see }] of Object.entries(retired)) {
    expect(codeOf(code), code).toBeNull();
    expect(codeOf(name), name).toBeNull();
    expect(see.filter((word) => codeOf(word) === null)).toEqual([]);
    expect(retiredPageOf(code)).toBe(retiredPageOf(name));
    expect(retiredPageOf(code)).toMatch(new RegExp(`^# ${code} ${name}\n\nNot reported any more since bhyvec `));
  }
});

test('names are unique and in kebab case', () => {
  const names = entries.map(([, { name }]) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

/** A template with the names of its parameters in it. */
function text(template: Template<string>): string {
  return template.format(Object.fromEntries(template.parameters.map((name) => [name, name])));
}

/** The page of a code. */
function explainPage(code: string): string {
  return readFileSync(path.join(root, 'src/diagnostics/explain', `${code}.md`), 'utf8');
}

/** The texts of an entry with the names of their parameters in them. */
function textsOf({ message, label, help }: Entry): readonly string[] {
  return [message, label, help].flatMap((template) => (template === null ? [] : [text(template)]));
}

/** The entries of which one text, or the message, is not as it should be. */
function offenders(isBad: (text: string, isMessage: boolean) => boolean): readonly string[] {
  return entries.flatMap(([code, entry]) => {
    return textsOf(entry).flatMap((one, i) => (isBad(one, i === 0) ? [`${code}: ${one}`] : []));
  });
}

test('texts are plain ASCII and have no full stop at the end', () => {
  expect(offenders((text) => !/^[ -~]*$/.test(text) || /[^.][.]$/.test(text))).toEqual([]);
});

test('texts blame nobody and say more than that a thing is wrong', () => {
  expect(offenders((text) => /\binvalid\b|\bI\b(?!\/O)|\bsorry\b|\bplease enter\b/i.test(text))).toEqual([]);
});

test('messages are short and begin in lower case', () => {
  expect(offenders((text, isMessage) => isMessage && /^(?!FreeBSD|UEFI)[A-Z][a-z]/.test(text))).toEqual([]);
  expect(offenders((text, isMessage) => isMessage && text.length > 110)).toEqual([]);
});

/** Words by which a message says that something cannot be had. */
const refusals = /\b(?:cannot|can only|not supported|one .* only)\b|\bbhyvec? (?:of \w+ )?has (?:no|only)\b/;
/** How a message says who it is. */
const naming: Readonly<Record<Subject, RegExp>> = {
  bhyve: /\bbhyve\b/,
  bhyvec: /\bbhyvec\b/,
  libvirt: /\blibvirt\b/,
  freebsd: /\bFreeBSD\b|\b(?:bridge|rctl)\(\d\)/,
  loader: /\bbhyveload\b|\bgrub-bhyve\b|\bprogram\b/,
  document: /./,
  varies: /\bwho\b/,
};

test('what says that something cannot be had declares who it is that cannot, and names it', () => {
  // Stages 1 and 2 are about the document alone.
  const silent = entries.filter(
    ([code, { cannot, message }]) => cannot === null && stageOf(code) > 2 && refusals.test(text(message)),
  );
  expect(silent.map(([code, { message }]) => `${code}: ${text(message)}`)).toEqual([]);
  const nameless = entries.filter(([, { cannot, message, label }]) => {
    return cannot !== null && !naming[cannot].test(`${text(message)} ${label === null ? '' : text(label)}`);
  });
  expect(nameless.map(([code, { cannot, message }]) => `${code} (${cannot ?? ''}): ${text(message)}`)).toEqual([]);
  const others = entries.filter(([, { cannot, message }]) => {
    const [, subject] = /\b(bhyvec?) (?:cannot|can only|has no)\b/.exec(text(message)) ?? [];
    return subject !== undefined && subject !== cannot;
  });
  expect(others.map(([code, { message }]) => `${code}: ${text(message)}`)).toEqual([]);
});

test('an explain page says the same of who cannot as the message', () => {
  const pages = entries.flatMap(([code, { cannot }]) => {
    const page = explainPage(code);
    const wrong = cannot === 'bhyve' ? /\bbhyvec (?:cannot|has no)\b/ : /\bbhyve (?:cannot|has no)\b/;
    return (cannot === 'bhyve' || cannot === 'bhyvec') && wrong.test(page) ? [code] : [];
  });
  expect(pages).toEqual([]);
});

test('each entry of the stages behind the structure says what a reader can do', () => {
  const silent = entries.filter(([code, { help }]) => stageOf(code) > 2 && stageOf(code) < 9 && help === null);
  expect(silent.map(([code, { message }]) => `${code}: ${text(message)}`)).toEqual([]);
});
