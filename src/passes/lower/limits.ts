/**
 * Limits for rctl(8). It counts a process: what the XML says of the whole guest is enforced as it stands, what it says of one disk
 * where that is all the guest has, and a quota of vCPUs as their sum. Reports: BV0841 to BV0844, BV1302, BV1577, BV1582.
 */
import type { Located, Span } from '../../diagnostics/source.ts';
import { sayingOf } from '../../diagnostics/sayings.ts';
import type { Bandwidth } from '../../frontend/elements/cputune.ts';
import type { Disk } from '../../frontend/elements/disk.ts';
import type { Iotune } from '../../frontend/elements/iotune.ts';
import type { BlkioDevice } from '../../frontend/elements/tuning.ts';
import type { ResourceRule } from '../../ir/plan.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';

/** The rules, in the order in which libvirt sets those that it knows. */
export function lowerLimits(domain: CompleteDomain, context: Context): readonly ResourceRule[] {
  const all = [
    ...blkioRules(domain, context),
    ...memoryRules(domain, context),
    ...iotuneRules(domain, context),
    ...cpuRules(domain, context),
  ];
  const limited = domain.domain.blkio[0]?.at ?? all[0]?.origins[0];
  if (limited !== undefined && !context.host.privileged) context.reporter.report('BV0844', limited, {});
  return all;
}

type Throttles = Pick<Iotune, 'readIops' | 'writeIops' | 'readBps' | 'writeBps'>;

function throttles(from: Throttles, { uses }: Context): readonly ResourceRule[] {
  const { readIops, writeIops, readBps, writeBps } = from;
  const named = { readiops: readIops, writeiops: writeIops, readbps: readBps, writebps: writeBps };
  return Object.entries(named).flatMap(([resource, limit]): readonly ResourceRule[] => {
    uses.take(limit);
    if (limit === null || limit.value === 0) return [];
    return [{ rule: `${resource}:throttle=${String(limit.value)}`, origins: [limit.at] }];
  });
}

function blkioRules(domain: CompleteDomain, context: Context): readonly ResourceRule[] {
  const { reporter, uses } = context;
  const [device, second] = domain.domain.blkio;
  if (second !== undefined) reporter.report('BV0841', second.at, {});
  if (device === undefined) return [];
  if (!isWholeGuest(device, domain, context)) reporter.report('BV0841', device.path.at, {});
  if (device.weight !== null && device.weight.value !== 0) reporter.report('BV0842', device.weight.at, {});
  for (const part of [device.path, device.weight]) uses.take(part);
  return throttles(device, context);
}

function isWholeGuest({ path }: BlkioDevice, domain: CompleteDomain, { dialect }: Context): boolean {
  if (path.value === '*') return true;
  return dialect.ours('process-limits') && onlyDisk(domain)?.source.path?.value === path.value;
}

/** The disk that does all reading and writing of the guest; null where there are others, or shared directories. */
function onlyDisk({ domain, disks }: CompleteDomain): Disk | null {
  const [first, second] = disks.filter(({ disk }) => hasSource(disk));
  return first === undefined || second !== undefined || domain.devices.filesystems.length > 0 ? null : first.disk;
}

function hasSource({ source }: Disk): boolean {
  return source.path !== null || source.volume !== null;
}

function memoryRules({ domain }: CompleteDomain, { dialect, reporter }: Context): readonly ResourceRule[] {
  const { hardLimitKib, others } = domain.memtune;
  const { memoryKib } = domain;
  for (const { name, at } of others) reporter.report('BV0843', at, { name });
  if (hardLimitKib === null) return [];
  if (memoryKib !== null && hardLimitKib.value < memoryKib.value && dialect.ours('process-limits')) {
    // In the larger unit only where both are whole in it: two numbers that differ are shown as such.
    const isWhole = [hardLimitKib, memoryKib].every(({ value }) => value % 1024n === 0n);
    const shown = (kib: bigint): string => (isWhole ? `${String(kib / 1024n)} MiB` : `${String(kib)} KiB`);
    const notes = [{ span: memoryKib.at, text: 'its memory' }];
    reporter.report(
      'BV1582',
      hardLimitKib.at,
      { limit: shown(hardLimitKib.value), memory: shown(memoryKib.value) },
      { notes },
    );
  }
  return [{ rule: `memoryuse:deny=${String(hardLimitKib.value * 1024n)}`, origins: [hardLimitKib.at] }];
}

function iotuneRules(domain: CompleteDomain, context: Context): readonly ResourceRule[] {
  if (!context.dialect.ours('process-limits')) return [];
  const all = domain.disks.map(({ disk }) => disk).filter(hasSource);
  const tuned = all.flatMap(({ iotune }) => iotune ?? []);
  const [first] = tuned;
  if (first === undefined) return [];
  if (onlyDisk(domain) === null && !isOneGroup(all, domain)) {
    for (const { at } of tuned) tellNotEnforced('<iotune>', at, ofAllDisks, context);
    return [];
  }
  for (const { at, group } of tuned) {
    // A group of one disk is none.
    if (tuned.length > 1) context.uses.take(group);
    context.uses.take(at);
  }
  const rules = tuned.flatMap((one) => throttles(one, context));
  const known = new Set<string>();
  return rules.filter(({ rule }) => known.size < known.add(rule).size);
}

const ofAllDisks = 'use <blkiotune> with <path>*</path>, which limits all disks together, or remove it';

/** libvirt: the disks of a group have its limits together. */
function isOneGroup(disks: readonly Disk[], { domain }: CompleteDomain): boolean {
  const groups = new Set(disks.map(({ iotune }) => iotune?.group?.value));
  return groups.size === 1 && !groups.has(undefined) && domain.devices.filesystems.length === 0;
}

/** The period where a quota stands alone, in microseconds; libvirt, "CPU Tuning". */
const usualPeriod = 100_000;

/** Percent of one CPU. */
function cpuRules({ domain }: CompleteDomain, context: Context): readonly ResourceRule[] {
  if (!context.dialect.ours('process-limits')) return [];
  const { cputune, vcpus } = domain;
  const count = vcpus.current.value;
  const ofVcpus = pcpuRules(cputune.ofVcpus, count, context);
  const [shared] = ofVcpus;
  if (shared !== undefined && count > 1) {
    const extent = `${String(count)} vCPUs share it`;
    context.reporter.report('BV1577', shared.origins[0], { what: '<quota>', extent });
  }
  return [...pcpuRules(cputune.ofGuest, 1, context), ...ofVcpus];
}

function pcpuRules({ period, quota }: Bandwidth, factor: number, { uses }: Context): readonly ResourceRule[] {
  for (const part of [period, quota]) uses.take(part);
  // Without a quota there is none to count in the period; zero and less are libvirt's words for no limit.
  if (quota === null || quota.value <= 0) return [];
  const length = period === null || period.value === 0 ? usualPeriod : period.value;
  const percent = Math.round((100 * factor * quota.value) / length);
  return [{ rule: `pcpu:deny=${String(Math.max(1, percent))}`, origins: originsOf(quota, period) }];
}

function originsOf(quota: Located<number>, period: Located<number> | null): ResourceRule['origins'] {
  return period === null ? [quota.at] : [quota.at, period.at];
}

/** What rctl(8) cannot count apart. */
function tellNotEnforced(what: string, at: Span, help: string, { reporter, uses }: Context): void {
  uses.leaveOut(at);
  reporter.report('BV1302', at, { what, ...sayingOf('limit', { notYet: false, help }) });
}
