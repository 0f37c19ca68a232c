/** Counters of a guest in the names and units of `virsh domstats`. */
import type { Plan } from '../../ir/plan.ts';
import type { GuestView } from '../../control/vocabulary.ts';
import type { Statistics } from '../../control/protocol.ts';
import type { InterfaceCounters } from './netstat.ts';
import type { ProcessCounters } from './ps.ts';

/** What belongs to a guest on the host. */
export interface HostShare {
  /** Its tap interfaces, in the order of the plan. */
  readonly taps: readonly string[];
  /** The images and devices of its disks, in the order of the plan. */
  readonly disks: readonly string[];
}

/** A guest that counters are wanted for. `share` is null where nothing of it is on the host. */
export interface Subject {
  readonly view: GuestView;
  readonly share: HostShare | null;
}

/** The numbers of virDomainState; states of ours that libvirt has none for take the nearest. */
const stateNumbers: ReadonlyMap<string, number> = new Map([
  ['running', 1],
  ['starting', 1],
  ['in shutdown', 4],
  ['restarting', 5],
  ['shut off', 5],
  ['crashed', 6],
  ['preserved', 6],
]);

/** The taps and disks of a plan. */
export function shareOf(plan: Pick<Plan, 'steps'>): HostShare {
  return {
    taps: plan.steps.flatMap((step) => (step.kind === 'tap' ? [step.name] : [])),
    disks: plan.steps.flatMap((step) =>
      step.kind === 'file' && (step.purpose === 'disk' || step.purpose === 'cdrom') ? [step.path] : [],
    ),
  };
}

/**
 * The counters of one guest.
 * @param process of bhyve; null where it does not run or ps(1) failed
 * @param interfaces of the host; null where netstat(1) failed
 */
export function statisticsOf(
  { view, share }: Subject,
  process: ProcessCounters | null,
  interfaces: ReadonlyMap<string, InterfaceCounters> | null,
): Statistics {
  const memoryKib = view.memoryMib * 1024;
  const isUp = view.id !== null;
  return {
    'state.state': stateNumbers.get(view.state) ?? 0,
    ...(process === null ? {} : { 'cpu.time': process.cpuNanoseconds }),
    'balloon.maximum': memoryKib,
    ...(isUp ? { 'balloon.current': memoryKib } : {}),
    ...(process === null ? {} : { 'balloon.rss': process.rssKib }),
    'vcpu.maximum': view.vcpus,
    ...(isUp ? { 'vcpu.current': view.vcpus } : {}),
    ...(share === null || !isUp ? {} : { ...netsOf(share.taps, interfaces), ...disksOf(share.disks) }),
  };
}

/** What the host's end of a tap sends is what the guest receives, so both directions change places. */
function netsOf(taps: readonly string[], interfaces: ReadonlyMap<string, InterfaceCounters> | null): Statistics {
  const entries: [string, number | string][] = [['net.count', taps.length]];
  taps.forEach((name, index) => {
    const prefix = `net.${String(index)}`;
    entries.push([`${prefix}.name`, name]);
    const counters = interfaces?.get(name);
    if (counters === undefined) return;
    entries.push(
      [`${prefix}.rx.bytes`, counters.outBytes],
      [`${prefix}.rx.pkts`, counters.outPackets],
      [`${prefix}.rx.errs`, counters.outErrors],
      [`${prefix}.tx.bytes`, counters.inBytes],
      [`${prefix}.tx.pkts`, counters.inPackets],
      [`${prefix}.tx.errs`, counters.inErrors],
      [`${prefix}.tx.drop`, counters.inDrops],
    );
  });
  return Object.fromEntries(entries);
}

function disksOf(disks: readonly string[]): Statistics {
  const entries: [string, number | string][] = [['block.count', disks.length]];
  disks.forEach((path, index) => {
    entries.push([`block.${String(index)}.path`, path]);
  });
  return Object.fromEntries(entries);
}
