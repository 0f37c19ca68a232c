/** Host devices that must be bound to ppt(4); a managed one the launcher binds, and gives back to its driver at the end. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface PptStep extends StepNode<'ppt'> {
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
  readonly managed: boolean;
}

/** The address with something between its parts: `/` as bhyve(8) writes it, `:` as pciconf(8). */
function addressOf({ bus, slot, function: fn }: PptStep, between: '/' | ':'): string {
  return [bus, slot, fn].join(between);
}

export const ppt: StepContract<PptStep> = {
  kind: 'ppt',
  claims: (step) => [{ what: `host device ${addressOf(step, '/')}`, exclusive: true }],
  takes: (step) => ({ [step.managed ? 'managedPpt' : 'ppt']: [addressOf(step, '/')] }),
  shown(step) {
    const device = `the PCI device ${addressOf(step, '/')}`;
    return { look: step.managed ? `bind ${device} to ppt` : `look that ${device} is bound to ppt` };
  },
  launcher: {
    ...noLauncherPart,
    look: (step) => [['check_ppt', addressOf(step, ':'), ...(step.managed ? ['managed'] : [])]],
    make: (step) => (step.managed ? [['make_ppt', addressOf(step, ':')]] : []),
    notes: ['ppt'],
    view: (steps) => ({ hasManaged: steps.some(({ managed }) => managed) }),
  },
  rehearsal: {
    ...noRehearsalPart,
    host: (takes) => ({
      ppt: [...new Set(takes.ppt)],
      pci: [...new Set(takes.managedPpt)].map((device) => `${device}=igb0`),
    }),
  },
};
