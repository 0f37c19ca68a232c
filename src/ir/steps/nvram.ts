/** The variable store of a UEFI firmware: a copy of its template, made once and kept. */
import { foldedPath } from '../host-files.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface NvramStep extends StepNode<'nvram'> {
  readonly path: string;
  /** Null where the store has to be there already. */
  readonly template: string | null;
}

export const nvram: StepContract<NvramStep> = {
  kind: 'nvram',
  claims: ({ path }) => [{ what: `variable store ${foldedPath(path)}`, exclusive: true }],
  takes: ({ path, template }) => ({ nvram: [{ path, template }] }),
  shown: ({ path, template }) => ({
    make:
      template === null
        ? `look for the variable store ${path}`
        : `copy ${template} to ${path}, if it is not there; it stays`,
  }),
  launcher: {
    ...noLauncherPart,
    look: ({ path, template }) => [['check_nvram', path, template ?? '']],
    make: ({ path, template }) => [['make_nvram', path, template ?? '']],
    // A copy that was not finished.
    notes: ['file'],
  },
  rehearsal: {
    ...noRehearsalPart,
    needs: ({ nvram }) => nvram.map(({ path, template }) => ['file', template ?? path]),
    makes: ({ nvram }) => nvram.filter(({ template }) => template !== null).map(({ path }) => path),
  },
};
