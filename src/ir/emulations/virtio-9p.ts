/** virtio-9p: a directory of the host; bhyve(8), "virtio-9p". */
import type { Located } from '../../diagnostics/source.ts';
import { configEntry, flag } from '../settings.ts';
import { piecesOf } from '../words.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Virtio9p extends DeviceNode<'virtio-9p'> {
  readonly place: Place;
  readonly sharename: Located<string>;
  readonly path: Located<string>;
  readonly readonly: boolean;
}

export const virtio9p: Emulation<Virtio9p> = {
  kind: 'virtio-9p',
  summary: 'directory of the host, mounted by the guest over 9P',
  manual: 'bhyve(8), "virtio-9p"',
  needs: ({ place }) => placeNeeds(place),
  uses: ({ sharename }) => [{ kind: 'share', name: sharename.value, at: sharename.at }],
  requires: () => ['virtio-9p'],
  hostSteps: ({ path, readonly: ro, origins }) => [
    { kind: 'directory', path: path.value, access: ro ? 'read' : 'write', origins, at: path.at },
  ],
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'virtio-9p',
      [
        {
          word: piecesOf(device.sharename, '=', device.path),
          entries: [configEntry('sharename', device.sharename), configEntry('path', device.path)],
        },
        ...(device.readonly ? [flag('ro')] : []),
      ],
      'a filesystem of type mount is a virtio-9p device',
    ),
  ],
};
