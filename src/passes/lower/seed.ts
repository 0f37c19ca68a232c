/**
 * `<b:cloud-init>` to a NoCloud volume: what is in it, and the drive that the guest has it in (cloud-init's documentation,
 * "NoCloud"; bhyve(8), "ahci" and "virtio-blk"). Reports: BV2550, BV2551.
 */
import { invariant } from '../../diagnostics/invariant.ts';
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { CloudInit, SeedFile, SeedName } from '../../frontend/elements/cloud-init.ts';
import type { Device } from '../../ir/emulations/index.ts';
import { noBlockOptions } from '../../ir/emulations/block.ts';
import { isoVolume, volumeSize, type VolumeFile } from '../../ir/iso9660.ts';
import type { Machine } from '../../ir/machine.ts';
import { derivedDigest } from '../../ir/names.ts';
import { holdsSecrets } from '../../ir/seed.ts';
import { largestSeed } from '../../ir/steps/seed.ts';
import { mebibytes } from '../../text/limits.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { placeOf } from './place.ts';

/** The name that cloud-init, cloudbase-init and nuageinit look for. */
const label = 'cidata';
/** The device in the lock, and in messages. */
const owner = 'cloud-init';

/** The volume with its files; null for a guest that has none, or has one of which something cannot be read. */
export function lowerSeed(complete: CompleteDomain, context: Context): Machine['seed'] {
  const element = elementOf(complete, context);
  if (element === null) return null;
  const { dialect, host, reporter } = context;
  const written = element.files.map((file) => ({ file, bytes: bytesOf(file, context) }));
  if (!dialect.ours('own-elements') || written.some(({ bytes }) => bytes === null)) return null;
  const files = withDefaults(
    written.flatMap(({ file, bytes }) => (bytes === null ? [] : [{ name: file.name, bytes }])),
    complete,
  );
  const size = volumeSize(files.map(({ bytes }) => bytes.length));
  if (size > largestSeed) {
    const { at, value: file } = largestOf(written);
    reporter.report('BV2550', at, { file, reason: `the volume would be larger than ${mebibytes(largestSeed)}` });
    return null;
  }
  const texts = files.map(({ name, bytes }) => ({
    name,
    bytes,
    secret: holdsSecrets(new TextDecoder().decode(bytes)),
  }));
  return {
    path: `${host.stateDirectory}/${complete.domain.name.value}.seed.iso`,
    files: texts.map(({ name, bytes, secret }) => ({
      name,
      size: bytes.length,
      digest: secret ? null : derivedDigest(bytes, 16),
    })),
    secret: texts.some(({ secret }) => secret),
    image: () => isoVolume(label, files),
    origins: [element.at],
    at: element.at,
  };
}

/** The drive: a controller of its own, so that it moves no disk. */
export function lowerSeedDrive(complete: CompleteDomain, context: Context): readonly Device[] {
  const element = elementOf(complete, context);
  if (element === null) return [];
  const origins: Origins = [element.at];
  const path: Located<string> = {
    value: `${context.host.stateDirectory}/${complete.domain.name.value}.seed.iso`,
    at: element.at,
  };
  const remembered = complete.recall.named(owner);
  const place = placeOf({ owner, remembered, address: null, origins, libvirtPrintsFunction: false }, context);
  const options = { ...noBlockOptions, readonly: element.bus?.value === 'virtio' };
  context.uses.take(element.bus);
  if (options.readonly) return [{ kind: 'virtio-blk', place, path, serial: null, options, origins }];
  const port = {
    unit: null,
    type: 'cd',
    path,
    rotationRate: null,
    serial: null,
    model: null,
    options,
    origins,
  } as const;
  return [{ kind: 'ahci', place, ports: [port], multiPort: context.host.capabilities.has('ahci-ports'), origins }];
}

function elementOf({ domain }: CompleteDomain, { dialect }: Context): CloudInit | null {
  return dialect.ours('own-elements') ? domain.cloudInit : null;
}

/** The bytes of a part; null where its file cannot be read, which is reported. */
function bytesOf({ name, at, source, value }: SeedFile, { reporter, uses }: Context): Uint8Array | null {
  uses.take(at);
  uses.take(value);
  const found = source === 'text' ? new TextEncoder().encode(value.value) : value.at.source.files?.get(value.value);
  if (found === undefined || typeof found === 'string') {
    reporter.report('BV2550', value.at, { file: value.value, reason: found ?? 'nobody has read it for the compiler' });
    return null;
  }
  if (name === 'user-data' && !isKnownUserData(found)) reporter.report('BV2551', at, { first: firstWord(found) });
  return found;
}

/** How what cloud-init takes as user-data begins (its documentation, "User-data formats"); it passes over all else. */
const beginnings = ['#cloud-config', '#!', '#include', '#cloud-boothook', '#part-handler', '## template:'];
const mimeHeader = /^(?:content-type|mime-version):/i;

function isKnownUserData(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return true;
  const start = new TextDecoder().decode(bytes.subarray(0, 64));
  // gzip: what is in it has its own beginning.
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isCompressed || mimeHeader.test(start) || beginnings.some((one) => start.startsWith(one));
}

/** What is shown of it: never more than a word, for it may be a secret. */
function firstWord(bytes: Uint8Array): string {
  const [first = ''] = /^[#\w-]{0,20}/.exec(new TextDecoder().decode(bytes.subarray(0, 64))) ?? [];
  return first === '' || holdsSecrets(first) ? 'something else' : `'${first}'`;
}

/** cloud-init takes a volume for one of its own only if these two are on it. */
function withDefaults(
  files: readonly { readonly name: SeedName; readonly bytes: Uint8Array }[],
  { domain, uuid }: CompleteDomain,
): readonly VolumeFile[] {
  const host = domain.name.value.replaceAll(/[^A-Za-z0-9.-]/g, '-');
  const usual: readonly (readonly [SeedName, string])[] = [
    ['meta-data', `instance-id: ${uuid.toLowerCase()}\nlocal-hostname: ${host}\n`],
    ['user-data', '#cloud-config\n{}\n'],
  ];
  const missing = usual.filter(([name]) => files.every((file) => file.name !== name));
  const added = missing.map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }));
  return [...files, ...added].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The file that is to blame: a document alone is never so large. */
function largestOf(
  files: readonly { readonly file: SeedFile; readonly bytes: Uint8Array | null }[],
): SeedFile['value'] {
  const [first] = files.toSorted((a, b) => (b.bytes?.length ?? 0) - (a.bytes?.length ?? 0));
  invariant(first !== undefined, 'a volume that is too large has a file');
  return first.file.value;
}
