/** What grub-bhyve is to do with a kernel of the host, as a grub.cfg: a file that the launcher makes for the loader, and removes. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface GrubConfigStep extends StepNode<'grub-config'> {
  readonly path: string;
  readonly text: string;
}

export const grubConfig: StepContract<GrubConfigStep> = {
  kind: 'grub-config',
  // It is named after the guest.
  claims: () => [],
  takes: () => ({}),
  shown: ({ path }) => ({ make: `write the configuration of grub ${path}`, unmake: `remove ${path}` }),
  launcher: {
    ...noLauncherPart,
    look: ({ path }) => [['check_absent', path]],
    make: ({ path, text }) => [['make_file', '022', path, text]],
    notes: ['file'],
    shares: ['files'],
  },
  rehearsal: noRehearsalPart,
};
