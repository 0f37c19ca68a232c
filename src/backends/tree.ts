/**
 * What a build writes: a folder for each guest, what they share, and a manifest that knows all files, so that a later build can tell what
 * it may change and remove. `manifest-shape.ts` has the shape of the manifest.
 */
import { withoutData } from '../ir/iso9660.ts';
import { jsonLines } from '../text/json-lines.ts';
import { manifestName } from '../ir/names.ts';
import { networksFolder, type NetworkPlan } from '../ir/network/network-plan.ts';
import type { Plan } from '../ir/plan.ts';
import { commandsOfVolume } from '../ir/storage/making.ts';
import type { StoragePlans } from '../ir/storage/storage-plan.ts';
import { contentOf, type Artefact, type Backend, type Hash } from './backend.ts';
import { manifestVersion } from './known-manifest.ts';
import type { Manifest } from './manifest-shape.ts';
import { emitNetwork } from './network/emit.ts';
import { emitVolumes } from './storage/emit.ts';
import { takesOf } from './takes.ts';
import { baseName } from './text/place.ts';
import { withoutSecrets } from './text/secrets.ts';

export { manifestName };

/** What the manifest has of a guest. */
export type ManifestGuest = Manifest['guests'][string];

/** The guests of an earlier build of the same folder. */
export interface KnownGuests {
  /** What the manifest had of a guest whose files are there as they are to be: they are not made again. */
  readonly standing: ReadonlyMap<Plan, ManifestGuest>;
  /** Is told of those whose files are made. */
  made(plan: Plan, entry: ManifestGuest, files: readonly Artefact[]): void;
}

const noGuests: KnownGuests = {
  standing: new Map(),
  made() {
    // Nobody asks again.
  },
};

/**
 * Gives all files, but those of guests that are known: paths below the folder of the build, in order of the guests' names, networks
 * behind them, the manifest last. They are made as they are asked for, a guest at a time, so that nobody needs memory for all.
 */
export function* buildTree(
  plans: readonly Plan[],
  backends: readonly Backend[],
  sha256: Hash,
  networks: readonly NetworkPlan[] = [],
  storage: StoragePlans = { pools: [], volumes: [] },
  known: KnownGuests = noGuests,
): Generator<Artefact, void, undefined> {
  const built = networks
    .map((plan) => ({ plan, artefacts: emitNetwork(plan) }))
    .toSorted((a, b) => (a.plan.name < b.plan.name ? -1 : 1));
  const ones = backends.map(
    (backend) => backend.share?.(sha256) ?? { files: [], emit: (plan: Plan) => backend.emit(plan) },
  );
  const volumes = emitVolumes(storage.volumes);
  const shared = [...(plans.length === 0 ? [] : ones.flatMap(({ files }) => files)), ...volumes];
  // What launchers need comes before them, and goes after them.
  yield* shared;
  const guests: (readonly [string, ManifestGuest])[] = [];
  for (const plan of plans.toSorted((a, b) => (a.vmname < b.vmname ? -1 : 1))) {
    const standing = known.standing.get(plan);
    const artefacts = standing === undefined ? ones.flatMap((backend) => backend.emit(plan)) : [];
    const entry = standing ?? entryOf(plan, artefacts, sha256);
    guests.push([plan.vmname, entry]);
    if (standing === undefined) known.made(plan, entry, artefacts);
    for (const artefact of artefacts) yield { ...artefact, path: `${plan.vmname}/${artefact.path}` };
  }
  for (const { plan, artefacts } of built)
    for (const artefact of artefacts) yield { ...artefact, path: `${networksFolder}/${plan.name}/${artefact.path}` };
  const [first] = [...plans, ...networks];
  const [host] = [...storage.pools, ...storage.volumes].map((one) => one.host);
  const { target, release } = first ?? { target: host?.name, release: host?.release };
  const manifest: Manifest = {
    version: manifestVersion,
    target: target ?? '',
    release: release ?? null,
    ...(shared.length === 0 ? {} : { files: filesOf(shared, sha256) }),
    guests: Object.fromEntries(guests),
    ...(built.length === 0 ? {} : { networks: networksOf(built, sha256) }),
    ...(storage.volumes.length === 0 ? {} : { volumes: volumesOf(storage) }),
  };
  yield { path: manifestName, mode: 0o644, text: jsonLines(manifest), secret: false };
}

/** Whether a file of a build is in the folder of a guest, by its path. */
export function isOfGuest(path: string): boolean {
  return path.includes('/') && !path.startsWith(`${networksFolder}/`);
}

/** Volumes as the manifest has them. */
function volumesOf({ volumes }: StoragePlans): NonNullable<Manifest['volumes']> {
  const byPath = new Map(volumes.map((one) => [one.path, one]));
  return Object.fromEntries(
    [...byPath]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, plan]) => {
        const { name, pool, origins, capacity } = plan;
        const source = baseName(origins[0].source.name);
        const how = plan.isMade ? commandsOfVolume(plan).join('; ') : null;
        return [path, { pool: pool.name, name, source, bytes: String(capacity), how }];
      }),
  );
}

function entryOf(plan: Plan, artefacts: readonly Artefact[], sha256: Hash): ManifestGuest {
  return {
    source: baseName(plan.origins[0].source.name),
    arch: plan.arch,
    onPoweroff: plan.onPoweroff,
    takes: takesOf(plan),
    files: filesOf(artefacts, sha256),
  };
}

/** Networks as the manifest has them. */
function networksOf(
  built: readonly { readonly plan: NetworkPlan; readonly artefacts: readonly Artefact[] }[],
  sha256: Hash,
): NonNullable<Manifest['networks']> {
  return Object.fromEntries(
    built.map(({ plan, artefacts }) => {
      const { made } = plan;
      const takes = {
        member: made?.member?.vlan === null ? made.member.dev : null,
        ...(made?.member?.vlan == null ? {} : { vlan: { ...made.member.vlan } }),
        uplink: made?.uplink?.value ?? null,
        forwarding: [...(made?.forwarding ?? [])],
        anchors: made?.firewall?.onlyIfForwarding === false ? [...made.firewall.anchors] : [],
        dnsmasq: made?.dnsmasq != null,
      };
      const files = filesOf(artefacts, sha256);
      const source = baseName(plan.origins[0].source.name);
      return [plan.name, { source, bridge: plan.bridge, service: made?.service ?? null, takes, files }];
    }),
  );
}

function filesOf(artefacts: readonly Artefact[], sha256: Hash): Manifest['guests'][string]['files'] {
  return Object.fromEntries(artefacts.map((artefact) => [artefact.path, describe(artefact, sha256)]));
}

function describe(artefact: Artefact, sha256: Hash): Manifest['guests'][string]['files'][string] {
  const { mode, secret } = artefact;
  return {
    sha256: sha256(hashedContent(artefact)),
    mode: mode.toString(8).padStart(4, '0'),
    ...(secret ? { secret: true } : {}),
  };
}

/** What of a file is hashed for the manifest: nobody is to try secrets on the hash until one fits. */
export function hashedContent(file: Pick<Artefact, 'path' | 'text' | 'bytes' | 'secret'>): string | Uint8Array {
  const { path, text, bytes, secret } = file;
  if (!secret) return contentOf(file);
  return bytes === undefined ? withoutSecrets(path, text) : withoutData(bytes);
}

/** Whether a file of a guest is none of text, by its path. */
export function isBinary(path: string): boolean {
  return path.endsWith('.iso');
}
