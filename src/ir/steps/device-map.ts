/** The device map of grub-bhyve: a file that the launcher makes for the loader, and removes. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface DeviceMapStep extends StepNode<'device-map'> {
  readonly path: string;
  readonly text: string;
}

export const deviceMap: StepContract<DeviceMapStep> = {
  kind: 'device-map',
  // It is named after the guest.
  claims: () => [],
  takes: () => ({}),
  shown: ({ path }) => ({ make: `write the device map ${path}`, unmake: `remove ${path}` }),
  launcher: {
    ...noLauncherPart,
    look: ({ path }) => [['check_absent', path]],
    make: ({ path, text }) => [['make_file', '022', path, text]],
    notes: ['file'],
    shares: ['files'],
  },
  rehearsal: noRehearsalPart,
};
