/** Resource limits need kern.racct.enable; rctl(8). The rules themselves are the plan's. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export type RacctStep = StepNode<'racct'>;

export const racct: StepContract<RacctStep> = {
  kind: 'racct',
  claims: () => [],
  // The limits of the plan say it.
  takes: () => ({}),
  shown: () => ({ look: 'look that resource limits are switched on (kern.racct.enable)' }),
  launcher: { ...noLauncherPart, look: () => [['check_racct']] },
  rehearsal: {
    ...noRehearsalPart,
    host: ({ limits }) => ({ sysctls: limits.length > 0 ? { 'kern.racct.enable': '1' } : {} }),
  },
};
