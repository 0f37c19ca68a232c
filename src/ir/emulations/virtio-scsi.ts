/** virtio-scsi: a port of the CAM target layer; bhyve(8), "virtio-scsi", and ctl(4). */
import type { Located } from '../../diagnostics/source.ts';
import { named, positional } from '../settings.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface VirtioScsi extends DeviceNode<'virtio-scsi'> {
  readonly place: Place;
  /** `/dev/cam/ctl`, or with port and virtual port. */
  readonly path: Located<string>;
  /** How bhyve is told: a positional path, or `target=PATH` on the development branch. */
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
  hostSteps: ({ path, origins }) => [{ kind: 'module', names: ['ctl'], origins, at: path.at }],
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'virtio-scsi',
      [device.form === 'dev' ? positional('dev', device.path) : named('target', device.path)],
      'the first CTL disk of a SCSI controller is its virtio-scsi device',
    ),
  ],
};
