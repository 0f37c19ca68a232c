/**
 * What a build writes: a folder for each guest, and a manifest that knows all files, so that a later build can tell what
 * it may remove. Secrets have no hash in the manifest: a short password could be found from it.
 */
import type { HostStep, Plan } from '../ir/plan.ts';
import type { Artefact, Backend } from './backend.ts';
import { origin } from './text/origin.ts';

/** Version of the manifest's shape. */
export const manifestVersion = 1;
/** Name of the manifest in the folder of a build. */
export const manifestName = 'manifest.json';

/** What the manifest says of one file. */
export interface ManifestFile {
  /** Hexadecimal; null for a file with a secret. */
  readonly sha256: string | null;
  /** Octal, as chmod(1) reads it. */
  readonly mode: string;
}

/** The files of one build. */
export interface BuildTree {
  /** Paths below the folder of the build, in order, the manifest last. */
  readonly files: readonly Artefact[];
}

/** Gives all files for the guests, in the order of the guests. */
export function buildTree(
  plans: readonly Plan[],
  backends: readonly Backend[],
  sha256: (text: string) => string,
): BuildTree {
  const guests = plans
    .map((plan) => ({ plan, artefacts: backends.flatMap((backend) => backend.emit(plan)) }))
    .toSorted((a, b) => (a.plan.vmname < b.plan.vmname ? -1 : 1));
  const files = guests.flatMap(({ plan, artefacts }) =>
    artefacts.map((artefact) => ({ ...artefact, path: `${plan.vmname}/${artefact.path}` })),
  );
  const manifest = {
    version: manifestVersion,
    targets: [...new Set(plans.map(({ target }) => target))],
    guests: Object.fromEntries(
      guests.map(({ plan, artefacts }) => [
        plan.vmname,
        {
          source: origin(plan.origins),
          target: plan.target,
          takes: demandOf(plan),
          files: Object.fromEntries(artefacts.map((artefact) => [artefact.path, describe(artefact, sha256)])),
        },
      ]),
    ),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return { files: [...files, { path: manifestName, mode: 0o644, text, secret: false }] };
}

function describe({ text, mode, secret }: Artefact, sha256: (text: string) => string): ManifestFile {
  return { sha256: secret ? null : sha256(text), mode: mode.toString(8).padStart(4, '0') };
}

/** What a guest takes from the host. */
function demandOf(plan: Plan): object {
  const all = <K extends HostStep['kind']>(kind: K): readonly (HostStep & { readonly kind: K })[] =>
    plan.steps.filter((step): step is HostStep & { readonly kind: K } => step.kind === kind);
  return {
    ...plan.demand,
    modules: all('module').map(({ names }) => names[0] ?? ''),
    taps: all('tap').map(({ name, bridge, mtu }) => ({ name, bridge, mtu })),
    ports: all('port').map(({ address, port, automatic }) => ({ address, port, automatic })),
    disks: all('file').flatMap(({ path, purpose, access }) =>
      purpose === 'disk' || purpose === 'cdrom' ? [{ path, access }] : [],
    ),
    directories: all('directory').map(({ path }) => path),
    nvram: all('nvram').map(({ path }) => path),
    ppt: all('ppt').map(({ bus, slot, function: fn }) => [bus, slot, fn].join('/')),
    sockets: all('socket').map(({ path }) => path),
    nmdm: all('nmdm').map(({ pair }) => pair.guest),
    startAfter: plan.startAfter,
  };
}

/** A file that an earlier build made. */
export interface KnownFile {
  readonly path: string;
  readonly sha256: string | null;
}

/** The files that a manifest names; none where the text is no manifest of ours. Paths that leave the folder are not believed. */
export function filesOfManifest(text: string): readonly KnownFile[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return [];
  }
  const guests = fieldsOf(fieldsOf(manifest)['guests']);
  return Object.entries(guests).flatMap(([name, guest]) =>
    Object.entries(fieldsOf(fieldsOf(guest)['files'])).flatMap(([file, known]) => {
      const path = `${name}/${file}`;
      const isInside = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
      const sha256 = fieldsOf(known)['sha256'];
      return isInside ? [{ path, sha256: typeof sha256 === 'string' ? sha256 : null }] : [];
    }),
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
