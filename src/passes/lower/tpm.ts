/** `<tpm>` to the option tpm of the LPC bridge. */
import type { Tpm } from '../../frontend/elements/tpm.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { lowerTpmEmulator } from './tpm-emulator.ts';
import { checkPath } from './words.ts';

/** A TPM to `-l tpm`. Reports: BV0584, BV0585, BV1575, BV1576. */
export function lowerTpms(domain: CompleteDomain, context: Context): readonly Device[] {
  if (!context.dialect.ours('tpm')) return [];
  const [tpm, second] = domain.domain.devices.tpms;
  if (second !== undefined) context.reporter.report('BV0584', second.at, {});
  return tpm === undefined ? [] : lowerTpm(tpm, domain, context);
}

function lowerTpm(tpm: Tpm, domain: CompleteDomain, context: Context): readonly Device[] {
  const { backend, path, version, at } = tpm;
  const { reporter } = context;
  if (version !== null && version.value !== '2.0') reporter.report('BV0585', version.at, { version: version.value });
  if (backend.value === 'emulator') return lowerTpmEmulator(tpm, domain, context);
  const device = path ?? (backend.value === 'passthrough' ? { value: '/dev/tpm0', at } : null);
  if (device === null) {
    reporter.report('BV0310', at, { element: 'tpm', part: 'path of the swtpm socket' });
    return [];
  }
  if (path !== null) checkPath(path, 'the path of a TPM', context);
  for (const part of [backend, path, version, ...tpm.sourceParts]) context.uses.take(part);
  const type = backend.value === 'passthrough' ? 'passthru' : 'swtpm';
  return [{ kind: 'tpm', type, path: device, emulator: null, origins: [at] }];
}
