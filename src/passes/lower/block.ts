/** What disks have in common: path, backend options, checks (libvirt-compile reference, sections 6.1 to 6.5). */
import type { Dialect } from '../../dialect/differences.ts';
import type { Located } from '../../diagnostics/source.ts';
import { noBlockOptions, type BlockOptions } from '../../ir/emulations/block.ts';
import type { CompleteDisk, CompleteDomain } from '../complete/complete-domain.ts';
import { parseDiskName } from '../complete/disk-name.ts';
import type { Context } from '../context.ts';
import { bootindexOf } from './firmware-order.ts';
import { whereOffered } from './optional.ts';
import { checkPath } from './words.ts';

/** The largest boot order that bhyve can hold. */
const maximumBootindex = 2_147_483_647;
/** Characters of a serial number and of a model that a guest is shown. */
const longestSerial = 20;
const longestModel = 40;

/** Reports what libvirt's validation of a disk finds, on any bus. */
export function checkDisk({ disk, bus }: CompleteDisk, context: Context): void {
  const { reporter, dialect } = context;
  const { bootOrder, rotationRate, serial, driver } = disk;
  if (bootOrder !== null && (bus === 'sata' || bus === 'virtio') && bootOrder.value > maximumBootindex) {
    reporter.report('BV0510', bootOrder.at, { order: bootOrder.value, max: maximumBootindex });
  }
  if (rotationRate !== null && rotationRate.value !== 0 && bus !== 'sata') {
    reporter.report('BV0511', rotationRate.at, { bus });
  }
  if (bus === 'nvme' && parseDiskName(disk.target.value)?.controller == null) {
    reporter.report('BV0405', disk.target.at, { target: disk.target.value });
  }
  for (const option of [driver.queues, driver.queueSize]) {
    if (option !== null && option.value !== 0 && bus !== 'nvme') reporter.report('BV0512', option.at, { bus });
  }
  if (serial !== null && (bus === 'sata' || dialect.ours('word-separators')) && serial.value.includes(',')) {
    reporter.report('BV0513', serial.at, {});
  }
  if (dialect.ours('disk-identity')) {
    reportLong(serial, 'a serial number', longestSerial, context);
    if (bus === 'sata') reportLong(disk.product, 'the product of a disk', longestModel, context);
  }
  if (driver.format !== null && driver.format.value !== 'raw' && dialect.ours('disk-block')) {
    reporter.report('BV0514', driver.format.at, { format: driver.format.value });
  }
}

function reportLong(text: Located<string> | null, what: string, max: number, { reporter }: Context): void {
  if (text !== null && text.value.length > max) reporter.report('BV0526', text.at, { what, max });
}

/** The path of a disk's source; null, with a finding, where there is none that bhyve can open. */
export function sourcePath(complete: CompleteDisk, context: Context): Located<string> | null {
  const { disk, bus } = complete;
  const { host, reporter, dialect } = context;
  const { source, sourceType, at } = disk;
  if (sourceType.value === 'volume' && (bus !== 'nvme' || dialect.ours('disk-volume-nvme'))) {
    if (source.volume === null) return null;
    const { pool, name } = source.volume;
    const known = host.pools.get(pool.value);
    if (known === undefined) {
      reporter.report('BV0601', pool.at, { pool: pool.value, host: host.name });
      return null;
    }
    const root = known.type === 'zfs' ? `/dev/zvol/${known.target}` : known.target;
    return checked({ value: `${root}/${name.value}`, at: name.at }, context);
  }
  if (!opens(complete, dialect)) {
    const accepted = bus === 'scsi' ? 'ctl' : 'file';
    reporter.report('BV0515', sourceType.at, { type: sourceType.value, bus, accepted });
    return null;
  }
  if (source.path === null) {
    reporter.report('BV0516', at, { target: disk.target.value });
    return null;
  }
  return checked(source.path, context);
}

/** True where the bus takes sources of that type. */
function opens({ disk, bus }: CompleteDisk, dialect: Dialect): boolean {
  const type = disk.sourceType.value;
  if (bus === 'scsi') return type === 'ctl';
  if (dialect.ours('disk-block')) return type === 'file' || type === 'block';
  return bus === 'nvme' || type === 'file';
}

function checked(path: Located<string>, context: Context): Located<string> {
  checkPath(path, 'the path of a disk', context);
  return path;
}

/** What the backend of a disk is told. */
export function blockOptions(complete: CompleteDisk, domain: CompleteDomain, context: Context): BlockOptions {
  const { dialect } = context;
  const { disk, bus } = complete;
  const bootindex = dialect.ours('disk-bootindex-everywhere')
    ? bootindexOf(disk, domain, context)
    : (disk.bootOrder?.value ?? null);
  if (!dialect.ours('disk-cache')) return { ...noBlockOptions, bootindex: bus === 'nvme' ? null : bootindex };
  const cache = disk.driver.cache?.value ?? 'default';
  const nocache = cache === 'none' || cache === 'directsync' ? true : null;
  return {
    nocache:
      (bus === 'nvme' ? whereOffered(nocache, 'nvme-block-options', disk.driver.cache?.at, context) : nocache) === true,
    direct: cache === 'writethrough' || cache === 'directsync',
    readonly: disk.readonly !== null && disk.device.value !== 'cdrom',
    sectorSize: bus === 'nvme' ? null : sectorSize(complete, context),
    nodelete:
      bus !== 'nvme' &&
      whereOffered(ignoresTrim(complete), 'block-nodelete', disk.driver.discard?.at, context) === true,
    bootindex,
  };
}

function ignoresTrim({ disk }: CompleteDisk): true | null {
  return disk.driver.discard?.value === 'ignore' ? true : null;
}

/** Sector sizes of a disk, checked: powers of two from 512 up, the logical one not above the physical one. */
export function sectorSize({ disk }: CompleteDisk, { reporter }: Context): BlockOptions['sectorSize'] {
  const { logical, physical } = disk.blockio;
  for (const size of [logical, physical]) {
    if (size !== null && (size.value < 512 || (size.value & (size.value - 1)) !== 0)) {
      reporter.report('BV0517', size.at, { size: size.value });
      return null;
    }
  }
  if (logical === null) return physical === null ? null : { logical: 512, physical: physical.value };
  if (physical !== null && physical.value < logical.value) {
    reporter.report('BV0518', physical.at, { logical: logical.value, physical: physical.value });
  }
  return { logical: logical.value, physical: physical?.value ?? null };
}
