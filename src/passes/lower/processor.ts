/** vCPUs, memory and NUMA (libvirt-compile reference, section 7). Reports: BV0312, BV0820 to BV0829. */
import type { Note } from '../../diagnostics/reporter.ts';
import type { Origins } from '../../diagnostics/source.ts';
import type { NumaCell, Topology } from '../../frontend/elements/cpu.ts';
import type { Cpus, Memory, RawOption } from '../../ir/machine.ts';
import { formatCpuSet, mibOf } from '../../ir/units.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootsFirmware } from './firmware-order.ts';
import { lowerAffinity } from './scheduling.ts';

/** Virtual NUMA domains of bhyve. */
const numaDomains = 8;
/** Memory of a guest that is given none: bhyve(8), option `-m`. */
const defaultMib = 256;
/** From here on a number that is too small for KiB is more likely one of MiB than of GiB. */
const manyGib = 128;
/** vCPUs of a bhyve without the capability `many-vcpus`. */
const vcpusOfOldBhyve = 16;

/** The virtual CPUs, their topology and pins. */
export function lowerCpus(domain: CompleteDomain, context: Context): Cpus {
  const { dialect, host, reporter } = context;
  const { uses } = context;
  const { vcpus, topology, pins, individualVcpus } = domain.domain;
  const count = vcpus.current.value;
  if (individualVcpus !== null) reporter.report('BV0820', individualVcpus, {});
  if (dialect.ours('capability-checks') && count > vcpusOfOldBhyve && !host.capabilities.has('many-vcpus')) {
    reporter.report('BV0821', vcpus.current.at, { count, max: vcpusOfOldBhyve, host: host.name });
  }
  if (topology !== null) {
    const { sockets, cores, threads, dies, clusters, at } = topology;
    if (dies !== null && dies.value !== 1)
      reporter.report('BV0822', dies.at, { level: 'die per socket', attribute: 'dies' });
    if (clusters !== null && clusters.value !== 1)
      reporter.report('BV0822', clusters.at, { level: 'cluster per die', attribute: 'clusters' });
    const flat = (dies?.value ?? 1) === 1 && (clusters?.value ?? 1) === 1;
    if (flat && sockets * cores * threads !== count) {
      const notes = [{ span: vcpus.current.at, text: 'the vCPUs of the guest' }];
      reporter.report('BV0823', at, { sockets, cores, threads, product: sockets * cores * threads, count }, { notes });
    }
  }
  const spelt = topology === null && dialect.ours('cpu-topology-form') && host.capabilities.has('cpu-topology');
  checkSockets(domain, context);
  const { affinity, free } = lowerAffinity(domain, context);
  uses.take(vcpus.maximum);
  if (count < vcpus.maximum.value)
    reporter.report('BV1503', vcpus.maximum.at, { current: count, maximum: vcpus.maximum.value });
  if (topology !== null) uses.takeWhole(topology);
  for (const pin of pins) if (pin.vcpu < count) uses.takeWhole(pin);
  return {
    count,
    topology: spelt ? { sockets: count, cores: 1, threads: 1 } : topology === null ? null : levels(topology),
    pins: [...pins, ...unpinned(domain, free)]
      .filter(({ vcpu }) => vcpu < count)
      .toSorted((a, b) => a.vcpu - b.vcpu)
      .flatMap(({ vcpu, cpuset, at }) => cpuset.map((hostcpu) => ({ vcpu, hostcpu, origins: [at] satisfies Origins }))),
    affinity,
    origins: topology === null ? [vcpus.current.at] : [topology.at, vcpus.current.at],
  };
}

/** Where the rest of the process is bound elsewhere, vCPUs without a pin of their own have the CPUs of the whole guest. */
function unpinned({ domain }: CompleteDomain, free: readonly number[] | null): CompleteDomain['domain']['pins'] {
  const { vcpus, pins } = domain;
  if (free === null || vcpus.cpuset === null) return [];
  const { at } = vcpus.cpuset;
  return Array.from({ length: vcpus.current.value }, (_, vcpu) => ({ at, vcpu, cpuset: free })).filter(
    ({ vcpu }) => !pins.some((pin) => pin.vcpu === vcpu),
  );
}

function levels({ sockets, cores, threads }: Topology): NonNullable<Cpus['topology']> {
  return { sockets, cores, threads };
}

