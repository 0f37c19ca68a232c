/** SCSI controllers and the disks on them to virtio-scsi; bhyve(8), "SCSI device backends". Reports: BV0302, BV0304, BV0404, BV0521, BV0524. */
import type { Located } from '../../diagnostics/source.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { Place } from '../../ir/emulations/define.ts';
import { mostTarget, type VirtioScsi } from '../../ir/emulations/virtio-scsi.ts';
import type { CompleteController, CompleteDisk, CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { reportDevice, sourcePath, takeDisk } from './block.ts';

/** A SCSI controller with its CTL disks; without one it only keeps its slot. */
export function lowerScsi(
  controller: CompleteController,
  place: Place,
  domain: CompleteDomain,
  context: Context,
): Device {
  const { reporter, dialect } = context;
  const all = domain.disks.filter((disk) => disk.bus === 'scsi' && disk.controller === controller.index);
  const [complete, ...others] = all;
  if (complete === undefined) return { kind: 'empty-slot', place, origins: controller.origins };
  const { disk } = complete;
  const form = scsiForm(context);
  const further = form === 'target' ? [] : others;
  for (const second of further) {
    const details = { notes: [{ span: disk.at, text: 'the first disk' }] };
    if (dialect.ours('scsi-further-disks'))
      reporter.report('BV0524', second.disk.at, { controller: controller.index, host: context.host.name }, details);
    else reporter.report('BV0302', second.disk.at, { element: 'disk' }, details);
  }
  const lowered = (one: CompleteDisk): Located<string> => scsiPath(one, context);
  const first = { id: 0, path: lowered(complete) };
  if (form === 'dev') {
    return { kind: 'virtio-scsi', place, targets: [first], form, origins: [disk.at, ...controller.origins] };
  }
  const ids = scsiIds(all, context);
  const [lowest = first, ...rest] = all
    .map((one, index) => ({ id: ids[index] ?? 0, path: one === complete ? first.path : lowered(one) }))
    .toSorted((a, b) => a.id - b.id);
  const origins: Device['origins'] = [disk.at, ...others.map((other) => other.disk.at), ...controller.origins];
  return { kind: 'virtio-scsi', place, targets: [lowest, ...rest], form, origins };
}

/** How bhyve of this host is told of CTL ports. */
export function scsiForm({ host, dialect }: Context): VirtioScsi['form'] {
  return host.capabilities.has('virtio-scsi-targets') && dialect.ours('virtio-scsi-target') ? 'target' : 'dev';
}

function scsiPath(complete: CompleteDisk, context: Context): Located<string> {
  const { disk } = complete;
  if (disk.device.value === 'cdrom' && disk.source.path === null && !context.dialect.ours('empty-cdrom')) {
    context.reporter.report('BV0521', disk.at, { target: disk.target.value });
  } else if (disk.device.value !== 'disk') {
    reportDevice(disk, 'scsi', context);
  }
  const path = sourcePath(complete, context);
  takeDisk(complete, context);
  return path ?? { value: '', at: disk.at };
}

/**
 * The number of each disk: the target of its address, or the unit where that is 0, as libvirt numbers the disks of one target. A disk
 * without an address has the next number that is free.
 */
function scsiIds(all: readonly CompleteDisk[], { reporter }: Context): readonly number[] {
  const owners = new Map<number, CompleteDisk>();
  const written = all.map((one) => {
    const { address, target } = one.disk;
    if (address?.type !== 'drive') return null;
    const id = address.target === 0 ? address.unit : address.target;
    const place = address.target === 0 ? address.places.unit : address.places.target;
    const other = owners.get(id);
    if (id > mostTarget)
      reporter.report('BV0304', place, {
        what: 'the number of a SCSI disk',
        min: 0,
        max: mostTarget,
        value: String(id),
      });
    else if (other !== undefined) {
      const notes = [{ span: other.disk.at, text: 'the other disk' }];
      const values = { other: other.disk.target.value, target: target.value, controller: address.controller, unit: id };
      reporter.report('BV0404', place, values, { notes });
    }
    owners.set(id, one);
    return id;
  });
  let next = 0;
  return written.map((id) => {
    if (id !== null) return id;
    while (owners.has(next)) next += 1;
    next += 1;
    return next - 1;
  });
}
