/** Files and device nodes that must be there. */
import { foldedPath, type accesses, type purposes } from '../host-files.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface FileStep extends StepNode<'file'> {
  readonly path: string;
  readonly purpose: (typeof purposes)[number];
  readonly access: (typeof accesses)[number];
  /** A disk that several guests are to write to. */
  readonly shareable?: true;
}

export const file: StepContract<FileStep> = {
  kind: 'file',
  claims({ path, purpose, access, shareable }) {
    // Behind the node of ctl(4) stand many disks.
    if ((purpose !== 'disk' && purpose !== 'cdrom') || path.startsWith('/dev/cam/ctl')) return [];
    const [isRead, isShareable] = [access === 'read', shareable === true];
    return [{ what: `disk ${foldedPath(path)}`, exclusive: false, isRead, isShareable }];
  },
  takes: ({ path, purpose, access }) => ({ files: [{ path, purpose, access }] }),
  shown: ({ path, purpose, access }) => ({ look: `look for ${path} (${purpose}, to ${access})` }),
  launcher: {
    ...noLauncherPart,
    look: ({ purpose, access, path }) => [['check_file', purpose, access, path]],
  },
  rehearsal: {
    ...noRehearsalPart,
    needs: ({ files }) => files.map(({ path, purpose }) => [thingFor(path, purpose), path]),
  },
};

/** What the stand-in host makes of it. */
function thingFor(path: string, purpose: string): string {
  // Nobody listens on the socket of a software TPM: bhyve looks only whether it is there.
  if (purpose === 'tpm') return path.startsWith('/dev/') ? 'file' : 'peer';
  if (purpose === 'passphrase') return 'file';
  if (path.startsWith('/dev/zvol/')) return 'disk';
  // Below the first of these is what packages install.
  return path.startsWith('/usr/local/share/') || path.startsWith('/dev/') ? 'file' : 'disk';
}
