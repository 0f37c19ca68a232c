/**
 * `bhyve -k bhyve.conf NAME` and the command line mean the same: for every example, golden case and, where they are
 * present, every complete document of the conformance corpus, the bhyve of the stand-in host ends with the same
 * configuration, key by key. Words that no key can say stand beside `-k`, as the file says in a comment.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { configBackend, configLine } from '../../src/backends/config/emit.ts';
import { compileBytes } from '../../src/cli/stages.ts';
import { readHostProfile } from '../../src/host/read.ts';
import { createReporter } from '../../src/diagnostics/reporter.ts';
import type { HostProfile } from '../../src/host/profile.ts';
import { targetProfile } from '../../src/host/targets.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { findCases, goldenFolder } from '../golden/case.ts';
import { Refusal } from '../host/lib/config-tree.mjs';
import { readCommandLine } from '../host/lib/options.mjs';
import { releaseNumber } from '../host/lib/releases.mjs';

interface Document {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const targets = ['13.1', '13.2', '14.3', '15.1', 'main', '15.1-arm64', 'main-arm64'].map((name) => `freebsd-${name}`);
const confPath = '/bhyve.conf';

function documentsIn(folder: string): readonly Document[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
}

function compiled({ name, bytes }: Document, host: HostProfile): Plan | null {
  const { compilation } = compileBytes(name, bytes, { host, dialect: 'bhyvec', schema: 'off', strict: false });
  return compilation?.plan ?? null;
}

/** What bhyve makes of the words, by key; what it says where it refuses them. */
function configurationOf({ arch }: Plan, release: string, words: readonly string[], files: ReadonlyMap<string, string>): object {
  const target = { rel: releaseNumber(release), arch, failure: 4, read: (file: string) => files.get(file) };
  try {
    return Object.fromEntries(readCommandLine([...words], target).values);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.message };
  }
}

function compare(plan: Plan, release: string): string {
  const [conf] = configBackend.emit(plan);
  if (conf === undefined) throw new Error('no configuration file');
  const secrets = plan.steps.flatMap((step) => (step.kind === 'secrets' ? [step] : []));
  const files = new Map([
    [confPath, conf.text],
    ...secrets.map(({ path: name, entries }) => [name, entries.map(configLine).join('')] as const),
  ]);
  const others = plan.settings.filter(
    ({ entries, words }) => entries.length === 0 && !secrets.some(({ path: name }) => words.includes(name)),
  );
  const argv = plan.bhyve.words.map(({ text }) => text);
  const fromFile = ['-k', confPath, ...others.flatMap(({ words }) => words), plan.vmname];
  const expected = configurationOf(plan, release, argv, files);
  const actual = configurationOf(plan, release, fromFile, files);
  return JSON.stringify(expected) === JSON.stringify(actual) ? 'equal' : JSON.stringify([expected, actual], null, 1);
}

test('x', () => {
  const docs = [...documentsIn(path.join(root,'examples')), ...documentsIn(path.join(root, '../shared/conformance/wild')), ...findCases().map(({name, bytes})=>({name, bytes}))];
  const t0 = performance.now();
  let n = 0, none = 0; const bad: string[] = [];
  for (const t of targets) {
    const host = targetProfile(t); if (host === null) throw new Error(t);
    let ok = 0;
    for (const d of docs) {
      const plan = compiled(d, host);
      if (plan === null) { none++; continue; }
      n++; ok++;
      const [conf] = configBackend.emit(plan);
      const secrets = plan.steps.flatMap((step) => (step.kind === 'secrets' ? [step] : []));
  const files = new Map([
    [confPath, conf!.text],
    ...secrets.map(({ path: name, entries }) => [name, entries.map(configLine).join('')] as const),
  ]);
  const others = plan.settings.filter(
    ({ entries, words }) => entries.length === 0 && !secrets.some(({ path: name }) => words.includes(name)),
  );
  const argv = plan.bhyve.words.map(({ text }) => text);
  const fromFile = ['-k', confPath, ...others.flatMap(({ words }) => words), plan.vmname];
  const a = configurationOf(plan, host.release!, argv, files) as any;
  const b = configurationOf(plan, host.release!, fromFile, files) as any;
  const diffs = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(k=>a[k]!==b[k]).map(k=>`${k}: argv ${a[k]} conf ${b[k]}`);
  if (diffs.length) bad.push(`${t} ${d.name}: ${diffs.join(' | ')}`);
  if (a.refused) bad.push(`BOTH? ${t} ${d.name} ${a.refused} ${b.refused} ${argv.join(' ').slice(0,200)}`);
    }
    console.log(t, ok);
  }
  console.log(n, none, performance.now()-t0); console.log(bad.length, bad.slice(0,80).join('\n'));
}, 200000);
