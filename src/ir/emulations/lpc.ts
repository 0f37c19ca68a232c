/** lpc: the bridge that com ports, boot ROM and TPM hang off; bhyve(8), "lpc". */
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Lpc extends DeviceNode<'lpc'> {
  readonly place: Place;
}

export const lpc: Emulation<Lpc> = {
  kind: 'lpc',
  summary: 'LPC bridge: com ports, boot ROM and TPM hang off it',
  manual: 'bhyve(8), "lpc"',
  needs: ({ place }) => placeNeeds(place, 'alone'),
  uses: () => [],
  requires: () => [],
  hostSteps: () => [],
  settings: (device, grants) => [
    pciSetting(device, addressOf(device.place, grants), 'lpc', [], 'com ports, boot ROM and TPM need an LPC bridge'),
  ],
};
