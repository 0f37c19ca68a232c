/** What a build changes for each of its volumes, read off the manifests. */
import type { KnownBuild } from '../../backends/known-manifest.ts';
import type { Changes, NamedFile } from '../../build/folder.ts';
import { compareVolumes, type VolumeChange, type VolumeFacts } from '../../changes/volumes.ts';
import { printable } from '../../diagnostics/printable.ts';
import { manifestsOf } from './manifests.ts';

/** What the volumes of a folder become; without a change of the manifest they stay as they are, and none is told. */
export function volumeChanges(changes: Changes<NamedFile>): readonly VolumeChange[] {
  const manifests = manifestsOf(changes);
  return manifests === null ? [] : compareVolumes(factsOf(manifests.before), factsOf(manifests.after));
}

function factsOf({ volumes }: KnownBuild): ReadonlyMap<string, VolumeFacts> {
  return new Map(
    [...volumes].map(([path, { pool, name, bytes, how }]) => {
      const facts = { pool: word(pool), name: word(name), bytes: word(bytes), how: how === null ? null : word(how) };
      return [printable(path), facts];
    }),
  );
}

function word(value: unknown): string {
  return typeof value === 'string' ? printable(value) : '';
}
