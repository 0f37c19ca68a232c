/** `--dry-run`: each step that a run would take, in order, as text. Of secrets only their place is shown. */
import { printable } from '../diagnostics/printable.ts';
import { limits } from '../ir/host.ts';
import { commandLines } from '../backends/argv/emit.ts';
import { quoteWord } from '../text/sh.ts';
import type { Plan } from '../ir/plan.ts';
import type { Shown } from '../ir/steps/define.ts';
import { contractOf } from '../ir/steps/index.ts';
import { shownText, textOf, type Word } from '../ir/words.ts';

/** The text. */
export function dryRunText(plan: Plan): string {
  const steps = [...startSteps(plan), ...linesOf(plan, 'look'), nameCheck(plan)];
  const makes = linesOf(plan, 'make');
  const [unmade, commands] = [linesOf(plan, 'unmake').toReversed(), commandLines(plan)];
  const runs = commands.map(({ role, words }) => {
    return `run ${role === 'loader' ? 'the boot loader' : 'bhyve'}: ${shown(words)}`;
  });
  const [loader, bhyve] = runs.length > 1 ? [runs.slice(0, 1), runs.slice(1)] : [[], runs];
  const limits = plan.limits.map(({ rule }) => `limit bhyve: rctl -a process:PID:${rule}`);
  const pinned = plan.cpuset === null ? [] : [`bind bhyve to the CPUs ${plan.cpuset} (cpuset)`];
  const { memoryDomains, priority } = plan;
  const fed = memoryDomains === null ? [] : [`take its memory by ${memoryDomains} (cpuset -n)`];
  const ranked = priority === null ? [] : [`give bhyve the priority ${priority.program} ${String(priority.level)}`];
  const numbered = [...steps, ...makes, ...loader, ...limits, ...pinned, ...fed, ...ranked, ...bhyve].map(
    (text, i) => `${String(i + 1).padStart(3)}. ${printable(text)}\n`,
  );
  return [
    `${plan.vmname} for ${printable(plan.target)}\n`,
    ...numbered,
    '\nWhen bhyve ends:\n',
    `  reset (0)                   ${actionText(plan.onReboot)}\n`,
    `  power-off or halt (1, 2)    ${actionText(plan.onPoweroff)}\n`,
    `  crash (3, 4, signal)        ${actionText(plan.onCrash)}\n`,
    `  asked to stop               ${stopText(plan)}, then unmake\n`,
    '\nTo unmake:\n',
    ...['remove the guest from the kernel (bhyvectl --destroy)', ...unmade].map((text) => `  - ${printable(text)}\n`),
  ].join('');
}

function stopText({ acpi }: Plan): string {
  return acpi
    ? `press the power button, force it after ${String(limits.stop)} seconds`
    : 'force it at once: the guest has no ACPI';
}

function actionText(action: Plan['onReboot']): string {
  return { destroy: 'unmake', restart: 'start again', preserve: 'keep all as it is' }[action];
}

function shown(words: readonly Word[]): string {
  return words.map(({ pieces }) => quoteWord(shownText(pieces))).join(' ');
}

function startSteps(plan: Plan): readonly string[] {
  const modules = plan.steps.flatMap((step) => (step.kind === 'module' ? [step.names.join(' or ')] : []));
  const programs = [plan.loader, plan.bhyve].flatMap((command) =>
    command === null ? [] : [textOf(command.program.pieces)],
  );
  return [
    `look that this is root, and that nobody else runs ${plan.vmname}`,
    ...(modules.length === 0 ? [] : [`load the kernel modules ${modules.join(', ')}`]),
    `look for the programs ${programs.join(', ')}`,
  ];
}

function nameCheck({ vmname }: Plan): string {
  return `look that /dev/vmm/${vmname} is not there`;
}

function linesOf({ steps }: Plan, what: keyof Shown): readonly string[] {
  return steps.flatMap((step) => contractOf(step).shown(step)[what] ?? []);
}
