/**
 * Pool to PoolPlan. Needs: typed values. Gives: a directory or a dataset in which volumes are. Reports: BV2552 to BV2555, BV2562.
 */
import type { Pool } from '../../frontend/storage/storage.ts';
import { foldedPath } from '../../ir/host-files.ts';
import { poolFolder, type PoolPlace, type PoolPlan } from '../../ir/storage/storage-plan.ts';
import type { Context } from '../context.ts';
import { checkPoolName, datasetOf, directoryOf } from './names.ts';

/** What to do with a pool of a type that bhyvec has not. */
const otherWays: Readonly<Record<string, string>> = {
  fs: "mount it by fstab(5), and write type='dir' with the directory in <target>",
  netfs: "mount it by fstab(5), and write type='dir' with the directory in <target>",
  logical: "FreeBSD has ZFS for it: write type='zfs' with a dataset in <source>, or give guests a disk by its path",
  disk: "make partitions by gpart(8), and give guests one by <disk type='block'> with its path",
  iscsi: "attach it by iscsictl(8), and give guests its disk by <disk type='block'> with its path",
  'iscsi-direct': "attach it by iscsictl(8), and give guests its disk by <disk type='block'> with its path",
  scsi: "give guests a disk by <disk type='block'> with its path",
  mpath: "give guests the node of gmultipath(8) by <disk type='block'> with its path",
};
const elsewhere =
  "bring it to a file or a device of the host, and write type='dir', type='zfs' or the path in the guest";

/** Lowers a pool; null where it is none that bhyvec has, which is reported. */
export function lowerPool(pool: Pool, context: Context): PoolPlan | null {
  const { host, reporter } = context;
  const { name, type, uuid, capacity } = pool;
  if (!checkPoolName(name, context) || type === null) return null;
  if (type.value !== 'dir' && type.value !== 'zfs') {
    reporter.report('BV2552', type.at, { type: type.value, help: otherWays[type.value] ?? elsewhere });
    return null;
  }
  const found = type.value === 'dir' ? directoryIn(pool, context) : datasetIn(pool, context);
  if (found === null) return null;
  const place: PoolPlace = { name: name.value, type: type.value, target: found.target };
  const known = host.pools.get(name.value);
  if (known !== undefined) {
    const [document, profile] = [poolFolder(place), foldedPath(poolFolder({ name: name.value, ...known }))];
    if (document !== profile) reporter.report('BV2562', name.at, { pool: name.value, document, profile });
  }
  return {
    ...place,
    host: { name: host.name, release: host.release },
    origins: [pool.at],
    targetAt: found.at,
    uuid: uuid?.value ?? null,
    capacity: capacity?.value ?? null,
  };
}

type Found = { readonly target: string; readonly at: Pool['at'] } | null;

function directoryIn({ at, type, source, path }: Pool, context: Context): Found {
  const { reporter } = context;
  if (source !== null && source.name !== null) {
    const reason = 'the volumes of a directory are in the path of <target>';
    reporter.report('BV2555', source.name.at, { what: '<name> in <source>', reason });
  }
  if (path === null) {
    const example = '<target><path>/vm</path></target>, the directory';
    reporter.report('BV2553', type?.at ?? at, { type: 'dir', part: 'a <path> in <target>', example });
    return null;
  }
  const target = directoryOf(path, context);
  return target === null ? null : { target, at: path.at };
}

function datasetIn({ at, type, source, path }: Pool, context: Context): Found {
  const { reporter } = context;
  if (source === null || source.name === null) {
    const example = '<source><name>zroot/vm</name></source>, the zpool or a dataset of it';
    reporter.report('BV2553', type?.at ?? at, { type: 'zfs', part: 'a <name> in <source>', example });
    return null;
  }
  const target = datasetOf(source.name, context);
  if (target === null) return null;
  if (path !== null && foldedPath(path.value) !== `/dev/zvol/${target}`) {
    const reason = `the volumes of this pool are in /dev/zvol/${target}`;
    reporter.report('BV2555', path.at, { what: '<path> in <target>', reason });
  }
  return { target, at: source.name.at };
}
