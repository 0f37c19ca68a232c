/**
 * How FreeBSD runs the process of bhyve: its priority, rtprio(1), and the domains that give its memory, cpuset(1). Both are of
 * the process, whose threads inherit them; single vCPUs have neither. Reports: BV1309, BV1577.
 */
import type { Span } from '../../diagnostics/source.ts';
import type { Sched } from '../../frontend/elements/cputune.ts';
import type { Machine, Scheduling } from '../../ir/machine.ts';
import { formatCpuSet } from '../../ir/units.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';

/** Why something cannot be had, and what to do. */
interface Problem {
  readonly who: string;
  readonly cure: string;
}

/** The priority and the memory domains; null where the XML leaves them to FreeBSD, or where they cannot be had. */
export function lowerScheduling(domain: CompleteDomain, context: Context): Scheduling {
  if (!context.dialect.ours('process-priority')) return { priority: null, memoryDomains: null };
  return { priority: priorityOf(domain, context), memoryDomains: memoryDomainsOf(domain, context) };
}

function priorityOf({ domain }: CompleteDomain, context: Context): Scheduling['priority'] {
  const { scheds } = domain.cputune;
  const [first] = scheds;
  if (first === undefined) return null;
  const problem = problemOf(scheds, first, domain.vcpus.current.value);
  if (problem !== null) {
    for (const sched of scheds) leave(nameOf(sched), sched.at, problem, context);
    return null;
  }
  for (const sched of scheds) context.uses.takeWhole(sched);
  if (!context.host.privileged)
    context.reporter.report('BV1580', first.at, {
      what: 'such a priority',
      cure: 'remove it, or run the guest as root',
    });
  if (scheds.every(({ vcpus }) => vcpus !== null))
    context.reporter.report('BV1577', first.at, { what: '<vcpusched>', extent: 'its devices have the priority, too' });
  const { scheduler, priority } = first;
  return {
    program: scheduler.value === 'idle' ? 'idprio' : 'rtprio',
    level: scheduler.value === 'idle' ? lowestLevel : levelOf(priority?.value ?? 1),
    origins: [first.at],
  };
}

/** What keeps one priority from being that of all; null for nothing. */
function problemOf(scheds: readonly Sched[], first: Sched, count: number): Problem | null {
  const who = 'a process has one priority';
  if (scheds.some(({ scheduler }) => scheduler.value === 'batch'))
    return { who: 'FreeBSD has no such scheduler', cure: 'remove it, and start the launcher by nice(1)' };
  const differs = scheds.some(
    ({ scheduler, priority }) => scheduler.value !== first.scheduler.value || priority?.value !== first.priority?.value,
  );
  if (differs) return { who, cure: 'write the same for all threads, or remove it' };
  const named = new Set(scheds.flatMap(({ vcpus }) => vcpus?.value ?? []));
  const missed = Array.from({ length: count }, (_, vcpu) => vcpu).filter((vcpu) => !named.has(vcpu));
  if (missed.length === 0) return null;
  const cure =
    named.size === 0 ? 'write a <vcpusched> of all vCPUs, too, or remove it' : 'name all vCPUs in vcpus=, or remove it';
  return { who, cure };
}

/** rtprio(1): 0 comes first. */
const lowestLevel = 31;

/** From 1 to 99, which comes first, to 31 to 0. */
function levelOf(priority: number): number {
  return Math.round((lowestLevel * (99 - priority)) / 98);
}

function nameOf({ vcpus }: Sched): string {
  return vcpus === null ? '<emulatorsched>' : '<vcpusched>';
}

/** cpuset(1), option -n: POLICY:DOMAINS. */
function memoryDomainsOf({ domain }: CompleteDomain, context: Context): Scheduling['memoryDomains'] {
  const nodes = domain.memoryNodes;
  if (nodes === null) return null;
  const { at, mode, nodeset } = nodes;
  if (!context.host.capabilities.has('memory-domains')) {
    const problem = {
      who: `not on ${context.host.name}`,
      cure: 'remove it: its cpuset(1) knows no domains (option -n)',
    };
    leave('<memory> of <numatune>', at, problem, context);
    return null;
  }
  if (mode.value === 'preferred' && nodeset.value.length > 1) {
    const problem = { who: 'FreeBSD prefers one domain', cure: 'name one in nodeset=, or remove it' };
    leave('<memory> of <numatune>', at, problem, context);
    return null;
  }
  context.uses.takeWhole(nodes);
  const policy = { strict: 'first-touch', restrictive: 'first-touch', preferred: 'prefer', interleave: 'round-robin' };
  return { value: `${policy[mode.value]}:${formatCpuSet(nodeset.value)}`, origins: [at] };
}

function leave(what: string, at: Span, { who, cure }: Problem, { reporter, uses }: Context): void {
  uses.leaveOut(at);
  reporter.report('BV1309', at, { what, who, cure });
}

/** Where the threads of the process run that are no vCPU, and where that leaves the vCPUs. */
export function lowerAffinity(
  { domain }: CompleteDomain,
  context: Context,
): Pick<Machine['cpus'], 'affinity'> & { readonly free: readonly number[] | null } {
  const { vcpus, pins, cputune } = domain;
  const whole = context.dialect.ours('cpu-affinity') ? context.uses.take(vcpus.cpuset) : null;
  const { emulatorPin } = cputune;
  const usual = { affinity: whole === null ? null : formatCpuSet(whole.value), free: null };
  if (emulatorPin === null || !context.dialect.ours('process-priority')) return usual;
  const loose = Array.from({ length: vcpus.current.value }, (_, vcpu) => vcpu).find(
    (vcpu) => !pins.some((pin) => pin.vcpu === vcpu),
  );
  if (loose !== undefined && whole === null) {
    const cure = `write a <vcpupin> for vCPU ${String(loose)}, too, or a cpuset for <vcpu>`;
    leave('<emulatorpin>', emulatorPin.at, { who: 'vCPUs without a pin would be bound, too', cure }, context);
    return usual;
  }
  context.uses.takeWhole(emulatorPin);
  // The mask of cpuset(1) is that of each thread, and bhyve gives a vCPU that it pins another one.
  return { affinity: formatCpuSet(emulatorPin.cpuset.value), free: whole?.value ?? null };
}
