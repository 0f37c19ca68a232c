/** Kernel modules: loaded before all else, and left loaded; kldload(8). */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

/** A kernel module; the first of `names` that loads will do. */
export interface KernelModuleStep extends StepNode<'module'> {
  readonly names: readonly string[];
}

export const kernelModule: StepContract<KernelModuleStep> = {
  kind: 'module',
  claims: () => [],
  takes: ({ names }) => ({ modules: [names] }),
  // All modules are one line of a dry run: they are loaded by one command.
  shown: () => ({}),
  launcher: {
    ...noLauncherPart,
    look: ({ names }) => [['check_module', ...names]],
    view: (steps) => ({ hasChoices: steps.some(({ names }) => names.length > 1) }),
  },
  rehearsal: noRehearsalPart,
};
