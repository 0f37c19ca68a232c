/** `<blkiotune>`, `<memtune>` and `<sysinfo>` (formatdomain, "Block I/O Tuning", "Memory Tuning", "SMBIOS"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readMemory, readNumber, readWord, readUuid } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readFwcfgItems, type FwcfgItem } from './fwcfg.ts';

/** Limits on block I/O for one path; 0 is no limit. Rates are per second. */
export interface BlkioDevice {
  readonly at: Span;
  readonly path: Located<string>;
  readonly weight: Located<number> | null;
  readonly readIops: Located<number> | null;
  readonly writeIops: Located<number> | null;
  readonly readBps: Located<number> | null;
  readonly writeBps: Located<number> | null;
}

/** Limits on memory. */
export interface Memtune {
  readonly hardLimitKib: Located<bigint> | null;
  /** The limits that bhyve has no use for: soft_limit, swap_hard_limit and min_guarantee. */
  readonly others: readonly { readonly name: string; readonly at: Span }[];
}

/** SMBIOS strings; each key is that of bhyve_config(5). */
export interface SmbiosEntry {
  readonly key: string;
  readonly at: Span;
  readonly value: Located<string>;
}

/** Reads the devices of `<blkiotune>`. */
export function readBlkiotune(domain: ElementReader): readonly BlkioDevice[] {
  const devices = domain.child('blkiotune')?.children('device') ?? [];
  return devices.flatMap((device) => {
    const { at, reporter } = device;
    const path = device.child('path')?.filledText() ?? null;
    if (path === null) reporter.report('BV0310', at, { element: 'device', part: 'path' });
    const number = (name: string, max: number): Located<number> | null =>
      readNumber(device.child(name)?.filledText() ?? null, name, reporter, { max });
    const rest = {
      weight: number('weight', 4_294_967_295),
      readIops: number('read_iops_sec', 4_294_967_295),
      writeIops: number('write_iops_sec', 4_294_967_295),
      readBps: number('read_bytes_sec', Number.MAX_SAFE_INTEGER),
      writeBps: number('write_bytes_sec', Number.MAX_SAFE_INTEGER),
    };
    return path === null ? [] : [{ at, path, ...rest }];
  });
}

/** Reads `<memtune>`. */
export function readMemtune(domain: ElementReader): Memtune {
  const memtune = domain.child('memtune');
  const limit = (name: string): Located<bigint> | null => {
    const element = memtune?.child(name) ?? null;
    return element === null
      ? null
      : readMemory(element.filledText(), element.attribute('unit'), name, element.reporter);
  };
  const hardLimitKib = limit('hard_limit');
  const others = ['soft_limit', 'swap_hard_limit', 'min_guarantee'].flatMap((name) => {
    const value = limit(name);
    return value === null ? [] : [{ name, at: value.at }];
  });
  return { hardLimitKib, others };
}

/** Names of `<entry>` in each block of `<sysinfo>`, with bhyve's keys, in the order in which libvirt prints them. */
const smbiosKeys = {
  bios: [['vendor', 'bios.vendor'], ['version', 'bios.version'], ['date', 'bios.release_date']],
  system: [
    ['manufacturer', 'system.manufacturer'], ['product', 'system.product_name'], ['serial', 'system.serial_number'],
    ['sku', 'system.sku'], ['version', 'system.version'],
  ],
  baseBoard: [
    ['manufacturer', 'board.manufacturer'], ['product', 'board.product_name'], ['version', 'board.version'],
    ['serial', 'board.serial_number'], ['asset', 'board.asset_tag'], ['location', 'board.location'],
  ],
  chassis: [
    ['manufacturer', 'chassis.manufacturer'], ['version', 'chassis.version'], ['serial', 'chassis.serial_number'],
    ['asset', 'chassis.asset_tag'], ['sku', 'chassis.sku'],
  ],
} as const; // prettier-ignore

/** The fields of one `<sysinfo>`. */
export interface Sysinfo {
  readonly entries: readonly SmbiosEntry[];
  /** Base boards beyond the first. */
  readonly furtherBoards: readonly Span[];
  /** The family of the system, which bhyve knows and libvirt does not print. */
  readonly family: Omit<SmbiosEntry, 'key'> | null;
  /** The UUID of the system, which is that of the guest; null where there is none, or none that is understood. */
  readonly uuid: Omit<SmbiosEntry, 'key'> | null;
  /** The attributes that say `smbios`. */
  readonly types: readonly Located<string>[];
  /** Items of QEMU's fw_cfg. */
  readonly items: readonly FwcfgItem[];
  /** The elements and attributes that say `fwcfg`. */
  readonly itemTypes: readonly { readonly at: Span; readonly type: Located<string> }[];
}

/** Reads each `<sysinfo>`: fields of SMBIOS tables, or items of fw_cfg. */
export function readSysinfo(domain: ElementReader): Sysinfo {
  const entries: SmbiosEntry[] = [];
  const furtherBoards: Span[] = [];
  let family: Sysinfo['family'] = null;
  let uuid: Sysinfo['uuid'] = null;
  const types: Located<string>[] = [];
  const items: FwcfgItem[] = [];
  const itemTypes: { readonly at: Span; readonly type: Located<string> }[] = [];
  for (const sysinfo of domain.children('sysinfo')) {
    const type = readWord(
      sysinfo.attribute('type'),
      ['smbios', 'fwcfg'] as const,
      'the type of sysinfo',
      sysinfo.reporter,
    );
    if (sysinfo.attribute('type') === null) {
      sysinfo.reporter.report('BV0310', sysinfo.at, { element: 'sysinfo', part: 'type attribute' });
    }
    if (type?.value === 'fwcfg') {
      itemTypes.push({ at: sysinfo.at, type });
      items.push(...readFwcfgItems(sysinfo));
    }
    if (type?.value !== 'smbios') continue;
    types.push(type);
    for (const [block, keys] of Object.entries(smbiosKeys)) {
      const [first, ...further] = sysinfo.children(block);
      if (block === 'baseBoard') furtherBoards.push(...further.map((board) => board.at));
      if (block === 'baseBoard') for (const board of further) board.takeAll();
      const found = first?.children('entry') ?? [];
      const field = (name: string): Omit<SmbiosEntry, 'key'> | null => {
        const entry = found.find((one) => one.attribute('name')?.value === name);
        const value = entry?.filledText() ?? null;
        return entry === undefined || value === null ? null : { at: entry.at, value };
      };
      for (const [name, key] of keys) {
        const entry = field(name);
        if (entry !== null) entries.push({ key, ...entry });
      }
      if (block !== 'system') continue;
      family = field('family');
      const written = field('uuid');
      const value = readUuid(written?.value ?? null, sysinfo.reporter);
      uuid = written === null || value === null ? null : { at: written.at, value };
    }
  }
  return { entries, furtherBoards, family, uuid, types, items, itemTypes };
}
