/** The scripts of the cases with `show: launch` and `show: rc.d` go every way that the templates have. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { launcherView } from '../../src/backends/launcher/view.ts';
import { rcdView } from '../../src/backends/rcd/view.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { stepKinds } from '../../src/ir/steps/index.ts';
import { branchesOf, takenBranches } from './branches.ts';
import { findCases } from './case.ts';
import { compiledCase } from './run.ts';

const plansWith = (script: 'launch' | 'rc.d'): readonly Plan[] =>
  findCases().flatMap((one) => {
    const plan = one.shows.includes(script) ? compiledCase(one, one.dialects[0]).plan : null;
    return plan === null ? [] : [plan];
  });

/** The files of a folder below templates/, by their name without the end. */
function partialsIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(path.join(root, 'templates', folder)).filter((name) => name.endsWith('.sh.hbs'));
  return Object.fromEntries(names.map((name) => [name.slice(0, -'.sh.hbs'.length), `${folder}/${name}`]));
}

const partials = partialsIn('partials');
const ofKinds = partialsIn('steps');
/** The file of each kind of step; that of a kernel module is not called `module`, which is a word of Node. */
const fileOf = (kind: string): string => ofKinds[kind] ?? ofKinds[`kernel-${kind}`] ?? '';

test('each kind of step has its functions', () => {
  expect(stepKinds.map(fileOf).toSorted()).toEqual(Object.values(ofKinds).toSorted());
});

test('every branch of the templates is in a case', () => {
  const ofLaunchers = plansWith('launch').flatMap((plan) => {
    const view = launcherView(plan);
    return [
      ...takenBranches({ file: 'launcher.sh.hbs', partials }, view),
      ...stepKinds.flatMap((kind) => [...takenBranches({ file: fileOf(kind), partials }, view.kinds[kind])]),
    ];
  });
  const ofServices = plansWith('rc.d').flatMap((plan) => [
    ...takenBranches({ file: 'rc.d.hbs', partials }, rcdView(plan)),
  ]);
  const files = ['launcher.sh.hbs', 'rc.d.hbs', ...Object.values(partials), ...Object.values(ofKinds)];
  const known = new Set([...ofLaunchers, ...ofServices]);
  expect(files.flatMap(branchesOf).filter((branch) => !known.has(branch))).toEqual([]);
});
