/** vCPUs, memory and NUMA (libvirt-compile reference, section 7). Reports: BV0312, BV0820 to BV0829. */
import type { Origins } from '../../diagnostics/source.ts';
import type { Topology } from '../../frontend/elements/cpu.ts';
import type { Cpus, Memory } from '../../ir/machine.ts';
import { formatCpuSet, mibOf } from '../../ir/units.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootsFirmware } from './firmware-order.ts';

/** Virtual NUMA domains of bhyve. */
const numaDomains = 8;
/** Memory of a guest that is given none: bhyve(8), option `-m`. */
const defaultMib = 256;
/** vCPUs of a bhyve without the capability `many-vcpus`. */
const vcpusOfOldBhyve = 16;

/** The virtual CPUs, their topology and pins. */
export function lowerCpus(domain: CompleteDomain, context: Context): Cpus {
  const { dialect, host, reporter } = context;
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
      reporter.report('BV0823', at, { sockets, cores, threads, product: sockets * cores * threads, count });
    }
  }
  const spelt = topology === null && dialect.ours('cpu-topology-form') && host.capabilities.has('cpu-topology');
  const affinity = dialect.ours('cpu-affinity') ? vcpus.cpuset : null;
  return {
    count,
    topology: spelt ? { sockets: count, cores: 1, threads: 1 } : topology === null ? null : levels(topology),
    pins: pins
      .filter(({ vcpu }) => vcpu < count)
      .toSorted((a, b) => a.vcpu - b.vcpu)
      .flatMap(({ vcpu, cpuset, at }) => cpuset.map((hostcpu) => ({ vcpu, hostcpu, origins: [at] satisfies Origins }))),
    affinity: affinity === null ? null : formatCpuSet(affinity.value),
    origins: topology === null ? [vcpus.current.at] : [topology.at, vcpus.current.at],
  };
}

function levels({ sockets, cores, threads }: Topology): NonNullable<Cpus['topology']> {
  return { sockets, cores, threads };
}

/** The memory, its wiring and its NUMA domains. */
export function lowerMemory(domain: CompleteDomain, context: Context): Memory {
  const { dialect, reporter } = context;
  const { memoryKib, maxMemory, wired, at, devices } = domain.domain;
  const numa = lowerNuma(domain, context);
  if (maxMemory !== null) reporter.report('BV0824', maxMemory, { what: '<maxMemory>' });
  for (const device of devices.others) {
    if (device.name === 'memory') reporter.report('BV0824', device.at, { what: '<memory> devices' });
  }
  const sum = domain.domain.numa.reduce((total, cell) => total + cell.memoryKib, 0n);
  const unsaid = memoryKib === null && sum === 0n && dialect.ours('memory-default');
  if (unsaid) reporter.report('BV0832', at, { mib: defaultMib });
  const kib = unsaid ? BigInt(defaultMib) * 1024n : (memoryKib?.value ?? sum);
  if (kib === 0n) reporter.report('BV0312', memoryKib?.at ?? at, {});
  const hostdev = devices.hostdevs.find(({ source }) => source !== null);
  const wiredBy = wired ?? (dialect.ours('passthrough-wired') ? (hostdev?.at ?? null) : null);
  return {
    mib: mibOf(kib),
    wired: wiredBy !== null,
    suffix: dialect.ours('memory-suffix'),
    numa,
    origins: [memoryKib?.at ?? domain.domain.numa[0]?.at ?? at],
    wiredOrigins: [wiredBy ?? at],
  };
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
  if (all.length > max) reporter.report('BV0826', first.at, { cpus: all.length, max });
  else if (new Set(all).size < all.length && context.dialect.ours('numa-cpu-lists'))
    reporter.report('BV0830', first.at, {});
  for (const cell of numa) {
    if (cell.cpus === null) reporter.report('BV0827', cell.at, { id: cell.id });
    const beyond = cell.cpus?.value.find((cpu) => cpu >= max);
    if (beyond !== undefined && cell.cpus !== null) reporter.report('BV0828', cell.cpus.at, { cpu: beyond, max });
  }
  if (host.capabilities.has('numa') && !bootsFirmware(domain)) reporter.report('BV0829', first.at, {});
  return numa.map(({ memoryKib, cpus, at }) => ({
    mib: mibOf(memoryKib),
    cpus: formatCpuSet(cpus?.value ?? []),
    origins: [at],
  }));
}
