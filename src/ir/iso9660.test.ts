/** Volumes, read by a reader of our own: as Linux and FreeBSD find names (Rock Ridge), as Windows does (Joliet), and bare. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoVolume, volumeSize, withoutData, type VolumeFile } from './iso9660.ts';

const sector = 2048;

interface Descriptor {
  readonly type: number;
  readonly label: string;
  readonly sectors: number;
  readonly root: number;
}

/** A number in both orders of bytes; they have to agree. */
function number(bytes: Buffer, at: number): number {
  const value = bytes.readUInt32LE(at);
  expect(bytes.readUInt32BE(at + 4)).toBe(value);
  return value;
}

function text(bytes: Buffer, joliet: boolean): string {
  return (joliet ? Buffer.from(bytes).swap16().toString('utf16le') : bytes.toString('latin1')).trimEnd();
}

function descriptors(image: Buffer): readonly Descriptor[] {
  const found: Descriptor[] = [];
  for (let at = 16 * sector; image[at] !== 255; at += sector) {
    expect(image.toString('latin1', at + 1, at + 6)).toBe('CD001');
    const joliet = image[at] === 2;
    if (joliet) expect(image.toString('latin1', at + 88, at + 91)).toBe('%/E');
    found.push({
      type: image[at] ?? 0,
      label: text(image.subarray(at + 40, at + 72), joliet),
      sectors: number(image, at + 80),
      root: number(image, at + 156 + 2) * sector,
    });
    const table = image.readUInt32LE(at + 140) * sector;
    expect(image.readUInt32LE(table + 2) * sector).toBe(found.at(-1)?.root);
    expect(image.readUInt32BE(image.readUInt32BE(at + 148) * sector + 2) * sector).toBe(found.at(-1)?.root);
  }
  return found;
}

/** The entry of System Use that has that name: its bytes without name, length and version. */
function systemUse(record: Buffer, identifier: number, wanted: string): Buffer | null {
  for (let at = 33 + identifier + ((identifier + 1) % 2); at + 4 <= record.length; at += record[at + 2] ?? 255) {
    if (record.toString('latin1', at, at + 2) === wanted) return record.subarray(at + 4, at + (record[at + 2] ?? 0));
  }
  return null;
}

/** Names and contents in a folder. */
function list(image: Buffer, { root, type }: Descriptor, rockRidge: boolean): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = root; (image[at] ?? 0) > 0; at += image[at] ?? 0) {
    const record = image.subarray(at, at + (image[at] ?? 0));
    expect(record.length % 2).toBe(0);
    const [start, size] = [number(record, 2) * sector, number(record, 10)];
    const length = record[32] ?? 0;
    if (rockRidge) expect(systemUse(record, length, 'PX')?.readUInt32LE(16)).toBe(0);
    if ((record[25] ?? 0) !== 0) continue;
    const plain = text(record.subarray(33, 33 + length), type === 2).replace(/;1$/, '');
    const name = rockRidge ? (systemUse(record, length, 'NM')?.toString('latin1', 1) ?? '') : plain;
    found[name] = image.toString('latin1', start, start + size);
  }
  return found;
}

function volume(files: readonly VolumeFile[]): Buffer {
  return Buffer.from(isoVolume('cidata', files));
}

const files = [
  { name: 'meta-data', bytes: Buffer.from('instance-id: one\n') },
  { name: 'network-config', bytes: Buffer.alloc(0) },
  { name: 'user-data', bytes: Buffer.from('#cloud-config\n'.repeat(1000)) },
  { name: 'vendor-data', bytes: Buffer.alloc(2048, 'v') },
];
const contents = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes.toString('latin1')]));

describe('a volume', () => {
  test('has its name, its size, and its files by both kinds of names', () => {
    const image = volume(files);
    const found = descriptors(image);
    expect(found.map(({ type, label }) => [type, label])).toEqual([
      [1, 'cidata'],
      [2, 'cidata'],
    ]);
    for (const { sectors } of found) expect(sectors * sector).toBe(image.length);
    const [primary, joliet] = found;
    if (primary === undefined || joliet === undefined) throw new Error('there are two descriptors');
    expect(list(image, primary, true)).toEqual(contents);
    expect(list(image, joliet, false)).toEqual(contents);
    expect(Object.keys(list(image, primary, false))).toEqual(['FILE0.', 'FILE1.', 'FILE2.', 'FILE3.']);
  });

  test('says that it uses Rock Ridge, where the kernels of Linux and FreeBSD look for it', () => {
    const image = volume(files);
    const root = descriptors(image)[0]?.root ?? 0;
    const self = image.subarray(root, root + (image[root] ?? 0));
    expect(systemUse(self, 1, 'SP')).toEqual(Buffer.from([0xbe, 0xef, 0]));
    const more = systemUse(self, 1, 'CE');
    if (more === null) throw new Error('there is no continuation');
    const at = number(more, 0) * sector + number(more, 8);
    expect(image.toString('latin1', at, at + 2)).toBe('ER');
    expect(image.toString('latin1', at + 8, at + 18)).toBe('RRIP_1991A');
    expect(image[at + 2]).toBe(number(more, 16));
  });

  test('holds any bytes, is as large as it was said to be, and is the same each time', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 4 }), (parts) => {
        const some = parts.map((bytes, i) => ({ name: `part-${String(i)}`, bytes }));
        const image = volume(some);
        const [primary] = descriptors(image);
        if (primary === undefined) throw new Error('there is a descriptor');
        const expected = some.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('latin1')] as const);
        expect(list(image, primary, true)).toEqual(Object.fromEntries(expected));
        expect(image.length).toBe(volumeSize(parts.map(({ length }) => length)));
        expect(volume(some).equals(image)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('without its data tells nothing but names and sizes', () => {
    const other = files.map(({ name, bytes }) => ({ name, bytes: Buffer.alloc(bytes.length, 'x') }));
    expect(withoutData(volume(files))).toEqual(withoutData(volume(other)));
    expect(withoutData(volume(files))).not.toEqual(withoutData(volume(files.slice(1))));
  });
});

const hasXorriso = spawnSync('xorriso', ['-version']).status === 0;

test.runIf(hasXorriso)('xorriso reads it as we do', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-iso-'));
  try {
    const image = path.join(folder, 'seed.iso');
    writeFileSync(image, volume(files));
    const words = ['-osirrox', 'on', '-indev', image, '-pvd_info', '-extract', '/', path.join(folder, 'all')];
    const { status, stdout, stderr } = spawnSync('xorriso', words, { encoding: 'utf8' });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Volume Id *: *cidata$/m);
    for (const { name, bytes } of files) expect(readFileSync(path.join(folder, 'all', name)).equals(bytes)).toBe(true);
  } finally {
    spawnSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true });
  }
});
