/** What a guest takes from its host, for the manifest: read off the plan. */
import type { Plan } from '../ir/plan.ts';
import { contractOf } from '../ir/steps/index.ts';
import { joinLists, type Takes } from '../ir/steps/takes.ts';
import { textOf } from '../ir/words.ts';

/** Reads it off the plan. */
export function takesOf(plan: Plan): Takes {
  const { memoryMib, wired, vcpus } = plan.demand;
  return {
    memoryMib,
    wired,
    vcpus,
    cpuset: plan.cpuset,
    programs: programsOf(plan),
    ...joinLists(plan.steps.map((step) => contractOf(step).takes(step))),
    limits: plan.limits.map(({ rule }) => rule),
    startAfter: plan.startAfter.map(({ value }) => value),
  };
}

/** timeout(1), which is always there, is left out. */
function programsOf({ loader, bhyve }: Plan): readonly string[] {
  return [loader, bhyve].flatMap((command) => (command === null ? [] : [textOf(command.program.pieces)]));
}
