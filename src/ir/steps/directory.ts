/** Directories that must be there. */
import { foldedPath } from '../host-files.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';
import type { accesses } from '../host-files.ts';

export interface DirectoryStep extends StepNode<'directory'> {
  readonly path: string;
  readonly access: (typeof accesses)[number];
}

export const directory: StepContract<DirectoryStep> = {
  kind: 'directory',
  claims: ({ path, access }) =>
    access === 'write' ? [{ what: `directory ${foldedPath(path)}`, exclusive: false, isCareful: true }] : [],
  takes: ({ path, access }) => ({ directories: [{ path, access }] }),
  shown: ({ path, access }) => ({ look: `look for the directory ${path} (to ${access})` }),
  launcher: { ...noLauncherPart, look: ({ access, path }) => [['check_directory', access, path]] },
  rehearsal: {
    ...noRehearsalPart,
    needs: ({ directories }) => directories.map(({ path }) => ['directory', path]),
  },
};
