/**
 * What a build knows of the one before it, by its manifest. It is read field by field, and not by its shape: of a damaged
 * entry the others are still believed.
 */
import { networksFolder } from '../ir/network/network-plan.ts';
import { isObject, jsonIn } from '../text/json.ts';

/** Version of the manifest's shape; a build refuses one that it does not know. */
export const manifestVersion = 1;

/** A file that an earlier build made. */
export interface KnownFile {
  readonly path: string;
  /** In hexadecimal, of {@link hashedContent}. */
  readonly sha256: string;
  readonly secret: boolean;
}

/** What a manifest has of one thing, as JSON gives it. */
type Fields = Readonly<Record<string, unknown>>;

/** What a manifest knows. */
export interface KnownBuild {
  readonly files: readonly KnownFile[];
  /** Networks by their names. */
  readonly networks: ReadonlyMap<string, Fields>;
  /** Volumes by their paths. */
  readonly volumes: ReadonlyMap<string, Fields>;
}

/** That of a folder without a manifest. */
export const nothingKnown: KnownBuild = { files: [], networks: new Map(), volumes: new Map() };

/** Reads a manifest, or says why it cannot be used. Paths that leave the folder are not believed. */
export function readManifest(text: string): KnownBuild | { readonly problem: string } {
  const value = jsonIn(text);
  if (value === undefined) return { problem: 'is not a manifest of bhyvec: it is not JSON' };
  const manifest = fieldsOf(value);
  if (typeof manifest['version'] !== 'number' || typeof manifest['guests'] !== 'object') {
    return { problem: 'is not a manifest of bhyvec' };
  }
  if (manifest['version'] !== manifestVersion) {
    return {
      problem: `has version ${String(manifest['version'])}, and this bhyvec knows ${String(manifestVersion)} only`,
    };
  }
  const [networks, volumes] = [thingsIn(manifest['networks']), thingsIn(manifest['volumes'])];
  const ofGuests = [...thingsIn(manifest['guests'])].flatMap(([name, { files }]) => knownFiles(`${name}/`, files));
  const ofNetworks = [...networks].flatMap(([name, { files }]) => knownFiles(`${networksFolder}/${name}/`, files));
  return { files: [...ofGuests, ...ofNetworks, ...knownFiles('', manifest['files'])], networks, volumes };
}

function thingsIn(things: unknown): ReadonlyMap<string, Fields> {
  return new Map(Object.entries(fieldsOf(things)).map(([name, thing]) => [name, fieldsOf(thing)]));
}

function knownFiles(folder: string, files: unknown): readonly KnownFile[] {
  return Object.entries(fieldsOf(files)).flatMap(([file, known]) => knownFile(`${folder}${file}`, known));
}

function knownFile(path: string, value: unknown): readonly KnownFile[] {
  const { sha256, secret } = fieldsOf(value);
  const isInside = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isInside || path.includes('\0') || typeof sha256 !== 'string') return [];
  return [{ path, sha256, secret: secret === true }];
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}
