/** A TPM that swtpm(8) emulates for one guest: the launcher starts it (formatdomain, "TPM device"). Reports: BV1575, BV1576. */
import type { Tpm } from '../../frontend/elements/tpm.ts';
import type { Device } from '../../ir/emulations/index.ts';
import { secretsDirectory } from '../../ir/host.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { checkPath, longestSocket } from './words.ts';

/** The TPM on a socket in the guest's run directory, with its state beside the variable stores. */
export function lowerTpmEmulator(tpm: Tpm, { domain }: CompleteDomain, context: Context): readonly Device[] {
  const { host, reporter, uses } = context;
  const { at, backend, path, version, secret, sourceParts } = tpm;
  const kind = sourceParts.find(({ value }) => value !== 'dir');
  if (kind !== undefined) reporter.report('BV1575', kind.at, {});
  if (path !== null) checkPath(path, 'the directory of the state of a TPM', context);
  for (const part of [backend, version, path, secret, ...sourceParts]) uses.take(part);
  const name = domain.name.value;
  const socket = `${host.stateDirectory}/${name}/tpm.sock`;
  const length = new TextEncoder().encode(socket).length;
  if (length > longestSocket) reporter.report('BV1576', at, { length, longest: longestSocket });
  const stores = host.nvramDirectory.slice(0, host.nvramDirectory.lastIndexOf('/'));
  const state = path ?? { value: `${stores}/tpm/${name}`, at: backend.at };
  const key = secret === null ? null : `${secretsDirectory}/${secret.value}`;
  const emulator = { state, key };
  return [{ kind: 'tpm', type: 'swtpm', path: { value: socket, at: backend.at }, emulator, origins: [at] }];
}
