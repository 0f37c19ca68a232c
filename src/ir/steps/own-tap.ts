/** tap(4) interfaces that are there already: the user's own, which a run raises and otherwise leaves as they are. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface OwnTapStep extends StepNode<'own-tap'> {
  readonly name: string;
}

export const ownTap: StepContract<OwnTapStep> = {
  kind: 'own-tap',
  claims: ({ name }) => [{ what: `tap ${name}`, exclusive: true }],
  takes: ({ name }) => ({ ownTaps: [name] }),
  shown: ({ name }) => ({ look: `look for the interface ${name}`, make: `raise the interface ${name}` }),
  launcher: {
    ...noLauncherPart,
    look: ({ name }) => [['check_own_tap', name]],
    // It is down when nobody has it open.
    beforeStart: ({ name }) => [['raise_own_tap', name]],
    notes: ['raised'],
    shares: ['interfaces'],
  },
  rehearsal: { ...noRehearsalPart, host: ({ ownTaps = [] }) => (ownTaps.length === 0 ? {} : { taps: ownTaps }) },
};
