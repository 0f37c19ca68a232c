/** virtio-console: up to 16 channels on unix sockets; bhyve(8), "virtio-console". */
import type { Located } from '../../diagnostics/source.ts';
import { configEntry } from '../settings.ts';
import { piecesOf } from '../words.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

/** One channel. */
export interface ConsolePort {
  readonly name: Located<string>;
  readonly path: Located<string>;
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
  uses: ({ ports }) =>
    ports.flatMap(({ name, path }) => [
      { kind: 'channel', name: name.value, at: name.at },
      { kind: 'socket', name: path.value, at: path.at },
    ]),
  requires: () => ['virtio-console'],
  hostSteps: ({ ports, origins }) =>
    ports.map(({ path: { value, at } }) => ({ kind: 'socket', path: value, origins, at })),
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'virtio-console',
      device.ports.map(({ name, path }, i) => ({
        word: piecesOf(name, '=', path),
        entries: [configEntry(`port.${String(i)}.name`, name), configEntry(`port.${String(i)}.path`, path)],
      })),
      'channels share the virtio-console device of their controller',
    ),
  ],
};
