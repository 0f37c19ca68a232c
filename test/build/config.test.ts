/**
 * `bhyve -k bhyve.conf NAME` and the command line mean the same: for every example, golden case and, where they are
 * present, every complete document of the conformance corpus, the bhyve of the stand-in host ends with the same
 * configuration, key by key. Words that no key can say stand beside `-k`, as the file says in a comment.
 */
import { compileBytes } from '../../src/compile/compile.ts';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { full, size } from '../full.ts';
import { root } from '../../scripts/bundling.mjs';
import { builtInTargets, targetProfile } from '../../src/host/targets.ts';
import { stepsOf } from '../../src/ir/steps/index.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { findCases } from '../golden/case.ts';
import { createHost, type Host } from '../host/host.ts';
import { differences, startsOf } from './configurations.ts';

interface Document {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const targets = !full
  ? ['13.1', '13.2', '14.3', '15.1', 'main', '15.1-arm64', 'main-arm64'].map((name) => `freebsd-${name}`)
  : builtInTargets.flatMap(({ name }) => (targetProfile(name)?.capabilities.has('config-file') ? [name] : []));
const documents: readonly Document[] = [
  ...documentsIn(path.join(root, 'examples')),
  ...documentsIn(path.join(root, '../shared/conformance/wild')),
  ...findCases().map(({ name, bytes }) => ({ name, bytes })),
];

function documentsIn(folder: string): readonly Document[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
}

/** The plans of all documents that compile for a target. */
function plansFor(target: string): readonly { readonly name: string; readonly plan: Plan }[] {
  const host = targetProfile(target);
  if (host === null) throw new Error(`no target ${target}`);
  // In a sample each third document has one of the targets, in turn.
  const shift = targets.indexOf(target);
  return documents.flatMap(({ name, bytes }, nth) => {
    if (!full && (nth + shift) % (3 * targets.length) !== 0) return [];
    const options = { host, dialect: 'bhyvec', schema: 'off', strict: false } as const;
    const plan = compileBytes(name, bytes, options).plan;
    return plan === null ? [] : [{ name, plan }];
  });
}

const counts: string[] = [];

test.each(targets)('file and command line give the same configuration on %s', (target) => {
  const plans = plansFor(target);
  const differing = plans.map(({ name, plan }) => ({ name, differences: differences(plan) }));
  expect(differing.filter((one) => one.differences.length > 0)).toEqual([]);
  expect(plans.length).toBeGreaterThan(size(5, 120));
  counts.push(`${target} ${String(plans.length)}`);
});

test('the programs themselves agree for the examples', async () => {
  const plans = plansFor('freebsd-14.3').filter(({ name }) => name.endsWith('.xml'));
  const host = createHost({ release: '14.3' });
  try {
    for (const { plan } of plans.slice(0, 6)) {
      const { fromWords, fromFile, files } = startsOf(plan);
      for (const [name, text] of files) placeFile(host, name, text);
      // bhyve reads these before it shows anything.
      for (const { path: name } of stepsOf(plan.steps, 'file').filter(({ purpose }) => purpose === 'fwcfg')) {
        placeFile(host, name, '{}');
      }
      const dump = async (words: readonly string[]): Promise<string> => {
        const { status, stdout, stderr } = await host.run('bhyve', ['-o', 'config.dump=1', ...words]);
        expect([status, stderr]).toEqual([1, '']);
        return stdout;
      };
      expect(await dump(fromFile)).toBe(await dump(fromWords));
    }
  } finally {
    host.dispose();
  }
});

function placeFile(host: Host, name: string, text: string): void {
  mkdirSync(path.dirname(host.path(name)), { recursive: true });
  writeFileSync(host.path(name), text);
}

afterAll(() => {
  console.log(`configurations compared: ${counts.join(', ')}`);
});