/** The memory, its wiring and its NUMA domains. */
export function lowerMemory(domain: CompleteDomain, raw: readonly RawOption[], context: Context): Memory {
  const { dialect, reporter } = context;
  const { memoryKib, currentMemoryKib, maxMemory, wired, at, devices } = domain.domain;
  const numa = lowerNuma(domain, context);
  if (maxMemory !== null) reporter.report('BV0824', maxMemory, { what: '<maxMemory>' });
  for (const device of devices.others) {
    if (device.name === 'memory') reporter.report('BV0824', device.at, { what: '<memory> devices' });
  }
  const sum = domain.domain.numa.reduce((total, cell) => total + cell.memoryKib, 0n);
  const unsaid = memoryKib === null && sum === 0n && dialect.ours('memory-default');
  if (unsaid) reporter.report('BV0832', at, { mib: defaultMib });
  const kib = unsaid ? BigInt(defaultMib) * 1024n : (memoryKib?.value ?? sum);
  if (currentMemoryKib !== null && mibOf(currentMemoryKib.value) !== mibOf(kib))
    reporter.report('BV1504', currentMemoryKib.at, { mib: String(mibOf(kib)) });
  context.uses.take(currentMemoryKib);
  checkAmount(domain, kib, sum, context);
  if (kib === 0n) reporter.report('BV0312', memoryKib?.at ?? at, {});
  const hostdev = devices.hostdevs.find(({ source }) => source !== null);
  const rawDevice = raw.find(({ seat }) => seat?.device === 'passthru')?.words[0]?.origins[0];
  const wiredBy = wired ?? (dialect.ours('passthrough-wired') ? (hostdev?.at ?? rawDevice ?? null) : null);
  return {
    mib: mibOf(kib),
    wired: wiredBy !== null,
    suffix: dialect.ours('memory-suffix'),
    numa,
    origins: [memoryKib?.at ?? domain.domain.numa[0]?.at ?? at],
    wiredOrigins: [wiredBy ?? at],
  };
}

/** No guest boots in less: a FreeBSD kernel alone has more. */
const littleMib = 16n;

function checkAmount({ domain }: CompleteDomain, kib: bigint, sum: bigint, { dialect, reporter }: Context): void {
  const { memoryKib, numa } = domain;
  if (memoryKib === null) return;
  const { at } = memoryKib;
  const mib = mibOf(kib);
  if (mib < littleMib && kib > 0n) {
    const number = at.source.text.slice(at.start, at.end);
    reporter.report('BV1506', at, { mib: String(mib), number, unit: Number(number) < manyGib ? 'GiB' : 'MiB' });
  }
  const [first] = numa;
  if (first === undefined || mibOf(sum) === mib) return;
  const severity = dialect.ours('numa-cpu-lists') ? 'error' : 'warning';
  const notes = numa.map(noteOf);
  reporter.report('BV1507', at, { sum: String(mibOf(sum)), mib: String(mib) }, { notes, severity });
}

/** Windows for servers uses more. */
const windowsClient = /microsoft[.]com\/win\/(?:xp|vista|7|8|8[.]1|10|11)(?:[.-]|$)/i;

function checkSockets({ domain }: CompleteDomain, { reporter }: Context): void {
  const { osinfo, topology, vcpus } = domain;
  const count = vcpus.current.value;
  const sockets = topology?.sockets ?? count;
  if (osinfo !== null && windowsClient.test(osinfo.value) && sockets > 2)
    reporter.report('BV1508', topology?.at ?? vcpus.current.at, { sockets, count });
}

function noteOf({ at }: NumaCell): Note {
  return { span: at, text: 'a cell' };
}

/** A vCPU that is in two cells is told at the second one. */
function reportOverlap(numa: readonly NumaCell[], { reporter }: Context): void {
  const owners = new Map<number, NumaCell>();
  for (const cell of numa) {
    const { cpus } = cell;
    const shared = cpus?.value.find((cpu) => owners.has(cpu));
    const other = shared === undefined ? undefined : owners.get(shared);
    if (shared !== undefined && other !== undefined && cpus !== null) {
      reporter.report('BV0830', cpus.at, { cpu: shared }, { notes: [{ span: other.at, text: 'the other cell' }] });
      return;
    }
    for (const cpu of cpus?.value ?? []) owners.set(cpu, cell);
  }
}

function lowerNuma(domain: CompleteDomain, context: Context): Memory['numa'] {
  const { host, reporter } = context;
  const { numa, vcpus } = domain.domain;
  const first = numa[0];
  if (first === undefined) return [];
  const ninth = numa[numaDomains];
  if (ninth !== undefined) reporter.report('BV0825', ninth.at, { max: numaDomains });
  const all = numa.flatMap(({ cpus }) => cpus?.value ?? []);
  const max = vcpus.maximum.value;
  const isBeyond = all.some((cpu) => cpu >= max);
  const vcpu = { span: vcpus.maximum.at, text: 'the vCPUs of the guest' };
  if (all.length > max && !isBeyond)
    reporter.report('BV0826', first.at, { cpus: all.length, max }, { notes: [...numa.slice(1).map(noteOf), vcpu] });
  else if (!isBeyond && context.dialect.ours('numa-cpu-lists')) reportOverlap(numa, context);
  for (const cell of numa) {
    if (cell.cpus === null) reporter.report('BV0827', cell.at, { id: cell.id });
  }
  for (const { cpus } of numa) {
    const beyond = cpus?.value.find((cpu) => cpu >= max);
    if (beyond === undefined || cpus === null) continue;
    reporter.report('BV0828', cpus.at, { cpu: beyond, max }, { notes: [vcpu] });
    break;
  }
  if (host.capabilities.has('numa') && !bootsFirmware(domain)) reporter.report('BV0829', first.at, {});
  for (const cell of numa) context.uses.takeWhole(cell);
  return numa.map(({ memoryKib, cpus, at }) => ({
    mib: mibOf(memoryKib),
    cpus: formatCpuSet(cpus?.value ?? []),
    origins: [at],
  }));
}
