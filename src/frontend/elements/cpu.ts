/** `<vcpu>`, `<cpu>`, `<cputune>` and `<numa>` (formatdomain, "CPU Allocation", "CPU Tuning", "CPU model and topology"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readCpuSet, readMemory, readNumber, readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';

/** Number of virtual CPUs. */
export interface Vcpus {
  /** At most so many. */
  readonly maximum: Located<number>;
  /** So many at start. */
  readonly current: Located<number>;
  /** The host CPUs that the whole guest may use. */
  readonly cpuset: Located<readonly number[]> | null;
}

/** `<topology>`; dies and clusters are 1 where absent. */
export interface Topology {
  readonly at: Span;
  readonly sockets: number;
  readonly dies: Located<number> | null;
  readonly clusters: Located<number> | null;
  readonly cores: number;
  readonly threads: number;
}

/** One `<cell>` of a guest's NUMA topology. */
export interface NumaCell {
  readonly at: Span;
  readonly id: number;
  /** CPUs in ascending order; null where the cell has none. */
  readonly cpus: Located<readonly number[]> | null;
  readonly memoryKib: bigint;
}

/** The host CPUs that one virtual CPU may use. */
export interface VcpuPin {
  readonly at: Span;
  readonly vcpu: number;
  readonly cpuset: readonly number[];
}

/** Reads `<vcpu>`; 1 where there is none. */
export function readVcpus(domain: ElementReader): Vcpus {
  const vcpu = domain.child('vcpu');
  const { reporter } = domain;
  const maximum = readNumber(vcpu?.filledText() ?? null, 'the number of vCPUs', reporter, { min: 1, max: 65_535 });
  const current = readNumber(vcpu?.attribute('current') ?? null, 'the current number of vCPUs', reporter, { min: 1 });
  readWord(vcpu?.attribute('placement') ?? null, ['static', 'auto'] as const, 'placement', reporter);
  const most = maximum ?? { value: 1, at: vcpu?.at ?? domain.at };
  if (maximum !== null && current !== null && current.value > most.value) {
    reporter.report('BV0314', current.at, {
      problem: `current='${String(current.value)}' is more than the ${String(most.value)} vCPUs of <vcpu>`,
      remedy: 'lower current, or raise the number in <vcpu>',
    });
  }
  const cpuset = vcpu?.attribute('cpuset') ?? null;
  return { maximum: most, current: current ?? most, cpuset: readCpuSet(cpuset, 'cpuset', reporter) };
}

/** Reads `<topology>` of `<cpu>`; null where there is none or a part is missing. */
export function readTopology(cpu: ElementReader | null): Topology | null {
  const topology = cpu?.child('topology') ?? null;
  if (topology === null) return null;
  const { at, reporter } = topology;
  const part = (name: string): Located<number> | null =>
    readNumber(topology.attribute(name), `${name} of the topology`, reporter, { min: 1 });
  const [sockets, cores, threads] = ['sockets', 'cores', 'threads'].map((name) => {
    if (topology.attribute(name) === null)
      reporter.report('BV0310', at, { element: 'topology', part: `${name} attribute` });
    return part(name);
  });
  const dies = part('dies');
  const clusters = part('clusters');
  if (!sockets || !cores || !threads) return null;
  return { at, sockets: sockets.value, dies, clusters, cores: cores.value, threads: threads.value };
}

/** Reads the cells of `<numa>`, in the order of their ids. */
export function readNuma(cpu: ElementReader | null): readonly NumaCell[] {
  const cells = cpu?.child('numa')?.children('cell') ?? [];
  const read = cells.map((cell, place): NumaCell => {
    const { at, reporter } = cell;
    const id = readNumber(cell.attribute('id'), 'the id of a NUMA cell', reporter, { max: cells.length - 1 });
    const size = cell.attribute('memory');
    if (size === null) reporter.report('BV0310', at, { element: 'cell', part: 'memory attribute' });
    const memory = readMemory(size, cell.attribute('unit'), 'the memory of a NUMA cell', reporter);
    const cpus = cell.attribute('cpus');
    return {
      at,
      id: id?.value ?? place,
      cpus: cpus === null || cpus.value === '' ? null : readCpuSet(cpus, 'cpus', reporter),
      memoryKib: memory?.value ?? 0n,
    };
  });
  const byId = read.toSorted((a, b) => a.id - b.id);
  for (const [place, cell] of byId.entries()) {
    const before = byId[place - 1];
    if (before?.id !== cell.id) continue;
    cpu?.reporter.report(
      'BV0314',
      cell.at,
      { problem: `two NUMA cells have the id ${String(cell.id)}`, remedy: 'number the cells from 0 without gaps' },
      { notes: [{ span: before.at, text: 'the other one' }] },
    );
  }
  return byId;
}

/** Reads the `<vcpupin>` elements of `<cputune>`. */
export function readVcpuPins(cputune: ElementReader | null): readonly VcpuPin[] {
  const pins: VcpuPin[] = [];
  for (const pin of cputune?.children('vcpupin') ?? []) {
    const { at, reporter } = pin;
    for (const name of ['vcpu', 'cpuset']) {
      if (pin.attribute(name) === null)
        reporter.report('BV0310', at, { element: 'vcpupin', part: `${name} attribute` });
    }
    const vcpu = readNumber(pin.attribute('vcpu'), 'the vCPU of a pin', reporter);
    const cpuset = readCpuSet(pin.attribute('cpuset'), 'cpuset', reporter);
    if (vcpu === null || cpuset === null) continue;
    const other = pins.find((known) => known.vcpu === vcpu.value);
    if (other !== undefined) {
      reporter.report(
        'BV0314',
        vcpu.at,
        { problem: `vCPU ${String(vcpu.value)} is pinned twice`, remedy: 'name all host CPUs in one cpuset' },
        { notes: [{ span: other.at, text: 'the other pin' }] },
      );
    }
    pins.push({ at, vcpu: vcpu.value, cpuset: cpuset.value });
  }
  return pins;
}
