/** The volume of cloud-init: it stands beside the launcher, which copies it to where bhyve opens it, for this run. */
import { largestFile } from '../../text/limits.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

/** One file of the volume, as a plan tells of it. */
export interface SeedPart {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Follows from what it holds; null where that is secret. */
  readonly digest: string | null;
}

export interface SeedStep extends StepNode<'seed'> {
  readonly path: string;
  /** In the order of their names. */
  readonly files: readonly SeedPart[];
  /** Whether nobody but root may read it. */
  readonly secret: boolean;
  /** Makes the bytes of the volume; absent in a plan that was read from a file. */
  readonly image?: () => Uint8Array;
}

/** The largest volume, in bytes: it is a file of the build. */
export const largestSeed = largestFile;

/** The file beside the launcher. */
export const seedFile = 'seed.iso';

export const seed: StepContract<SeedStep> = {
  kind: 'seed',
  // It is named after the guest.
  claims: () => [],
  takes: () => ({}),
  shown: ({ path }) => ({
    look: `look for ${seedFile} beside the launcher`,
    make: `copy ${seedFile} to ${path}`,
    unmake: `remove ${path}`,
  }),
  launcher: {
    ...noLauncherPart,
    look: ({ path }) => [['check_seed'], ['check_absent', path]],
    make: ({ path }) => [['make_seed', path]],
    notes: ['file'],
    shares: ['files'],
  },
  rehearsal: noRehearsalPart,
};
