/**
 * What all guests together ask of a host of which the profile says how much it has: memory, processors, bridges. A profile
 * that does not say is not asked. Reports: BV0942 to BV0946.
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { HostProfile } from '../../host/profile.ts';
import type { Plan } from '../../ir/plan.ts';
import { stepsOf } from '../../ir/steps/index.ts';

/** Guests that are named beside the largest one. */
const mostNamed = 7;

/** Compares sums with what there is. */
export function checkSums(plans: readonly Plan[], host: HostProfile, reporter: Reporter): void {
  checkMemory(plans, host, reporter);
  checkProcessors(plans, host, reporter);
  checkBridges(plans, host, reporter);
}

/** Wired memory is taken when a guest starts; other memory as the guest touches it, and can be swapped out. */
function checkMemory(plans: readonly Plan[], { memoryMib: most }: HostProfile, reporter: Reporter): void {
  if (most === null) return;
  const memory = (plan: Plan): number => plan.demand.memoryMib;
  const wired = plans.filter(({ demand }) => demand.wired);
  if (sum(wired, memory) > most) tell('BV0942', wired, memory, most, 'MiB', reporter);
  else if (sum(plans, memory) > most) tell('BV0943', plans, memory, most, 'MiB', reporter);
}

function checkProcessors(plans: readonly Plan[], { cpus: most }: HostProfile, reporter: Reporter): void {
  if (most === null) return;
  const vcpus = (plan: Plan): number => plan.demand.vcpus;
  const large = plans.filter((plan) => vcpus(plan) > most);
  for (const plan of large) {
    const at = stepsOf(plan.steps, 'vcpus')[0]?.at ?? plan.origins[0];
    reporter.report('BV0945', at, { name: plan.vmname, count: vcpus(plan), most });
  }
  if (large.length === 0 && sum(plans, vcpus) > most) tell('BV0944', plans, vcpus, most, 'vCPUs', reporter);
}

function checkBridges(plans: readonly Plan[], { bridges, name: host }: HostProfile, reporter: Reporter): void {
  if (bridges === null) return;
  for (const step of plans.flatMap(({ steps }) => stepsOf(steps, 'bridge'))) {
    // That of a network which bhyvec makes is there when its guests start.
    if (step.service === undefined && !bridges.includes(step.name))
      reporter.report('BV0946', step.at, { bridge: step.name, host });
  }
}

function sum(plans: readonly Plan[], sizeOf: (plan: Plan) => number): number {
  return plans.reduce((total, plan) => total + sizeOf(plan), 0);
}

/** Once for all guests, at the largest of them; of the others the next ones are named. */
function tell(
  code: 'BV0942' | 'BV0943' | 'BV0944',
  plans: readonly Plan[],
  sizeOf: (plan: Plan) => number,
  most: number,
  unit: string,
  reporter: Reporter,
): void {
  const [largest, ...others] = plans.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (a.vmname < b.vmname ? -1 : 1));
  if (largest === undefined) return;
  const notes = others.slice(0, mostNamed).map((plan) => {
    return { span: plan.origins[0], text: `guest '${plan.vmname}': ${String(sizeOf(plan))} ${unit}` };
  });
  reporter.report(code, largest.origins[0], { sum: sum(plans, sizeOf), most, guests: plans.length }, { notes });
}
