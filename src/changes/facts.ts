/**
 * What is true of one run of a guest, fact by fact: what the guest sees, what only its host sees. Read off the plan, in bhyve's
 * own keys (bhyve_config(5)), so that nothing that bhyve is told can change without a fact.
 */
import type { Plan } from '../ir/plan.ts';
import { shownEntry, type ConfigEntry } from '../ir/settings.ts';
import { shownText } from '../ir/words.ts';
import { unitsOf, type Unit } from './units.ts';

/** What a change means, from the least to the gravest. */
export const degrees = ['nothing', 'host-only', 'needs-restart', 'guest-visible', 'may-lose-data'] as const;

/** One of {@link degrees}. */
export type Degree = (typeof degrees)[number];

/** One thing that is true of a guest. */
export interface Fact {
  /** The same before and after, whatever else is true. */
  readonly key: string;
  /** What people call it: `vCPUs`. */
  readonly what: string;
  readonly value: string;
  /** What it means that this changes. */
  readonly degree: Degree;
}

/** All of a guest: the devices that it can tell from each other, and the other facts. */
export interface GuestFacts {
  readonly units: readonly Unit[];
  readonly facts: readonly Fact[];
}

/** Reads the facts off a plan. */
export function guestFactsOf(plan: Plan): GuestFacts {
  const entries = plan.settings.flatMap((setting) => setting.entries.map(shownEntry));
  const facts = [topologyOf(entries), ...toldFacts(plan, entries), ...hostFacts(plan)];
  return { units: unitsOf(entries), facts: uniqueFacts(facts) };
}

/** How the vCPUs stand in sockets and cores: operating systems and licences count them. */
function topologyOf(entries: readonly ConfigEntry[]): Fact {
  const numberOf = (key: string): number => Number(entries.findLast((entry) => entry.key === key)?.value ?? 1);
  const [sockets, cores, threads] = [numberOf('sockets'), numberOf('cores'), numberOf('threads')];
  const told = [counted(sockets, 'socket'), counted(cores, 'core'), counted(threads, 'thread')].join(' of ');
  const value = cores * threads === 1 ? 'a socket for each vCPU' : told;
  return { key: 'topology', what: 'CPU topology', value, degree: 'guest-visible' };
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Keys that come more than once are one fact with all values. */
function uniqueFacts(facts: readonly Fact[]): readonly Fact[] {
  const byKey = new Map<string, Fact>();
  for (const fact of facts) {
    const known = byKey.get(fact.key);
    byKey.set(fact.key, known === undefined ? fact : { ...known, value: `${known.value} ${fact.value}` });
  }
  return [...byKey.values()];
}

/** What is meant by keys of bhyve_config(5), beside those of devices; the first prefix that fits. */
const keys: readonly (readonly [prefix: string, what: string, degree: Degree])[] = [
  ['cpus', 'vCPUs', 'needs-restart'],
  ['memory.size', 'memory', 'needs-restart'],
  ['memory.wired', 'wired memory', 'host-only'],
  ['vcpu.', 'pinning', 'host-only'],
  ['uuid', 'UUID', 'guest-visible'],
  ['bootrom', 'boot ROM', 'guest-visible'],
  ['lpc.com', 'serial port', 'host-only'],
  ['console', 'serial port', 'host-only'],
  ['tpm.', 'TPM', 'may-lose-data'],
  ['keyboard.layout', 'keyboard layout', 'host-only'],
  ['rundir', 'run directory', 'host-only'],
  ['monitor', 'monitor mode', 'host-only'],
];

function toldFacts({ settings }: Plan, entries: readonly ConfigEntry[]): readonly Fact[] {
  const told = entries
    .filter(({ key }) => !key.startsWith('pci.') && !/^(?:(?:lpc\.)?bootvars|sockets|cores|threads)$/.test(key))
    .map(({ key, value }): Fact => {
      // Before 15.0 the boot ROM hangs off the LPC bridge; the guest sees the same.
      const name = key.replace(/^lpc\.(?=bootrom)/, '');
      const [, what, degree] = keys.find(([prefix]) => name.startsWith(prefix)) ?? [key, key, 'needs-restart'];
      return {
        key: name,
        what: what === 'serial port' ? `${what} ${key.split('.')[1] ?? ''}`.trim() : what,
        value,
        degree,
      };
    });
  // The user's own words may have no key.
  const others = settings
    .filter(({ entries: own }) => own.length === 0)
    .map(({ words }): Fact => {
      const value = words.map(({ pieces }) => shownText(pieces)).join(' ');
      return { key: `words ${value}`, what: `words '${value}'`, value, degree: 'guest-visible' };
    });
  return [...told, ...others];
}

/** What only the host sees. */
function hostFacts(plan: Plan): readonly Fact[] {
  const { loader, cpuset, limits, startAfter, onPoweroff, onReboot, onCrash, steps, target, configFile } = plan;
  const fact = (what: string, value: string, degree: Degree = 'host-only'): Fact => ({
    key: what,
    what,
    value,
    degree,
  });
  const words = loader === null ? [] : [loader.program, ...loader.words];
  return [
    fact('host', target),
    fact('loader', words.map(({ pieces }) => shownText(pieces)).join(' '), 'needs-restart'),
    fact('CPUs of the host', cpuset ?? 'all'),
    fact('memory of the host', plan.memoryDomains ?? 'any'),
    fact('priority', plan.priority === null ? '' : `${plan.priority.program} ${String(plan.priority.level)}`),
    fact('limits', limits.map(({ rule }) => rule).join(', ')),
    fact('starts after', startAfter.map(({ value }) => value).join(', ')),
    fact('ends', `poweroff ${onPoweroff}, reboot ${onReboot}, crash ${onCrash}`),
    fact('bhyve.conf', String(configFile)),
    ...steps.flatMap((step): readonly Fact[] => {
      if (step.kind === 'tap')
        return [
          fact(
            `tap ${step.name}`,
            `on ${step.bridge ?? 'no bridge'}${step.mtu === null ? '' : `, MTU ${String(step.mtu)}`}`,
          ),
        ];
      if (step.kind === 'seed') {
        const told = step.files.map(({ name, size, digest }) => `${name} ${digest ?? `of ${String(size)} bytes`}`);
        return [fact('cloud-init', told.join(', '), 'guest-visible')];
      }
      if (step.kind === 'grub-config')
        return [fact('kernel', step.text.trimEnd().replaceAll('\n', '; '), 'guest-visible')];
      if (step.kind === 'nvram') return [{ ...fact('UEFI variables', step.path, 'may-lose-data'), key: 'nvram' }];
      return [];
    }),
  ];
}
