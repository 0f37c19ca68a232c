/** virtio-rnd: random numbers of the host; bhyve(8), "virtio-rnd". */
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface VirtioRnd extends DeviceNode<'virtio-rnd'> {
  readonly place: Place;
}

export const virtioRnd: Emulation<VirtioRnd> = {
  kind: 'virtio-rnd',
  summary: 'random numbers of the host',
  manual: 'bhyve(8), "virtio-rnd"',
  needs: ({ place }) => placeNeeds(place),
  uses: () => [],
  requires: () => ['virtio-rnd'],
  hostSteps: () => [],
  settings: (device, grants) => [
    pciSetting(device, addressOf(device.place, grants), 'virtio-rnd', [], 'an rng is a virtio-rnd device'),
  ],
};
