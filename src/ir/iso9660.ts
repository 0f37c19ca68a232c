/**
 * A small ISO 9660 volume (ECMA-119) of files in one folder, with their names as they are by Rock Ridge (IEEE P1282, for
 * Linux and FreeBSD) and by Joliet (for Windows). The same files give the same bytes: dates are fixed, owner is root.
 */
import { invariant } from '../diagnostics/invariant.ts';

/** One file of the volume. */
export interface VolumeFile {
  /** Up to 64 characters: letters, digits, `.`, `-`, `_`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const sectorSize = 2048;
/** Where what is always there begins, in sectors: section 8 of ECMA-119 leaves the first 16 to the system. */
const place = {
  primary: 16,
  joliet: 17,
  end: 18,
  pathTables: 19,
  jolietPathTables: 21,
  root: 23,
  /** What does not fit into the first record of the root: the name of the extension (SUSP, "CE" and "ER"). */
  continuation: 24,
  jolietRoot: 25,
  data: 26,
} as const;
/** 1 January 2000 in UTC, as a directory has it (section 9.1.5) and as a volume has it (section 8.4.26.1). */
const recordDate = [100, 1, 1, 0, 0, 0, 0];
const volumeDate = '2000010100000000';
const noDate = '0000000000000000';
/** A path table with nothing but the root (section 9.4). */
const pathTableSize = 10;
const isFolder = 2;

/** Where a file of the volume begins, and how long it is in bytes. */
interface Extent {
  readonly sector: number;
  readonly size: number;
}

interface PlacedFile extends VolumeFile, Extent {}

/**
 * Gives the bytes of the volume, whole sectors of 2048 bytes.
 * @param label the name of the volume, up to 16 letters
 */
export function isoVolume(label: string, files: readonly VolumeFile[]): Uint8Array {
  const placed = placeFiles(files);
  const last = placed.at(-1);
  const sectors = last === undefined ? place.data : last.sector + sectorsOf(last.size);
  const image = new Uint8Array(sectors * sectorSize);
  image.set(descriptor(label, sectors, false), place.primary * sectorSize);
  image.set(descriptor(label, sectors, true), place.joliet * sectorSize);
  image.set([255, ...ascii('CD001', 5), 1], place.end * sectorSize);
  for (const [joliet, table] of [place.pathTables, place.jolietPathTables].entries()) {
    const root = joliet === 1 ? place.jolietRoot : place.root;
    image.set([1, 0, ...little(root, 4), 1, 0, 0, 0], table * sectorSize);
    image.set([1, 0, ...big(root, 4), 0, 1, 0, 0], (table + 1) * sectorSize);
  }
  image.set(primaryRoot(placed), place.root * sectorSize);
  image.set(extensionReference(), place.continuation * sectorSize);
  image.set(jolietRoot(placed), place.jolietRoot * sectorSize);
  for (const { sector, bytes } of placed) image.set(bytes, sector * sectorSize);
  return image;
}

/** How large a volume of files of these sizes is, in bytes. */
export function volumeSize(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + sectorsOf(size), place.data) * sectorSize;
}

/** A volume with zeros in the place of what its files hold. */
export function withoutData(image: Uint8Array): Uint8Array {
  return Uint8Array.from(image).fill(0, place.data * sectorSize);
}

function placeFiles(files: readonly VolumeFile[]): readonly PlacedFile[] {
  let sector: number = place.data;
  return files.map((file) => {
    const at = { sector, size: file.bytes.length };
    sector += sectorsOf(file.bytes.length);
    return { ...file, ...at };
  });
}

function sectorsOf(size: number): number {
  return Math.ceil(size / sectorSize);
}

/** The primary descriptor (section 8.4), or the supplementary one of Joliet (section 8.5; UCS-2, level 3). */
function descriptor(label: string, sectors: number, joliet: boolean): readonly number[] {
  const text = (value: string, length: number): readonly number[] =>
    joliet ? [...ucs2(value), ...blanks(length, true)].slice(0, length) : [...ascii(value, length)];
  const root = joliet ? place.jolietRoot : place.root;
  const table = joliet ? place.jolietPathTables : place.pathTables;
  const bytes = [
    joliet ? 2 : 1,
    ...ascii('CD001', 5),
    ...[1, 0],
    ...text('', 32),
    ...text(label, 32),
    ...zeros(8),
    ...both(sectors, 4),
    // %/E: UCS-2, level 3.
    ...(joliet ? [0x25, 0x2f, 0x45, ...zeros(29)] : zeros(32)),
    ...both(1, 2),
    ...both(1, 2),
    ...both(sectorSize, 2),
    ...both(pathTableSize, 4),
    ...[...little(table, 4), ...zeros(4), ...big(table + 1, 4), ...zeros(4)],
    ...record([0], { sector: root, size: sectorSize }, isFolder),
    // The set, the publisher, who prepared it, the program; then three names of files.
    ...[128, 128, 128, 128, 37, 37, 37].flatMap((length) => text('', length)),
    ...[volumeDate, volumeDate, noDate, noDate].flatMap((date) => [...ascii(date, 16), 0]),
    ...[1, 0],
  ];
  return bytes;
}

