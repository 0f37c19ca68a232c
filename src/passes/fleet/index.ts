/**
 * Rules across the guests of one host. Needs: the plans of all guests of a build. Gives: no two of them claim one thing
 * that only one can have, there is an order in which they can start, and names and passwords can stand in files. Reports:
 * BV0503, BV0847, BV0901, BV0902, BV0905, BV0906; `claims.ts` and `sums.ts` have theirs.
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { Located } from '../../diagnostics/source.ts';
import type { HostProfile } from '../../host/profile.ts';
import { hasControl, isGuestName, isNameInBuild, rcName } from '../../ir/names.ts';
import type { Plan } from '../../ir/plan.ts';
import { contractOf } from '../../ir/steps/index.ts';
import { checkClaims } from './claims.ts';
import { checkSums } from './sums.ts';

/** Checks the guests of one build against each other. */
export function checkFleet(plans: readonly Plan[], host: HostProfile | undefined, reporter: Reporter): void {
  checkNames(plans, reporter);
  checkSecrets(plans, reporter);
  checkTaken(plans, reporter);
  checkClaims(plans, reporter);
  checkStartOrder(plans, reporter);
  if (host !== undefined) checkSums(plans, host, reporter);
}

function checkNames(plans: readonly Plan[], reporter: Reporter): void {
  const names = new Map<string, Plan>();
  const services = new Map<string, Plan>();
  for (const plan of plans) {
    // The name becomes a folder beside the files of a build: in libvirt's dialect nothing has looked at it yet.
    if (!isGuestName(plan.vmname) || isNameInBuild(plan.vmname)) {
      reporter.report('BV0847', plan.origins[0], { name: JSON.stringify(plan.vmname).slice(1, -1) });
    }
    const same = names.get(plan.vmname);
    const service = services.get(rcName(plan.vmname));
    if (same !== undefined) {
      const notes = [{ span: same.origins[0], text: 'the other guest of this name' }];
      reporter.report('BV0901', plan.origins[0], { name: plan.vmname, file: same.origins[0].source.name }, { notes });
    } else if (service !== undefined) {
      const values = { name: plan.vmname, other: service.vmname, service: rcName(plan.vmname) };
      const notes = [{ span: service.origins[0], text: `guest '${service.vmname}' stands here` }];
      reporter.report('BV0902', plan.origins[0], values, { notes });
    }
    names.set(plan.vmname, plan);
    services.set(rcName(plan.vmname), plan);
  }
}

/** A password of several lines would not be known as one in a file: again only in libvirt's dialect. */
function checkSecrets(plans: readonly Plan[], reporter: Reporter): void {
  for (const { bhyve } of plans) {
    for (const { pieces, origins } of bhyve.words) {
      for (const piece of pieces) {
        if (piece.kind !== 'secret' || !/\p{Cc}/u.test(piece.text)) continue;
        reporter.report('BV0503', piece.at ?? origins[0], { what: 'the VNC password' });
      }
    }
  }
}

/** The manifest holds what a guest takes from its host as texts of one line: in libvirt's dialect nothing has looked at them. */
function checkTaken(plans: readonly Plan[], reporter: Reporter): void {
  const what = 'a path or name on the host';
  for (const { steps } of plans) {
    const found = steps.filter((step) => holdsControl(contractOf(step).takes(step))).map(({ at }) => at);
    // One value may ask for several steps.
    for (const at of new Set(found)) reporter.report('BV0503', at, { what });
  }
}

function holdsControl(value: unknown): boolean {
  if (typeof value === 'string') return hasControl(value);
  if (typeof value !== 'object' || value === null) return false;
  const parts: readonly unknown[] = Object.values(value);
  return parts.some(holdsControl);
}

/** Follows `startAfter` from each guest; a guest that is reached again is in a cycle. */
function checkStartOrder(plans: readonly Plan[], reporter: Reporter): void {
  const byName = new Map(plans.map((plan) => [plan.vmname, plan]));
  const finished = new Set<string>();
  // The way so far: each guest, and the one that it names as the next.
  const visit = (plan: Plan, path: readonly { readonly guest: string; readonly next: Located<string> }[]): void => {
    if (finished.has(plan.vmname)) return;
    const start = path.findIndex(({ guest }) => guest === plan.vmname);
    const [first, ...others] = start < 0 ? [] : path.slice(start);
    if (first !== undefined) {
      const cycle = [first, ...others].map(({ guest }) => guest);
      const notes = others.map(({ guest, next }) => ({ span: next.at, text: `guest '${guest}' says so here` }));
      reporter.report('BV0905', first.next.at, { cycle: [...cycle, plan.vmname].join(' after ') }, { notes });
      return;
    }
    for (const next of plan.startAfter) {
      const other = byName.get(next.value);
      if (other === undefined) reporter.report('BV0906', next.at, { name: plan.vmname, other: next.value });
      else visit(other, [...path, { guest: plan.vmname, next }]);
    }
    finished.add(plan.vmname);
  };
  for (const plan of plans) visit(plan, []);
}
