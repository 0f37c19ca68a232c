/** Limits and schedulers of `<cputune>`, and `<numatune>` (formatdomain, "CPU Tuning", "NUMA Node Tuning"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readCpuSet, readNumber, readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';

/** Time of a CPU: so many microseconds in each period. */
export interface Bandwidth {
  /** Null for the 100,000 microseconds of libvirt. */
  readonly period: Located<number> | null;
  /** Not more than 0 for no limit. */
  readonly quota: Located<number> | null;
}

const schedulers = ['batch', 'idle', 'fifo', 'rr'] as const;

/** A scheduler and whom it is for. */
export interface Sched {
  readonly at: Span;
  /** Virtual CPUs; null for the other threads of the process. */
  readonly vcpus: Located<readonly number[]> | null;
  readonly scheduler: Located<(typeof schedulers)[number]>;
  /** 1 to 99, the highest; of fifo and rr. */
  readonly priority: Located<number> | null;
}

/** What `<cputune>` says beside its pins of virtual CPUs. */
export interface Cputune {
  /** Of each virtual CPU. */
  readonly ofVcpus: Bandwidth;
  /** Of the whole guest. */
  readonly ofGuest: Bandwidth;
  /** Where threads run that are no virtual CPU. */
  readonly emulatorPin: { readonly at: Span; readonly cpuset: Located<readonly number[]> } | null;
  readonly scheds: readonly Sched[];
}

/** The memory domains of the host that give the guest's memory. */
export interface MemoryNodes {
  readonly at: Span;
  readonly mode: Located<'strict' | 'preferred' | 'interleave' | 'restrictive'>;
  readonly nodeset: Located<readonly number[]>;
}

/**
 * The limits that libvirt sets itself: a period of a millisecond to a second, a quota of a millisecond or more. Zero stands for
 * none, and a quota of less for no limit.
 */
const periods = { min: 1000, max: 1_000_000, isMeant: (number: number) => number === 0 };
const quotas = { min: 1000, max: 17_592_186_044_415, isMeant: (number: number) => number <= 0 };

/** Reads `<cputune>`. */
export function readCputune(domain: ElementReader): Cputune {
  const cputune = domain.child('cputune');
  const bandwidth = (prefix: string): Bandwidth => {
    const text = (name: string): Located<string> | null => cputune?.child(`${prefix}${name}`)?.filledText() ?? null;
    const { reporter } = domain;
    return {
      period: readNumber(text('period'), 'a period in microseconds', reporter, periods),
      quota: readNumber(text('quota'), 'a quota in microseconds', reporter, quotas),
    };
  };
  const pin = cputune?.child('emulatorpin') ?? null;
  const cpuset = pin === null ? null : readCpuSet(pin.attribute('cpuset'), 'cpuset', pin.reporter);
  const ofVcpus = (cputune?.children('vcpusched') ?? []).flatMap((element) => readSched(element, true));
  const emulator = cputune?.child('emulatorsched') ?? null;
  return {
    ofVcpus: bandwidth(''),
    ofGuest: bandwidth('global_'),
    emulatorPin: pin === null || cpuset === null ? null : { at: pin.at, cpuset },
    scheds: [...ofVcpus, ...(emulator === null ? [] : readSched(emulator, false))],
  };
}

function readSched(element: ElementReader, ofVcpus: boolean): readonly Sched[] {
  const { at, reporter } = element;
  const vcpus = ofVcpus ? readCpuSet(element.attribute('vcpus'), 'vcpus', reporter) : null;
  const scheduler = readWord(element.attribute('scheduler'), schedulers, 'the scheduler', reporter);
  const priority = readNumber(element.attribute('priority'), 'the priority', reporter, { min: 1, max: 99 });
  return scheduler === null || (ofVcpus && vcpus === null) ? [] : [{ at, vcpus, scheduler, priority }];
}

const modes = ['strict', 'preferred', 'interleave', 'restrictive'] as const;

/** Reads the `<memory>` of `<numatune>`; null where it names no nodes. */
export function readNumatune(domain: ElementReader): MemoryNodes | null {
  const memory = domain.child('numatune')?.child('memory') ?? null;
  if (memory === null) return null;
  const { at, reporter } = memory;
  const mode = readWord(memory.attribute('mode'), modes, 'the mode', reporter) ?? ({ value: 'strict', at } as const);
  const nodeset = readCpuSet(memory.attribute('nodeset'), 'nodeset', reporter);
  return nodeset === null ? null : { at, mode, nodeset };
}
