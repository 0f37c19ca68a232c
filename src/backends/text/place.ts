/** Where in the XML something came from, for generated files: the name of the part, so that no other change of the XML shows. */
import { partOf } from '../../diagnostics/parts.ts';
import type { Origins } from '../../diagnostics/source.ts';

/** The name of a file without its directories, so that the same XML gives the same script wherever it lies. */
export function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** The part of the main place, such as `disk vda`, in printable ASCII. */
export function origin([main]: Origins): string {
  return partOf(main).replace(/[^\x20-\x7e]/g, '?');
}
