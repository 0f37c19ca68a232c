/** What a build changes for each of its volumes, read off the manifests. */
import { manifestName } from '../../backends/tree.ts';
import type { Changes } from '../../build/folder.ts';
import { compareVolumes, type VolumeChange, type VolumeFacts } from '../../changes/volumes.ts';
import { printable } from '../../diagnostics/printable.ts';
import { isObject } from '../../text/json.ts';

/** What the volumes of a folder become; without a change of the manifest they stay as they are, and none is told. */
export function volumeChanges({ write }: Changes): readonly VolumeChange[] {
  const manifest = write.find(({ file }) => file.path === manifestName);
  if (manifest === undefined) return [];
  return compareVolumes(factsIn(manifest.before?.text ?? '{}'), factsIn(manifest.file.text));
}

/** The volumes of a manifest; none where it cannot be read, which is told by who looks for changes. */
function factsIn(text: string): ReadonlyMap<string, VolumeFacts> {
  const manifest = parsed(text);
  const volumes = isObject(manifest) && isObject(manifest['volumes']) ? manifest['volumes'] : {};
  return new Map(
    Object.entries(volumes).map(([path, volume]) => {
      const { pool, name, bytes, how } = isObject(volume) ? volume : {};
      const facts = { pool: word(pool), name: word(name), bytes: word(bytes), how: how === null ? null : word(how) };
      return [printable(path), facts];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function word(value: unknown): string {
  return typeof value === 'string' ? printable(value) : '';
}
