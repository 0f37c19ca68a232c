/** Keys that no command line may show: a file with mode 0600 that the launcher makes for bhyve, and removes. */
import type { ConfigEntry } from '../settings.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface SecretsStep extends StepNode<'secrets'> {
  readonly path: string;
  readonly entries: readonly ConfigEntry[];
}

export const secrets: StepContract<SecretsStep> = {
  kind: 'secrets',
  // It is named after the guest.
  claims: () => [],
  takes: () => ({}),
  shown: ({ path }) => ({ make: `write the secrets to ${path} (mode 0600)`, unmake: `remove ${path}` }),
  launcher: {
    ...noLauncherPart,
    look: ({ path }) => [['check_secrets'], ['check_absent', path]],
    make: ({ path }) => [['make_secrets', path]],
    notes: ['file'],
    shares: ['files'],
  },
  rehearsal: noRehearsalPart,
};
