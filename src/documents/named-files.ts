/** The bytes of the files that a document names, such as the user-data of cloud-init: the compiler itself reads none. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { NamedFiles } from '../diagnostics/source.ts';
import { namedFiles, namedFilesIn } from '../frontend/named-files.ts';
import { largestSeed } from '../ir/steps/seed.ts';
import { isFileError } from '../system/file-problems.ts';
import { reasonOf } from '../system/trouble.ts';

/** One byte more than the largest volume: whoever has so many sees that it is too large. */
const limit = largestSeed + 1;

/**
 * Reads the files of a document.
 * @param document its path, from whose folder names are meant; null for standard input, whose folder is the current one
 */
export function readNamedFiles(bytes: Uint8Array, document: string | null): NamedFiles {
  const folder = document === null ? '.' : path.dirname(document);
  return new Map(namedFiles(bytes).map((name) => [name, readNamed(path.resolve(folder, name))]));
}

/** The same for an XML that came without a folder: a relative name says nothing then. */
export function readAbsoluteFiles(xml: string): NamedFiles {
  return new Map(
    namedFilesIn({ name: '', text: xml }).map((name) => [
      name,
      path.isAbsolute(name) ? readNamed(name) : 'a definition has no folder: name the whole path',
    ]),
  );
}

function readNamed(file: string): Uint8Array | string {
  try {
    const status = statSync(file);
    // A FIFO or a device may be waited for for ever.
    if (!status.isFile()) return status.isDirectory() ? 'it is a directory' : 'it is not a file';
    return status.size >= limit ? new Uint8Array(limit) : readFileSync(file);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return reasonOf(error);
  }
}
