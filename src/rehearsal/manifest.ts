/** What a rehearsal reads of a build: its manifest, and which guests are to run, in the order in which they can start. */
import path from 'node:path';
import { manifestName, manifestVersion } from '../backends/tree.ts';
import { printable } from '../diagnostics/printable.ts';
import { isGuestName } from '../ir/names.ts';
import type { Takes } from '../ir/steps/takes.ts';
import { FolderProblem } from '../build/problem.ts';
import { UsageError } from '../system/terminal.ts';
import { readBuilt } from './read-built.ts';
import { fields, flag, list, oneOf, optional, orNull, record, text, whole, type Fault, type Shape } from './shape.ts';

/** One file of a guest, as the manifest describes it. */
export interface BuiltFile {
  /** Of the text, or of the text without its secrets. */
  readonly sha256: string;
  readonly mode: string;
  readonly secret?: boolean;
}

/** One guest of a build. */
export interface BuiltGuest {
  readonly name: string;
  readonly arch: string;
  readonly takes: Takes;
  /** What follows when the guest powers off. */
  readonly onPoweroff: string;
  /** By the path below the folder of the guest. */
  readonly files: Readonly<Record<string, BuiltFile>>;
}

/** A build, as far as a rehearsal needs it. */
export interface Build {
  readonly target: string;
  /** FreeBSD release that it is for; null where the host profile did not say. */
  readonly release: string | null;
  readonly guests: readonly BuiltGuest[];
}

/** The manifest as our own build writes it. */
interface Manifest extends Omit<Build, 'guests'> {
  readonly version: number;
  readonly guests: Readonly<Record<string, Omit<BuiltGuest, 'name'>>>;
}

/** Reads the manifest of a build. Throws a {@link FolderProblem}. */
export function readBuild(folder: string): Build {
  const file = path.join(folder, manifestName);
  const value = parse(readBuilt(folder, manifestName));
  const fault = faultOf(value);
  if (fault !== null || !isManifest(value)) {
    const where = fault === null || fault.at === '' ? '' : ` (${printable(fault.at)} ${fault.what})`;
    throw new FolderProblem(`${file}: is not a manifest of this bhyvec: build the guests again${where}`);
  }
  const { target, release, guests } = value;
  for (const [name, { files }] of Object.entries(guests)) {
    if (!('launch' in files)) throw new FolderProblem(`${folder}/${name}: was built without its launcher`);
  }
  return { target, release, guests: Object.entries(guests).map(([name, guest]) => ({ name, ...guest })) };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

const longest = 4096;
/** Of a guest, in characters. */
const longestName = 229;
const anyText = text(/^\P{Cc}*$/u, 'a text of one line');
const someText = text(/^\P{Cc}+$/u, 'a text of one line');
const hostPath: Shape = (value, at) =>
  typeof value === 'string' && value.length > longest
    ? { at, what: `has more than ${String(longest)} characters` }
    : someText(value, at);
const interfaceName = text(/^(?!\.+$)[A-Za-z0-9_.:-]{1,64}$/, 'the name of an interface');
const pciDevice = text(/^\d{1,3}\/\d{1,2}\/\d{1,3}$/, 'a PCI device, BUS/SLOT/FUNCTION');
const guestName: Shape = (name, at) =>
  typeof name === 'string' && name.length <= longestName && isGuestName(name)
    ? null
    : { at, what: 'is not named as a guest can be' };
const filePath = text(/^(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\p{Cc}]+$/u, 'named as files of a build are');

const takes = fields({
  memoryMib: whole(1, 2 ** 43),
  wired: flag,
  vcpus: whole(1, 65_535),
  cpuset: orNull(anyText),
  programs: list(hostPath),
  modules: list(list(someText)),
  bridges: list(interfaceName),
  taps: list(fields({ name: interfaceName, bridge: orNull(interfaceName), mtu: orNull(whole(0, 65_535)) })),
  ports: list(fields({ address: anyText, port: whole(0, 65_535), last: whole(0, 65_535) })),
  files: list(fields({ path: hostPath, purpose: anyText, access: anyText })),
  directories: list(fields({ path: hostPath, access: anyText })),
  nvram: list(fields({ path: hostPath, template: orNull(hostPath) })),
  ppt: list(pciDevice),
  managedPpt: list(pciDevice),
  sockets: list(hostPath),
  nmdm: list(fields({})),
  limits: list(someText),
  startAfter: list(anyText),
});

const manifestShape = fields({
  target: anyText,
  release: orNull(anyText),
  guests: record(
    guestName,
    fields({
      arch: oneOf('amd64', 'arm64'),
      onPoweroff: oneOf('destroy', 'restart', 'preserve'),
      takes,
      files: record(
        filePath,
        fields({
          sha256: text(/^[0-9a-f]{64}$/, 'a SHA-256'),
          mode: text(/^0[0-7]{3}$/, 'a mode in octal'),
          secret: optional(flag),
        }),
      ),
    }),
  ),
});

/** The version stands for the whole shape; what a hand may have spoilt is looked at all the same. */
function faultOf(value: unknown): Fault | null {
  const version = fields({ version: whole(manifestVersion, manifestVersion) })(value, '');
  return version ?? manifestShape(value, '');
}

function isManifest(value: unknown): value is Manifest {
  return faultOf(value) === null;
}

/** The guests of these names, or all; each after those that it starts after. Throws a {@link UsageError}. */
export function chooseGuests({ guests }: Build, names: readonly string[]): readonly BuiltGuest[] {
  const byName = new Map(guests.map((guest) => [guest.name, guest]));
  const unknown = names.find((name) => !byName.has(name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no guest '${unknown}' in this build; there are ${[...byName.keys()].join(', ')}`);
  }
  const wanted = new Set(names.length === 0 ? byName.keys() : names);
  const ordered = new Set<BuiltGuest>();
  const visited = new Set<string>();
  const visit = (guest: BuiltGuest): void => {
    if (visited.has(guest.name)) return;
    visited.add(guest.name);
    for (const name of guest.takes.startAfter) {
      const other = byName.get(name);
      if (other !== undefined && wanted.has(name)) visit(other);
    }
    ordered.add(guest);
  };
  for (const guest of guests) if (wanted.has(guest.name)) visit(guest);
  return [...ordered];
}