/** The records of the folder itself, of the one above, which is itself, and of the files in the order of their names. */
function primaryRoot(files: readonly PlacedFile[]): readonly number[] {
  const self = { sector: place.root, size: sectorSize };
  const folder = attributes(0o040555, 2);
  // SP says that Rock Ridge is used, CE where the rest of this record is.
  const more = [...big(0x4345, 2), 28, 1, ...both(place.continuation, 4), ...both(0, 4)];
  const first = [...[0x53, 0x50, 7, 1, 0xbe, 0xef, 0], ...folder, ...more, ...both(extensionReference().length, 4)];
  const names = files.map((file, i) => ({ file, short: `FILE${String(i)}.;1` }));
  const records = [
    ...record([0], self, isFolder, first),
    ...record([1], self, isFolder, folder),
    ...names.flatMap(({ file, short }) =>
      record([...ascii(short, short.length)], file, 0, [...attributes(0o100444, 1), ...alternateName(file.name)]),
    ),
  ];
  invariant(records.length <= sectorSize, 'the files of a volume fit into one sector of its folder');
  return records;
}

function jolietRoot(files: readonly PlacedFile[]): readonly number[] {
  const self = { sector: place.jolietRoot, size: sectorSize };
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const records = [
    ...record([0], self, isFolder),
    ...record([1], self, isFolder),
    ...sorted.flatMap((file) => record(ucs2(`${file.name};1`), file, 0)),
  ];
  invariant(records.length <= sectorSize, 'the files of a volume fit into one sector of its folder');
  return records;
}

/** A record of a folder (section 9.1), of an even number of bytes. */
function record(
  identifier: readonly number[],
  { sector, size }: Extent,
  flags: number,
  system: readonly number[] = [],
): readonly number[] {
  const odd = identifier.length % 2 === 0 ? [0] : [];
  const length = 33 + identifier.length + odd.length + system.length;
  const padding = length % 2;
  return [
    ...[length + padding, 0],
    ...both(sector, 4),
    ...both(size, 4),
    ...recordDate,
    ...[flags, 0, 0],
    ...both(1, 2),
    ...[identifier.length, ...identifier, ...odd],
    ...system,
    ...zeros(padding),
  ];
}

/** "PX": the mode and the number of links; the owner and the group are root and wheel. */
function attributes(mode: number, links: number): readonly number[] {
  return [0x50, 0x58, 36, 1, ...both(mode, 4), ...both(links, 4), ...both(0, 4), ...both(0, 4)];
}

/** "NM": the name as it is. */
function alternateName(name: string): readonly number[] {
  return [0x4e, 0x4d, 5 + name.length, 1, 0, ...ascii(name, name.length)];
}

/** "ER": the extension that is used; a reader may look for its name. */
function extensionReference(): readonly number[] {
  const [id, text, source] = [
    'RRIP_1991A',
    'THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS',
    'SEE IEEE P1282',
  ];
  const texts = [id, text, source].map((one) => [...ascii(one, one.length)]);
  const lengths = texts.map((one) => one.length);
  const all = texts.flat();
  return [0x45, 0x52, 8 + all.length, 1, ...lengths, 1, ...all];
}

function ascii(text: string, length: number): readonly number[] {
  return Array.from({ length }, (_, i) => (i < text.length ? text.charCodeAt(i) : 0x20));
}

function ucs2(text: string): readonly number[] {
  return Array.from(text, (letter) => big(letter.charCodeAt(0), 2)).flat();
}

function blanks(length: number, wide: boolean): readonly number[] {
  return Array.from({ length }, (_, i) => (wide && i % 2 === 0 ? 0 : 0x20));
}

function zeros(length: number): readonly number[] {
  return Array.from({ length }, () => 0);
}

function little(value: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255);
}

function big(value: number, bytes: number): readonly number[] {
  return little(value, bytes).toReversed();
}

/** Both orders, as most numbers of a volume are (section 7.2.3 and 7.3.3). */
function both(value: number, bytes: number): readonly number[] {
  return [...little(value, bytes), ...big(value, bytes)];
}
