/** `--dry-run`: each step that a run would take, in order, as text. Of secrets only their place is shown. */
import { printable } from '../diagnostics/printable.ts';
import { limits } from '../ir/host.ts';
import { commandLines } from '../backends/argv/emit.ts';
import { quoteWord } from '../text/sh.ts';
import type { HostStep, Plan } from '../ir/plan.ts';
import { shownText, textOf, type Word } from '../ir/words.ts';

/** The text. */
export function dryRunText(plan: Plan): string {
  const steps = [...startSteps(plan), ...plan.steps.flatMap(checkText), nameCheck(plan)];
  const makes = plan.steps.flatMap(makeText);
  const [unmade, commands] = [plan.steps.flatMap(unmakeText).toReversed(), commandLines(plan)];
  const runs = commands.map(({ role, words }) => {
    return `run ${role === 'loader' ? 'the boot loader' : 'bhyve'}: ${shown(words)}`;
  });
  const [loader, bhyve] = runs.length > 1 ? [runs.slice(0, 1), runs.slice(1)] : [[], runs];
  const limits = plan.limits.map(({ rule }) => `limit bhyve: rctl -a process:PID:${rule}`);
  const pinned = plan.cpuset === null ? [] : [`bind bhyve to the CPUs ${plan.cpuset} (cpuset)`];
  const numbered = [...steps, ...makes, ...loader, ...limits, ...pinned, ...bhyve].map(
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

function checkText(step: HostStep): readonly string[] {
  switch (step.kind) {
    case 'file':
      return [`look for ${step.path} (${step.purpose}, to ${step.access})`];
    case 'directory':
      return [`look for the directory ${step.path} (to ${step.access})`];
    case 'bridge':
      return [`look for the bridge ${step.name}`];
    case 'ppt': {
      const device = `the PCI device ${[step.bus, step.slot, step.function].join('/')}`;
      return [step.managed ? `bind ${device} to ppt` : `look that ${device} is bound to ppt`];
    }
    case 'port': {
      const range = step.automatic ? `a free TCP port from ${String(step.port)} to ${String(step.last)}` : null;
      return [`look ${range === null ? `that TCP port ${String(step.port)} is free` : `for ${range}`}`];
    }
    case 'vcpus':
      return step.count > 1 ? [`look that ${String(step.count)} virtual CPUs are allowed`] : [];
    case 'racct':
      return ['look that resource limits are switched on (kern.racct.enable)'];
    default:
      return [];
  }
}

function makeText(step: HostStep): readonly string[] {
  switch (step.kind) {
    case 'nvram':
      return step.template === null
        ? [`look for the variable store ${step.path}`]
        : [`copy ${step.template} to ${step.path}, if it is not there; it stays`];
    case 'tap': {
      const mtu = step.mtu === null ? '' : `, MTU ${String(step.mtu)}`;
      return [`make the interface ${step.name} on the bridge ${step.bridge}${mtu}`];
    }
    case 'device-map':
      return [`write the device map ${step.path}`];
    case 'secrets':
      return [`write the secrets to ${step.path} (mode 0600)`];
    case 'socket':
      return [`remove the socket ${step.path}, if one was left behind`];
    default:
      return [];
  }
}

function unmakeText(step: HostStep): readonly string[] {
  switch (step.kind) {
    case 'tap':
      return [`remove the interface ${step.name}`];
    case 'device-map':
    case 'secrets':
      return [`remove ${step.path}`];
    case 'socket':
      return [`remove the socket ${step.path}`];
    default:
      return [];
  }
}
