/** `<tpm>` (formatdomain, "TPM device"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

/** A trusted platform module. */
export interface Tpm {
  readonly at: Span;
  readonly backend: Located<'passthrough' | 'emulator' | 'external'>;
  /** The host's TPM device, the socket of an external swtpm, or where an emulator keeps its state. */
  readonly path: Located<string> | null;
  readonly version: Located<string> | null;
  /** How the socket is reached, or the kind of place of the state. */
  readonly sourceParts: readonly Located<string>[];
  /** The UUID of the secret that encrypts the state of an emulator. */
  readonly secret: Located<string> | null;
  readonly address: Address | null;
}

/** Reads a TPM. */
export function readTpm(element: ElementReader): Tpm | null {
  element.attribute('model');
  const backend = element.child('backend');
  const address = readAddress(element);
  const types = ['passthrough', 'emulator', 'external'] as const;
  const type = readWord(backend?.attribute('type') ?? null, types, 'the backend of a TPM', element.reporter);
  if (backend === null || type === null) return null;
  const source = type.value === 'passthrough' ? null : backend.child('source');
  const sourceParts = ['type', 'mode'].flatMap((name) => source?.attribute(name) ?? []);
  const path = source?.attribute('path') ?? backend.child('device')?.attribute('path') ?? null;
  const secret = backend.child('encryption')?.attribute('secret') ?? null;
  const version = backend.attribute('version');
  return { at: element.at, backend: type, path, version, sourceParts, secret, address };
}
