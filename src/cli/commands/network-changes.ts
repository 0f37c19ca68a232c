/** What a build changes for each of its networks, read off the manifests and the files that it changes. */
import type { KnownBuild } from '../../backends/known-manifest.ts';
import type { Changes, NamedFile } from '../../build/folder.ts';
import { compareNetworks, type NetworkChange, type NetworkFacts } from '../../changes/networks.ts';
import { printable } from '../../diagnostics/printable.ts';
import { networksFolder, type NetworkPlan } from '../../ir/network/network-plan.ts';
import { isObject } from '../../text/json.ts';
import { manifestsOf } from './manifests.ts';

/** What the networks of a folder become. Without a change of the manifest they are those of the build that is there. */
export function networkChanges(
  networks: readonly NetworkPlan[],
  changes: Changes<NamedFile>,
): readonly NetworkChange[] {
  const { write, remove } = changes;
  const manifests = manifestsOf(changes);
  const same = new Map(networks.map(({ name, bridge }) => [name, new Map([['bridge', bridge]])]));
  const [old, fresh] = manifests === null ? [same, same] : [factsOf(manifests.before), factsOf(manifests.after)];
  const filesBefore = [
    ...write.flatMap(({ file, before }) => (before === null ? [] : [[file.path, before.text] as const])),
    ...remove.map((one) => [one.path, one.before.text] as const),
  ];
  const filesAfter = write.map(({ file }) => [file.path, file.text ?? ''] as const);
  return compareNetworks(withFiles(old, filesBefore), withFiles(fresh, filesAfter));
}

type Facts = ReadonlyMap<string, ReadonlyMap<string, string>>;

function factsOf({ networks }: KnownBuild): Facts {
  return new Map(
    [...networks].map(([name, { bridge, service, takes }]) => {
      const all = { bridge, service, ...(isObject(takes) ? takes : {}) };
      return [name, new Map(Object.entries(all).map(([what, value]) => [what, shown(value)]))];
    }),
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(' ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? printable(value) : '';
}

function withFiles(facts: Facts, files: readonly (readonly [string, string])[]): ReadonlyMap<string, NetworkFacts> {
  return new Map(
    [...facts].map(([name, own]) => {
      const below = `${networksFolder}/${name}/`;
      const ofNetwork = files.flatMap(([file, text]) =>
        file.startsWith(below) ? [[file.slice(below.length), text.split('\n').map(printable).join('\n')] as const] : [],
      );
      return [name, { facts: own, files: new Map(ofNetwork) }];
    }),
  );
}
