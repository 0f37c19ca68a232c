/** What a build changes for each of its volumes, read off the manifests. */
import { nothingKnown, readManifest } from '../../backends/known-manifest.ts';
import { manifestName } from '../../backends/tree.ts';
import type { Changes } from '../../build/folder.ts';
import { compareVolumes, type VolumeChange, type VolumeFacts } from '../../changes/volumes.ts';
import { printable } from '../../diagnostics/printable.ts';

/** What the volumes of a folder become; without a change of the manifest they stay as they are, and none is told. */
export function volumeChanges({ write }: Changes): readonly VolumeChange[] {
  const manifest = write.find(({ file }) => file.path === manifestName);
  if (manifest === undefined) return [];
  return compareVolumes(factsIn(manifest.before?.text), factsIn(manifest.file.text));
}

/** The volumes of a manifest; none where it cannot be used, which is told by who looks for changes. */
function factsIn(text: string | undefined): ReadonlyMap<string, VolumeFacts> {
  const known = text === undefined ? nothingKnown : readManifest(text);
  const volumes = 'problem' in known ? nothingKnown.volumes : known.volumes;
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
