/** virtio-scsi: ports of the CAM target layer; bhyve(8), "virtio-scsi", "SCSI device backends", and ctl(4). */
import type { Located } from '../../diagnostics/source.ts';
import { configEntry, positional, type Conf } from '../settings.ts';
import { piecesOf } from '../words.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

/** Target numbers of bhyve, from 0. */
export const mostTarget = 255;

/** One disk of the controller. */
export interface ScsiTarget {
  /** What the guest knows it by; 0 where bhyve has one. */
  readonly id: number;
  /** `/dev/cam/ctl`, or with port and virtual port. */
  readonly path: Located<string>;
}

export interface VirtioScsi extends DeviceNode<'virtio-scsi'> {
  readonly place: Place;
  /** In order of their numbers. */
  readonly targets: readonly [ScsiTarget, ...ScsiTarget[]];
  /** How bhyve is told: the path of the only one, or `target=ID:PATH` for each on the development branch. */
  readonly form: 'dev' | 'target';
}

export const virtioScsi: Emulation<VirtioScsi> = {
  kind: 'virtio-scsi',
  summary: 'SCSI controller on a CTL port',
  manual: 'bhyve(8), "virtio-scsi"; ctl(4)',
  needs: ({ place }) => placeNeeds(place, 'shared'),
  uses: () => [],
  requires: () => ['virtio-scsi'],
  // `/dev/cam/ctl1.2` names port 1, virtual port 2 of the device node /dev/cam/ctl.
  hostSteps: ({ targets: [{ path }], origins }) => [{ kind: 'module', names: ['ctl'], origins, at: path.at }],
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'virtio-scsi',
      device.form === 'dev' ? [positional('dev', device.targets[0].path)] : device.targets.map(targetConf),
      'the CTL disks of a SCSI controller are the targets of its virtio-scsi device',
    ),
  ],
};

/** bhyve counts on from the highest number before; as a key the number is a name below `target`. */
function targetConf({ id, path }: ScsiTarget, index: number, all: readonly ScsiTarget[]): Conf {
  const next = (all[index - 1]?.id ?? -1) + 1;
  return {
    word: id === next ? piecesOf('target=', path) : piecesOf(`target=${String(id)}:`, path),
    entries: [configEntry(`target.${String(id)}`, path)],
  };
}
