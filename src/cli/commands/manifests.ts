/** The manifests that a build replaces and writes. */
import { nothingKnown, readManifest, type KnownBuild } from '../../backends/known-manifest.ts';
import { manifestName } from '../../backends/tree.ts';
import type { Changes, NamedFile } from '../../build/folder.ts';

/** What they know; null where the manifest stays as it is. */
export function manifestsOf({
  write,
}: Changes<NamedFile>): { readonly before: KnownBuild; readonly after: KnownBuild } | null {
  const manifest = write.find(({ file }) => file.path === manifestName);
  if (manifest === undefined) return null;
  return { before: knownIn(manifest.before?.text), after: knownIn(manifest.file.text) };
}

/** Nothing where it cannot be used, which is told by who looks for changes. */
function knownIn(text: string | undefined): KnownBuild {
  const known = text === undefined ? nothingKnown : readManifest(text);
  return 'problem' in known ? nothingKnown : known;
}
