/** Null-modem pairs; nothing is made, nmdm(4) makes the nodes when they are opened. */
import type { NmdmPair } from '../units.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface NmdmStep extends StepNode<'nmdm'> {
  readonly pair: NmdmPair;
}

export const nmdm: StepContract<NmdmStep> = {
  kind: 'nmdm',
  claims: ({ pair }) => [{ what: `null-modem pair of ${pair.guest}`, exclusive: true }],
  takes: ({ pair }) => ({ nmdm: [pair] }),
  shown: () => ({}),
  launcher: noLauncherPart,
  rehearsal: noRehearsalPart,
};
