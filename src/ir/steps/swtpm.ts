/**
 * swtpm(8) of the port sysutils/swtpm: a TPM emulator that runs beside bhyve, one for each start. Its state is kept; its
 * socket is that of bhyve(8), option -l, "tpm".
 */
import { foldedPath } from '../host-files.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface SwtpmStep extends StepNode<'swtpm'> {
  /** Where bhyve finds it. */
  readonly socket: string;
  /** The directory of its state: made with mode 0700 where it is missing, and kept. */
  readonly state: string;
  /** A file with the passphrase that its state is encrypted with; null for none. */
  readonly key: string | null;
}

/** Where the port installs it. */
export const swtpmProgram = '/usr/local/bin/swtpm';

export const swtpm: StepContract<SwtpmStep> = {
  kind: 'swtpm',
  claims: ({ state }) => [{ what: `the state of a TPM ${foldedPath(state)}`, exclusive: true }],
  takes: ({ state, key }) => ({
    tpmStates: [state],
    ...(key === null ? {} : { files: [{ path: key, purpose: 'passphrase', access: 'read' }] }),
  }),
  shown: ({ socket, state }) => ({
    look: `look for ${swtpmProgram}`,
    make: `start swtpm on ${socket} before each start of bhyve, with its state in ${state}`,
    unmake: 'end swtpm',
  }),
  launcher: {
    ...noLauncherPart,
    look: ({ state, key }) => [['check_swtpm', swtpmProgram, state, key ?? '']],
    make: ({ socket, state }) => [['make_tpm', socket, state]],
    beforeStart: ({ socket, state, key }) => [['start_swtpm', swtpmProgram, socket, state, key ?? '']],
    notes: ['swtpm'],
  },
  rehearsal: {
    ...noRehearsalPart,
    needs: ({ tpmStates = [] }) => (tpmStates.length === 0 ? [] : [['program', swtpmProgram]]),
    makes: ({ tpmStates = [] }) => tpmStates.map((state) => `${state}/`),
  },
};
