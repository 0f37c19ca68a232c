/** virtio-console: up to 16 channels on unix sockets; bhyve(8), "virtio-console". */
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

/** One channel. */
export interface ConsolePort {
  readonly name: string;
  readonly path: string;
}

export interface VirtioConsole extends DeviceNode<'virtio-console'> {
  readonly place: Place;
  readonly ports: readonly ConsolePort[];
}

export const virtioConsole: Emulation<VirtioConsole> = {
  kind: 'virtio-console',
  summary: 'channels between guest and host on unix sockets',
  manual: 'bhyve(8), "virtio-console"',
  needs: ({ place }) => placeNeeds(place),
  requires: () => ['virtio-console'],
  hostSteps: ({ ports, origins }) => ports.map(({ path }) => ({ kind: 'socket', path, origins })),
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'virtio-console',
      device.ports.map(({ name, path }, i) => ({
        word: `${name}=${path}`,
        entries: [
          { key: `port.${String(i)}.name`, value: name },
          { key: `port.${String(i)}.path`, value: path },
        ],
      })),
      'channels share the virtio-console device of their controller',
    ),
  ],
};
