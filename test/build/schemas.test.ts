/** The published schemas of plan.json and manifest.json: what a build writes fits them, and a plan loses nothing but secrets. */
import { compileBytes } from '../../src/compile/compile.ts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { full, oneOf, size } from '../full.ts';
import { root } from '../../scripts/bundling.mjs';
import { backends } from '../../src/backends/index.ts';
import { planBackend } from '../../src/backends/plan-file/emit.ts';
import { readPlan } from '../../src/backends/plan-file/read.ts';
import { buildTree } from '../../src/backends/tree.ts';
import { targetProfile } from '../../src/host/targets.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { textOf, type Piece } from '../../src/ir/words.ts';
import { compiledCase } from '../golden/run.ts';
import { lockText } from '../../src/hardware/lock-text.ts';
import { findCases } from '../golden/case.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });

function schema(name: string): ValidateFunction {
  return ajv.compile(JSON.parse(readFileSync(path.join(root, 'schemas', name), 'utf8')) as object);
}

const fitsPlan = schema('plan.schema.json');
const fitsManifest = schema('manifest.schema.json');

function planFile(plan: Plan): Record<string, unknown> {
  return JSON.parse(planBackend.emit(plan)[0]?.text ?? '') as Record<string, unknown>;
}

/** What a plan says, apart from places: words as their texts, with the kinds of their pieces. */
function meaningOf(plan: Plan): unknown {
  return JSON.parse(
    JSON.stringify(plan, (key, value: unknown) => (key === 'origins' || key === 'at' ? undefined : value)),
    (key, value: unknown) => (key === 'pieces' && isPieces(value) ? wordMeaning(value) : value),
  );
}

function isPieces(value: unknown): value is readonly Piece[] {
  return Array.isArray(value);
}

function wordMeaning(pieces: readonly Piece[]): unknown {
  return { text: textOf(pieces), more: pieces.filter(({ kind }) => kind !== 'text') };
}

/** The VNC passwords of a plan, which its file does not have. */
function passwordOf({ bhyve, settings }: Plan): string | null {
  const inWords = bhyve.words.flatMap(({ pieces }) => pieces.filter(({ kind }) => kind === 'secret'));
  const entry = settings.flatMap(({ entries }) => entries).find(({ secret }) => secret === true);
  return inWords[0] === undefined ? (entry?.value ?? null) : textOf(inWords.slice(0, 1));
}

/** Golden cases in both dialects as they are, and in ours for an old release, where passwords stand in words. */
function allPlans(): readonly Plan[] {
  const old = targetProfile('freebsd-12.4');
  if (old === null) throw new Error('no such target');
  return oneOf(4, findCases()).flatMap((one, nth) => {
    const options = { host: old, dialect: 'bhyvec', schema: 'off', strict: false } as const;
    const compiled = [
      ...one.dialects.map((dialect) => compiledCase(one, dialect)),
      ...(full || nth % 3 === 0 ? [compileBytes('x', one.bytes, options)] : []),
    ];
    return compiled.flatMap(({ plan }) => plan ?? []);
  });
}

const plans = allPlans();

test('plans of all golden cases fit the schema, and hold all that the plan holds', () => {
  expect(plans.length).toBeGreaterThan(size(75, 300));
  const kinds = new Set<string>();
  const refused = new Set<string>();
  for (const plan of plans) {
    const file = planFile(plan);
    // libvirt's dialect takes names that no build would write.
    if (/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(plan.vmname)) {
      expect([plan.vmname, fitsPlan(file), ajv.errorsText(fitsPlan.errors)]).toEqual([plan.vmname, true, 'No errors']);
    }
    expect(file['version']).toBe(3);
    const password = passwordOf(plan);
    if (password !== null) expect(JSON.stringify(file)).not.toContain(`password=${password}`);
    const read = readPlan(JSON.stringify(file), () => password);
    // libvirt's dialect takes what no build would write, such as a name that is none.
    if (!read.ok) refused.add(read.problem.replaceAll(/\d+/g, 'N'));
    else expect(meaningOf(read.plan)).toEqual(meaningOf(plan));
    for (const { kind } of plan.steps) kinds.add(kind);
  }
  expect([...refused].filter((problem) => problem !== 'vmname is not the name of a guest')).toEqual([]);
  // Each kind of step that was seen is in the schema, and in a full run each that the schema knows has been seen.
  const steps = JSON.parse(readFileSync(path.join(root, 'schemas/plan.schema.json'), 'utf8')) as {
    properties: { steps: { items: { anyOf: { properties: { kind: { const: string } } }[] } } };
  };
  const known = steps.properties.steps.items.anyOf.map(({ properties }) => properties.kind.const);
  expect([...kinds].filter((kind) => !known.includes(kind))).toEqual([]);
  if (full) expect([...kinds].toSorted()).toEqual(known.toSorted());
});

test('manifests fit the schema', () => {
  for (const plan of oneOf(
    2,
    plans.filter(({ vmname }) => /^\w[\w.-]*$/.test(vmname)),
  )) {
    const text = [...buildTree([plan], backends, () => '0'.repeat(64))].at(-1)?.text ?? '';
    const fits = fitsManifest(JSON.parse(text));
    expect([plan.vmname, fits, ajv.errorsText(fitsManifest.errors)]).toEqual([plan.vmname, true, 'No errors']);
  }
});

test('locks of all golden cases fit the schema', () => {
  const fitsLock = schema('lock.schema.json');
  for (const one of oneOf(4, findCases())) {
    const { hardware } = compiledCase(one, 'bhyvec').stages.allocate ?? {};
    if (hardware === undefined) continue;
    const text = lockText(new Map([['guest', hardware]]));
    expect([one.name, fitsLock(JSON.parse(text)), fitsLock.errors]).toEqual([one.name, true, null]);
  }
});
