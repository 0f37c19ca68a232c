/** What the kinds of files have in common that the launcher makes for a loader, and removes: a device map, a grub.cfg. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface LoaderFileStep<K extends string> extends StepNode<K> {
  readonly path: string;
  readonly text: string;
}

/**
 * The contract of such a kind.
 * @param what the file, in a line of a dry run
 */
export function loaderFile<K extends string>(kind: K, what: string): StepContract<LoaderFileStep<K>> {
  return {
    kind,
    // It is named after the guest.
    claims: () => [],
    takes: () => ({}),
    shown: ({ path }) => ({ make: `write ${what} ${path}`, unmake: `remove ${path}` }),
    launcher: {
      ...noLauncherPart,
      look: ({ path }) => [['check_absent', path]],
      make: ({ path, text }) => [['make_file', '022', path, text]],
      notes: ['file'],
      shares: ['files'],
    },
    rehearsal: noRehearsalPart,
  };
}
