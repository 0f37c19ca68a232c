/**
 * The history of a small host in git, commit by commit: what is edited, what `bhyvec plan` says, and the diffs of lock and build that a
 * reviewer sees. A page of `expected` each; `npm run golden` writes them.
 */
import { createTwoFilesPatch } from 'diff';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runPlan } from '../../../src/cli/commands/plan.ts';
import { renameGuest } from '../../../src/cli/lock/change.ts';
import { plain } from '../../../src/diagnostics/render.ts';
import type { Terminal } from '../../../src/system/terminal.ts';
import { openWorkshop } from '../../build/workshop.ts';
import { commits, type Commit, type Documents } from './commits.ts';

const pages = path.join(import.meta.dirname, 'expected');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined;
/** Characters of a line that are shown: a guest in the manifest is a long one. */
const widest = 150;

const shop = openWorkshop();
afterAll(() => {
  shop.remove();
});

type Files = Readonly<Record<string, string>>;

/** What one commit shows. */
interface Page {
  readonly text: string;
  readonly status: { readonly plan: number; readonly build: number };
  /** Lines of the build that are there afterwards and were not before. */
  readonly changed: number;
}

/** The texts of a folder by path; empty where it is not there. */
function textsOf(folder: string): Files {
  const found = existsSync(shop.at(folder)) ? Object.entries(shop.snapshot(folder)) : [];
  return Object.fromEntries(found.map(([name, text]) => [name.replace(/^\d+ /, ''), text]));
}

const lockOf = (): Files => (existsSync(shop.at('bhyvec.lock')) ? { 'bhyvec.lock': shop.read('bhyvec.lock') } : {});

/** Lines that differ, below the path of each file; of a file that comes or goes the path alone. Hashes are left out. */
function diffOf(before: Files, after: Files): { readonly text: string; readonly changed: number } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  const changes = names.flatMap((name) => {
    const [old, fresh] = [before[name], after[name]];
    if (old === fresh) return [];
    if (old === undefined) return [{ name: `+++ ${name}`, lines: [] }];
    if (fresh === undefined) return [{ name: `--- ${name}`, lines: [] }];
    const lines = createTwoFilesPatch(name, name, old, fresh, '', '', { context: 0 }).split('\n').slice(4);
    return [{ name: `    ${name}`, lines: lines.filter((line) => /^[-+]/.test(line)) }];
  });
  const text = changes.flatMap(({ name, lines }) => [name, ...lines.map(shown)]).join('\n');
  const changed = changes.flatMap(({ lines }) => lines).filter((line) => line.startsWith('+')).length;
  return { text: stable(text), changed };
}

function shown(line: string): string {
  return line.length > widest ? `${line.slice(0, widest)} ...` : line;
}

/** Without what depends on the place of the test, or on every line of the templates. */
function stable(text: string): string {
  return text
    .replaceAll(`${shop.folder}/`, '')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'SHA-256')
    .replaceAll(/\blauncher-[0-9a-f]{16}\b/g, 'launcher-HASH');
}

function fenced(kind: string, text: string): string {
  return text.trim() === '' ? 'Nothing.\n' : `\`\`\`${kind}\n${text.trimEnd()}\n\`\`\`\n`;
}

/** Makes the commit in the folder, and tells what there is to see. */
async function make(
  number: number,
  { title, documents, target, prune = false, rename }: Commit,
  was: Documents,
): Promise<Page> {
  const said: string[] = [];
  const terminal: Terminal = {
    out: (text) => Promise.resolve(void said.push(text)),
    err: (text) => void said.push(text),
    ...{ outPalette: plain, errPalette: plain, doing: null },
  };
  for (const name of Object.keys(was)) rmSync(shop.at(name), { force: true });
  const files = Object.entries(documents).map(([name, text]) => shop.put(name, text));
  const [lock, built] = [lockOf(), textsOf('out')];
  if (rename !== undefined) renameGuest(rename.from, rename.to, shop.at('bhyvec.lock'), terminal);
  const flags = { target, schema: 'error', format: 'text', against: shop.at('out') } as const;
  const plan = await runPlan(files, flags, terminal);
  const build = await shop.build(files, prune ? { target, prune } : { target });
  const tree = diffOf(built, textsOf('out'));
  const told = build.status === 0 ? (build.err.trimEnd().split('\n').at(-1) ?? '') : build.err;
  const command = `bhyvec build *.xml -o out --target ${target}${prune ? ' --prune' : ''}`;
  const text = [
    `# ${String(number)}. ${title}\n`,
    '## What is edited\n',
    fenced('diff', diffOf(was, documents).text),
    ...(rename === undefined ? [] : [fenced('sh', `bhyvec lock rename ${rename.from} ${rename.to}`)]),
    `## bhyvec plan *.xml --against out: exit status ${String(plan)}\n`,
    fenced('text', stable(said.join(''))),
    `## ${command}: exit status ${String(build.status)}\n`,
    fenced('text', stable(told)),
    '## bhyvec.lock\n',
    fenced('diff', diffOf(lock, lockOf()).text),
    `## The build: changed lines: ${String(tree.changed)}\n`,
    fenced('diff', tree.text),
  ].join('\n');
  return { text, status: { plan, build: build.status }, changed: tree.changed };
}

test('each commit shows a reviewer what it does', async () => {
  mkdirSync(pages, { recursive: true });
  let was: Documents = {};
  const made: { readonly name: string; readonly page: Page }[] = [];
  for (const [i, commit] of commits.entries()) {
    const name = `${String(i + 1).padStart(2, '0')}-${commit.name}.md`;
    made.push({ name, page: await make(i + 1, commit, was) });
    was = commit.documents;
  }
  if (isUpdate) for (const { name, page } of made) writeFileSync(path.join(pages, name), page.text);
  for (const { name, page } of made) expect(page.text, name).toBe(readFileSync(path.join(pages, name), 'utf8'));
  expect(readdirSync(pages).toSorted()).toEqual(made.map(({ name }) => name));

  const pageOf = (name: string): Page | undefined => made.find((one) => one.name.endsWith(`-${name}.md`))?.page;
  for (const name of ['comment', 'reorder']) {
    expect(pageOf(name), name).toMatchObject({ status: { plan: 0, build: 0 }, changed: 0 });
  }
  expect(pageOf('vcpu')).toMatchObject({ status: { plan: 2, build: 0 } });
  expect(pageOf('vcpu')?.changed).toBeLessThan(10);
  for (const [i, { name, page }] of made.entries()) {
    const isRefused = commits[i]?.isRefused === true;
    expect([name, page.status.build]).toEqual([name, isRefused ? 1 : 0]);
    if (isRefused) expect([name, page.status.plan, page.changed]).toEqual([name, 1, 0]);
  }
});
