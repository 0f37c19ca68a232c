/**
 * Volume to VolumePlan. Needs: the pools that are compiled with it. Gives: its pool, its path, and all that making it takes.
 * Reports: BV2554 to BV2561, BV2564.
 */
import type { Located } from '../../diagnostics/source.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import type { Volume } from '../../frontend/storage/storage.ts';
import { foldedPath } from '../../ir/host-files.ts';
import { poolFolder, volumePath, type PoolPlace, type VolumePlan } from '../../ir/storage/storage-plan.ts';
import type { Context } from '../context.ts';
import { checkVolumeName } from './names.ts';
import { poolNamed, poolsOf } from './pools.ts';

/** Permissions of a file that libvirt makes. */
const ownMode = 0o600;

/** What volumes are a multiple of: sectors. */
const sector = 512n;

/** What is in a volume that guests can use: bytes of a disk, or of a CD. */
const formats = ['raw', 'iso', 'unknown'];

/** Lowers a volume; null where it has no pool or no size, which is reported. */
export function lowerVolume(volume: Volume, context: Context): VolumePlan | null {
  const { reporter, host } = context;
  const { at, name, format, path, permissions } = volume;
  if (format !== null && !formats.includes(format.value))
    reporter.report('BV2558', format.at, { format: format.value });
  const pool = poolOf(volume, context);
  if (pool === null) return null;
  if (!checkVolumeName(name, pool.type, context)) return null;
  const expected = volumePath(pool, name.value);
  if (path !== null && foldedPath(path.value) !== expected) {
    const values = { name: name.value, path: path.value, expected };
    reporter.report('BV2557', path.at, values);
  }
  if (permissions !== null && pool.type === 'zfs') {
    const reason = 'devfs(8) says who may use the node of a zvol, by its rules';
    reporter.report('BV2555', permissions.at, { what: '<permissions>', reason });
  }
  const sizes = sizesOf(volume, pool, context);
  if (sizes === null) return null;
  return {
    name: name.value,
    origins: [at],
    host: { name: host.name, release: host.release },
    pool,
    path: expected,
    ...sizes,
    isMade: format?.value !== 'iso',
    mode: permissions?.mode?.value ?? ownMode,
    owner: permissions?.owner?.value ?? null,
    group: permissions?.group?.value ?? null,
  };
}

/** The pool that it names; else the one that its path is in; else the only one. */
function poolOf(volume: Volume, context: Context): PoolPlace | null {
  const { reporter } = context;
  const { name, pool, path } = volume;
  const pools = poolsOf(context);
  if (pool !== null) {
    const found = poolNamed(pool.value, context);
    if (found === undefined) refuse(`there is no pool '${pool.value}'`, pool, nearest(pool.value, namesOf(pools)));
    return found ?? null;
  }
  const folder = path === null ? null : foldedPath(path.value).replace(/\/[^/]*$/, '');
  const around = pools.filter((one) => poolFolder(one) === (folder === '' ? '/' : folder));
  const [only, ...others] = around.length > 0 ? around : pools;
  if (only !== undefined && others.length === 0) return only;
  // One with a mistake may be it.
  if ([...context.storage.pools.values()].includes(null)) return null;
  refuse(only === undefined ? 'no pool is known' : `there are ${listOf(pools)}`, name, null);
  return null;

  function refuse(problem: string, { at }: Located<string>, near: string | null): void {
    const ways = pools.length === 0 ? 'compile the document of its pool with it' : 'write <pool name> of bhyvec in it';
    const known = pools.length === 0 ? ways : `${ways}, as in ${element(near ?? pools[0]?.name ?? '')}`;
    reporter.report('BV2556', at, { name: name.value, problem, help: known });
  }
}

function element(pool: string): string {
  return `<b:pool xmlns:b='https://bhyvec.org/xmlns/volume/1.0' name='${pool}'/>`;
}

function namesOf(pools: readonly PoolPlace[]): readonly string[] {
  return pools.map(({ name }) => name);
}

function listOf(pools: readonly PoolPlace[]): string {
  const [first = '', second = '', ...others] = namesOf(pools).map((name) => `'${name}'`);
  return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${String(others.length)} more`;
}

function sizesOf(
  { capacity, allocation, blockSize }: Volume,
  { type }: PoolPlace,
  context: Context,
): Pick<VolumePlan, 'capacity' | 'reserved' | 'sizeAt' | 'blockSize'> | null {
  const { reporter } = context;
  const block = type === 'zfs' ? blockOf(blockSize, context) : null;
  if (type === 'dir' && blockSize !== null) {
    reporter.report('BV2555', blockSize.at, { what: '<volblocksize>', reason: 'a file has no blocks of its own' });
  }
  if (capacity === null) return null;
  if (capacity.value === 0n) {
    reporter.report('BV2559', capacity.at, {});
    return null;
  }
  const size = roundedUp(capacity.value, block?.size ?? sector);
  if (size !== capacity.value) {
    const values = { size: String(capacity.value), block: String(block?.size ?? sector), rounded: String(size) };
    reporter.report('BV2560', capacity.at, values);
  }
  const wanted = allocation?.value ?? size;
  if (type === 'dir' && allocation !== null && allocation.value > 0n) reporter.report('BV2561', allocation.at, {});
  return {
    capacity: size,
    // What more there is is for what ZFS has to note of the blocks.
    reserved: type === 'dir' ? 0n : wanted >= capacity.value ? size : wanted,
    sizeAt: capacity.at,
    blockSize: block?.isWritten === true ? block.size : null,
  };
}

/** The block of a zvol: zfs(8) of FreeBSD 14 and later makes 16 KiB, that of 13 makes 8 KiB. */
function blockOf(
  written: Located<bigint> | null,
  { host, reporter }: Context,
): { readonly size: bigint; readonly isWritten: boolean } {
  const own = host.release?.startsWith('13.') === true ? 8192n : 16_384n;
  if (written === null) return { size: own, isWritten: false };
  const { value, at } = written;
  const isPower = value > 0n && (value & (value - 1n)) === 0n;
  if (isPower && value >= sector && value <= 131_072n) return { size: value, isWritten: true };
  reporter.report('BV2564', at, { size: String(value) });
  return { size: sector, isWritten: false };
}

function roundedUp(size: bigint, block: bigint): bigint {
  return ((size + block - 1n) / block) * block;
}
