/** Nothing gets lost in lowering: each step is taken out in turn, and what it would have used is reported. */
import { expect, test } from 'vitest';
import { dialectOf, type DialectName } from '../../src/dialect/dialect.ts';
import { createReporter, type Diagnostic } from '../../src/diagnostics/reporter.ts';
import { reportUnused } from '../../src/frontend/accounts.ts';
import { degreesOf } from '../../src/frontend/degrees.ts';
import type { CompleteDomain } from '../../src/passes/complete/complete-domain.ts';
import type { Context } from '../../src/passes/context.ts';
import { lowerDomain, lowerers, type Lowerers } from '../../src/passes/lower/index.ts';
import { createUses } from '../../src/passes/uses.ts';
import type { XmlElement } from '../../src/frontend/xml/tree.ts';
import type { Machine } from '../../src/ir/machine.ts';
import { noStorage } from '../../src/ir/storage/storage-plan.ts';
import { findCases } from '../golden/case.ts';
import { compiledCase, hostOf } from '../golden/run.ts';
import { oneOf } from '../full.ts';

interface Completed {
  readonly name: string;
  readonly dialect: DialectName;
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
    return [{ name: `${one.name} ${name}`, dialect: name, context, root, domain }];
  }),
);

interface Lowered {
  readonly machine: Machine;
  readonly diagnostics: readonly Diagnostic[];
}

function lowered({ context: given, root, domain }: Completed, steps: Lowerers): Lowered {
  const reporter = createReporter({ strict: false });
  const context: Context = { ...given, reporter, uses: createUses() };
  const machine = lowerDomain(domain, context, steps);
  const known = { degrees: degreesOf(root), flagged: new Set<never>(), gravest: 'error' } as const;
  reportUnused(root, known, context.uses, reporter);
  return { machine, diagnostics: reporter.diagnostics };
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
  ['seed of the launcher', { seed: () => null }],
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

/** A step of the two lists has its own name. */
const names = [
  ...Object.keys(lowerers).map((name) => (name === 'seed' ? 'seed of the launcher' : name)),
  ...Object.keys(lowerers.beforeSerials),
  ...Object.keys(lowerers.afterSerials),
].filter((name) => name !== 'beforeSerials' && name !== 'afterSerials');

test('no step is missing in this test', () => {
  expect(without.map(([name]) => name).toSorted()).toEqual(names.toSorted());
});

/** Slots that devices which bhyve does not have, or the user's own words, keep: no part of the XML is used by them alone. */
const keepsSlots = ['others', 'rawSlots'];
/** Steps of which nothing follows under libvirt: what they would use is told there in any case. */
const onlyOurs = ['keyboard', 'limits', 'loneTablet', 'scheduling', 'seed', 'seed of the launcher', 'tpms'];
/** Something follows from these without a word of the XML: the LPC bridge, a vCPU, a loader, memory. */
const implied = ['controllers', 'cpus', 'loader', 'memory'];
/** U-Boot, too. */
const isImplied = (name: string, { domain }: Completed): boolean => name === 'bootrom' && domain.arch === 'arm64';
/** The drive and the launcher use the same files. */
const shared = ['seed'];

const keyOf = ({ code, span }: Diagnostic): string => `${code} ${String(span.start)}`;
/** What is made and reported with all steps, of each document. */
const whole = documents.map((document) => {
  const { machine, diagnostics } = lowered(document, lowerers);
  return { document, machine, before: new Set(diagnostics.map(keyOf)) };
});

/** A machine as text, without the document that it comes from. */
function textOf(machine: Machine): string {
  return JSON.stringify(machine, (key, value: unknown) => {
    if (key === 'source') return null;
    if (typeof value === 'bigint') return String(value);
    return value instanceof Map ? [...value] : value;
  });
}

const isLost = ({ before }: (typeof whole)[number], { diagnostics }: Lowered): boolean =>
  diagnostics.some((found) => !before.has(keyOf(found)));

test.each(
  (['bhyvec', 'libvirt'] as const).flatMap((dialect) =>
    without
      .filter(([name]) => !keepsSlots.includes(name) && (dialect === 'bhyvec' || !onlyOurs.includes(name)))
      .map(([name, step]) => ({ dialect, name, step })),
  ),
)('$dialect: without $name something is reported', ({ dialect, step }) => {
  const ofDialect = whole.filter(({ document }) => document.dialect === dialect);
  expect(ofDialect.some((one) => isLost(one, lowered(one.document, { ...lowerers, ...step })))).toBe(true);
});

test.each(without.filter(([name]) => ![...keepsSlots, ...implied, ...shared].includes(name)))(
  'without %s something is reported in each document of which another machine is made',
  (name, step) => {
    const silent = oneOf(24, whole).filter((one) => {
      const without = lowered(one.document, { ...lowerers, ...step });
      return !isImplied(name, one.document) && !isLost(one, without) && textOf(without.machine) !== textOf(one.machine);
    });
    expect(silent.map(({ document }) => document.name)).toEqual([]);
  },
);
