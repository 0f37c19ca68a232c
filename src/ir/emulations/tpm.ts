/** tpm: a trusted platform module; bhyve(8), option `-l`, "tpm". */
import type { Located } from '../../diagnostics/source.ts';
import { argumentSetting, configEntry } from '../settings.ts';
import { piecesOf } from '../words.ts';
import type { DeviceNode, Emulation } from './define.ts';

/** A trusted platform module. */
export interface TpmDevice extends DeviceNode<'tpm'> {
  readonly type: 'passthru' | 'swtpm';
  readonly path: Located<string>;
  /** Of an emulator that runs for this guest alone: where its state is, and the file with its passphrase; null where one is there. */
  readonly emulator: { readonly state: Located<string>; readonly key: string | null } | null;
}

export const tpm: Emulation<TpmDevice> = {
  kind: 'tpm',
  summary: 'trusted platform module 2.0',
  manual: 'bhyve(8), option -l, "tpm"',
  needs: () => [],
  uses: () => [],
  requires: ({ type, path }) => [{ value: type === 'swtpm' ? 'tpm-swtpm' : 'tpm-passthru', at: path.at }],
  hostSteps: ({ path, emulator, origins }) => [
    emulator === null
      ? { kind: 'file', path: path.value, purpose: 'tpm', access: 'write', origins, at: path.at }
      : { kind: 'swtpm', socket: path.value, state: emulator.state.value, key: emulator.key, origins, at: path.at },
  ],
  settings: ({ type, path, origins }) => [
    argumentSetting(
      '-l',
      piecesOf(`tpm,${type},`, path),
      // -l alone has a default for the version: without it a file aborts bhyve.
      [configEntry('tpm.type', type), configEntry('tpm.path', path), configEntry('tpm.version', '2.0')],
      origins,
      'a TPM hangs off the LPC bridge',
    ),
  ],
};
