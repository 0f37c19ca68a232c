/** xhci: the USB controller; bhyve(8), "xhci". */
import { piecesOf } from '../words.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Xhci extends DeviceNode<'xhci'> {
  readonly place: Place;
  readonly tablet: boolean;
}

export const xhci: Emulation<Xhci> = {
  kind: 'xhci',
  summary: 'USB controller, with or without a tablet',
  manual: 'bhyve(8), "xhci"',
  needs: ({ place }) => placeNeeds(place),
  uses: () => [],
  requires: ({ tablet }) => ['xhci', ...(tablet ? [] : (['xhci-empty'] as const))],
  hostSteps: () => [],
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'xhci',
      device.tablet ? [{ word: piecesOf('tablet'), entries: [{ key: 'slot.1.device', value: 'tablet' }] }] : [],
      'the USB controller with its tablet is the xhci device',
    ),
  ],
};
