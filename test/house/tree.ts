/** The files of the checkout, for the tests that look at all of them. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/bundling.mjs';

/** The files below a folder of the checkout, by their paths from its root. */
export function filesBelow(folder: string): readonly string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}
