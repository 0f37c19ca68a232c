/**
 * Readers of single values: text of the XML to a typed value, or a BV03 diagnostic at the value and null. The rules of
 * what is accepted are those of libvirt's parser (formatdomain), white space around numbers tolerated.
 */
import type { Reporter } from '../diagnostics/reporter.ts';
import type { Located } from '../diagnostics/source.ts';

/** A word out of a fixed list. */
export function readWord<W extends string>(
  found: Located<string> | null,
  words: readonly W[],
  what: string,
  reporter: Reporter,
): Located<W> | null {
  if (found === null) return null;
  const word = words.find((candidate) => candidate === found.value);
  if (word !== undefined) return { value: word, at: found.at };
  reporter.report('BV0303', found.at, { value: found.value, what, accepted: words.join(', ') });
  return null;
}

/** `yes` or `no`. */
export function readYesNo(found: Located<string> | null, what: string, reporter: Reporter): Located<boolean> | null {
  const word = readWord(found, ['yes', 'no'] as const, what, reporter);
  return word === null ? null : { value: word.value === 'yes', at: word.at };
}

/** What a number may be. */
export interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
  /** Hexadecimal with 0x and octal with a leading 0 are numbers too, as in PCI addresses. */
  readonly anyBase?: boolean;
  /** Numbers beyond the limits that stand for something, such as 0 for none: taken, and not told. */
  readonly isMeant?: (number: number) => boolean;
}

/** A whole number; by default 0 to 4294967295, an unsigned int. */
export function readNumber(
  found: Located<string> | null,
  what: string,
  reporter: Reporter,
  { min = 0, max = 4_294_967_295, anyBase = false, isMeant = () => false }: NumberLimits = {},
): Located<number> | null {
  if (found === null) return null;
  const text = found.value.trim();
  const value = anyBase ? parseAnyBase(text) : /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(value) && ((value >= min && value <= max) || isMeant(value))) return { value, at: found.at };
  reporter.report('BV0304', found.at, { value: found.value, what, min, max });
  return null;
}

function parseAnyBase(text: string): number {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Bytes of each memory unit, by its lower-case name. `KB` is 1000, `KiB` and `k` are 1024. Blanks around one are not taken. */
const memoryUnits: ReadonlyMap<string, bigint> = new Map(
  ['k', 'm', 'g', 't', 'p', 'e'].flatMap((letter, i): [string, bigint][] => {
    const binary = 1024n ** BigInt(i + 1);
    return [
      [letter, binary],
      [`${letter}ib`, binary],
      [`${letter}b`, 1000n ** BigInt(i + 1)],
    ];
  }),
)
  .set('b', 1n)
  .set('byte', 1n)
  .set('bytes', 1n);

/** What libvirt's virScaleInteger is told by those who read a size: bytes of a number without a unit, and the most bytes. */
interface SizeRules {
  readonly withoutUnit: bigint;
  readonly most: bigint;
}

/** virStorageSize: an offset has a sign. */
const ofStorage: SizeRules = { withoutUnit: 1n, most: 2n ** 63n - 1n };
/** virDomainParseMemory: the same, rounded up to whole KiB. */
const ofMemory: SizeRules = { withoutUnit: 1024n, most: 2n ** 63n - 1024n };

/**
 * A size in bytes, as libvirt reads `<capacity unit='...'>` of storage.
 * @param unit the `unit` attribute; bytes where there is none, or an empty one
 */
export function readBytes(
  found: Located<string> | null,
  unit: Located<string> | null,
  what: string,
  reporter: Reporter,
  { withoutUnit, most }: SizeRules = ofStorage,
): Located<bigint> | null {
  if (found === null) return null;
  const factor = unit === null || unit.value === '' ? withoutUnit : memoryUnits.get(unit.value.toLowerCase());
  if (factor === undefined) {
    if (unit !== null) reporter.report('BV0305', unit.at, { value: unit.value });
    return null;
  }
  const text = found.value.trim();
  const bytes = /^\+?\d+$/.test(text) ? BigInt(text) * factor : null;
  if (bytes !== null && bytes <= most) return { value: bytes, at: found.at };
  reporter.report('BV0306', found.at, { value: found.value, what });
  return null;
}

/**
 * An amount of memory in KiB, rounded up, as libvirt reads `<memory unit='...'>`.
 * @param unit the `unit` attribute; KiB where there is none, or an empty one
 */
export function readMemory(
  found: Located<string> | null,
  unit: Located<string> | null,
  what: string,
  reporter: Reporter,
): Located<bigint> | null {
  const bytes = readBytes(found, unit, what, reporter, ofMemory);
  return bytes === null ? null : { value: (bytes.value + 1023n) / 1024n, at: bytes.at };
}

/** A UUID in lower-case canonical form; hyphens may stand between any two bytes, as libvirt accepts them. */
export function readUuid(found: Located<string> | null, reporter: Reporter): Located<string> | null {
  if (found === null) return null;
  if (!/^\s*(?:-*[0-9a-f]{2}){16}\s*$/i.test(found.value)) {
    reporter.report('BV0307', found.at, { value: found.value });
    return null;
  }
  const hex = found.value.replace(/[-\s]/g, '').toLowerCase();
  const cut = [0, 8, 12, 16, 20].map((start, i, all) => hex.slice(start, all[i + 1]));
  return { value: cut.join('-'), at: found.at };
}

/** A unicast MAC address in lower-case colon form. */
export function readMac(found: Located<string> | null, reporter: Reporter): Located<string> | null {
  if (found === null) return null;
  const bytes = found.value.trim().split(':');
  const good = bytes.length === 6 && bytes.every((byte) => /^[0-9a-f]{1,2}$/i.test(byte));
  const problem = !good
    ? 'is not six bytes in hexadecimal with colons between them'
    : (Number.parseInt(bytes[0] ?? '', 16) & 1) === 1
      ? 'is a multicast address'
      : null;
  if (problem === null)
    return { value: bytes.map((byte) => byte.toLowerCase().padStart(2, '0')).join(':'), at: found.at };
  reporter.report('BV0308', found.at, { value: found.value, problem });
  return null;
}

/** The highest CPU number of a set that libvirt accepts. */
const maximumCpu = 16_383;

/**
 * A set of CPUs such as `1-4,^2`, ascending and not empty.
 * @param what the attribute, for the message
 */
export function readCpuSet(
  found: Located<string> | null,
  what: string,
  reporter: Reporter,
): Located<readonly number[]> | null {
  if (found === null) return null;
  const set = parseCpuSet(found.value);
  if (set !== null && set.length > 0) return { value: set, at: found.at };
  reporter.report('BV0309', found.at, { value: found.value, what });
  return null;
}

function parseCpuSet(text: string): readonly number[] | null {
  const set = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\^?)\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    if (match === null) return null;
    const first = Number(match[2]);
    const last = match[3] === undefined ? first : Number(match[3]);
    if (last < first || last > maximumCpu || (match[1] === '^' && match[3] !== undefined)) return null;
    for (let cpu = first; cpu <= last; cpu++) {
      if (match[1] === '^') set.delete(cpu);
      else set.add(cpu);
    }
  }
  return [...set].toSorted((a, b) => a - b);
}
