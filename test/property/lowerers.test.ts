/** Nothing gets lost in lowering: each step is taken out in turn, and what it would have used is reported. */
import { expect, test } from 'vitest';
import { dialectOf } from '../../src/dialect/dialect.ts';
import { createReporter, type Diagnostic } from '../../src/diagnostics/reporter.ts';
import { reportUnused } from '../../src/frontend/accounts.ts';
import { degreesOf } from '../../src/frontend/degrees.ts';
import type { CompleteDomain } from '../../src/passes/complete/complete-domain.ts';
import type { Context } from '../../src/passes/context.ts';
import { lowerDomain, lowerers, type Lowerers } from '../../src/passes/lower/index.ts';
import { createUses } from '../../src/passes/uses.ts';
import type { XmlElement } from '../../src/frontend/xml/tree.ts';
import { noStorage } from '../../src/ir/storage/storage-plan.ts';
import { findCases } from '../golden/case.ts';
import { compiledCase, hostOf } from '../golden/run.ts';

interface Completed {
  readonly name: string;
  readonly context: Omit<Context, 'reporter' | 'uses'>;
  readonly root: XmlElement;
  readonly domain: CompleteDomain;
}

const documents = findCases().flatMap((one): readonly Completed[] =>
  one.dialects.flatMap((name) => {
    const { stages, plan } = compiledCase(one, name);
    const { parse: root, complete: domain } = stages;
    if (root === null || domain === null || plan === null) return [];
    const context = {
      host: hostOf(one, name),
      dialect: dialectOf(name),
      passwords: new Map<string, string>(),
      hardware: new Map<string, never>(),
      networks: new Map<string, never>(),
      storage: noStorage,
      isTaken: () => false,
    };
    return [{ name: `${one.name} ${name}`, context, root, domain }];
  }),
);

function lowered({ context: given, root, domain }: Completed, steps: Lowerers): readonly Diagnostic[] {
  const reporter = createReporter({ strict: false });
  const context: Context = { ...given, reporter, uses: createUses() };
  lowerDomain(domain, context, steps);
  const known = { degrees: degreesOf(root), flagged: new Set<never>(), gravest: 'error' } as const;
  reportUnused(root, known, context.uses, reporter);
  return reporter.diagnostics;
}

/** Each step replaced by one that uses nothing. */
const without: readonly (readonly [string, Partial<Lowerers>])[] = [
  ['serials', { serials: () => [] }],
  ['bootrom', { bootrom: () => [] }],
  ['loader', { loader: () => ({ kind: 'none' }) }],
  ['cpus', { cpus: ({ domain }) => ({ count: 1, topology: null, pins: [], affinity: null, origins: [domain.at] }) }],
  [
    'memory',
    {
      memory: ({ domain: { at } }) => {
        return { mib: 1n, wired: false, suffix: true, numa: [], origins: [at], wiredOrigins: [at] };
      },
    },
  ],
  ['keyboard', { keyboard: () => null }],
  ['smbios', { smbios: () => [] }],
  ['hostdevs', { hostdevs: () => [] }],
  ['lifecycle', { lifecycle: () => ({ onPoweroff: 'destroy', onReboot: 'restart', onCrash: 'destroy' }) }],
  ['limits', { limits: () => [] }],
  ['scheduling', { scheduling: () => ({ priority: null, memoryDomains: null }) }],
  ['raw', { raw: () => [] }],
  ['rawSlots', { rawSlots: () => [] }],
  ['platform', { platform: () => ({ uuid: null, acpiOption: null, acpi: true, ignoreMsrs: null, utc: null }) }],
  ...(['beforeSerials', 'afterSerials'] as const).flatMap((list) =>
    Object.keys(lowerers[list]).map((name): readonly [string, Partial<Lowerers>] => [
      name,
      { [list]: { ...lowerers[list], [name]: () => [] } },
    ]),
  ),
];

test('no step is missing in this test', () => {
  const all = Object.keys({ ...lowerers, ...lowerers.beforeSerials, ...lowerers.afterSerials });
  expect(without.map(([name]) => name).toSorted()).toEqual(
    all.filter((name) => !['beforeSerials', 'afterSerials'].includes(name)).toSorted(),
  );
});

const keyOf = ({ code, span }: Diagnostic): string => `${code} ${String(span.start)}`;
/** What is reported with all steps, of each document. */
const whole = documents.map((document) => ({ document, before: new Set(lowered(document, lowerers).map(keyOf)) }));

/** Slots that devices which bhyve does not have, or the user's own words, keep: no part of the XML is used by them alone. */
const keepsSlots = ['others', 'rawSlots'];

test.each(without.filter(([name]) => !keepsSlots.includes(name)))('without %s something is reported', (_, step) => {
  const isLost = ({ document, before }: (typeof whole)[number]): boolean =>
    lowered(document, { ...lowerers, ...step }).some((found) => !before.has(keyOf(found)));
  expect(whole.some(isLost)).toBe(true);
});
