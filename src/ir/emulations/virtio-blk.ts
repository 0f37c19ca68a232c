/** virtio-blk: one disk on one PCI function; bhyve(8), "virtio-blk". */
import type { Located } from '../../diagnostics/source.ts';
import { named, positional } from '../settings.ts';
import { blockConfs, blockRequires, diskFile, type BlockOptions } from './block.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place, type Wish } from './define.ts';

export interface VirtioBlk extends DeviceNode<'virtio-blk'> {
  readonly place: Place;
  readonly path: Located<string>;
  readonly serial: Located<string> | null;
  readonly options: BlockOptions;
}

export const virtioBlk: Emulation<VirtioBlk> = {
  kind: 'virtio-blk',
  summary: 'paravirtual disk',
  manual: 'bhyve(8), "virtio-blk" and "Block storage device backends"',
  needs: ({ place }) => placeNeeds(place, 'shared'),
  uses: () => [],
  requires: ({ serial, options }) => [
    ...(serial === null ? [] : [{ value: 'virtio-blk-serial', at: serial.at } satisfies Wish]),
    ...blockRequires(options),
  ],
  hostSteps: ({ path, options, origins }) => [diskFile(path, 'disk', options, origins)],
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'virtio-blk',
      [
        positional('path', device.path),
        ...(device.serial === null ? [] : [named('ser', device.serial)]),
        ...blockConfs(device.options),
      ],
      'a disk on bus virtio is a virtio-blk device',
    ),
  ],
};
