/** ahci: a SATA controller with up to 32 disks; bhyve(8), "ahci". */
import type { Capability } from '../../host/capabilities.ts';
import { named, type ConfigEntry, type Piece } from '../settings.ts';
import type { Origins } from '../../diagnostics/source.ts';
import { blockPieces, blockRequires, diskFile, type BlockOptions } from './block.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

/** One disk of the controller; its port is its place in the list. */
export interface AhciPort {
  readonly type: 'hd' | 'cd';
  readonly path: string;
  readonly rotationRate: number | null;
  readonly serial: string | null;
  readonly model: string | null;
  readonly options: BlockOptions;
  readonly origins: Origins;
}

export interface Ahci extends DeviceNode<'ahci'> {
  readonly place: Place;
  readonly ports: readonly AhciPort[];
  /** False for a bhyve that knows one disk a controller only: `ahci-hd,PATH`. */
  readonly multiPort: boolean;
}

export const ahci: Emulation<Ahci> = {
  kind: 'ahci',
  summary: 'SATA controller with disks and CD-ROMs',
  manual: 'bhyve(8), "ahci" and "Block storage device backends"',
  needs: ({ place }) => placeNeeds(place),
  requires: ({ ports }) =>
    ports.flatMap((port) => [
      ...(port.rotationRate === null && port.serial === null && port.model === null
        ? []
        : (['ahci-identity'] satisfies Capability[])),
      ...blockRequires(port.options),
    ]),
  hostSteps: ({ ports }) =>
    ports.map((port) => diskFile(port.path, port.type === 'cd' ? 'cdrom' : 'disk', port.options, port.origins)),
  settings: (device, grants) => {
    const { multiPort, ports } = device;
    const pieces = ports.flatMap(portPieces);
    const setting = pciSetting(
      device,
      addressOf(device.place, grants),
      multiPort ? 'ahci' : `ahci${ports.map(oldForm).join('')}`,
      multiPort ? pieces : pieces.map((piece) => ({ ...piece, word: null })),
      'disks on bus sata share the ahci device of their controller, in the order of their target names',
    );
    // The configuration file knows no ahci-hd and ahci-cd: they are aliases of the command line.
    const [emulation, ...rest] = setting.entries;
    return [{ ...setting, entries: emulation === undefined ? rest : [{ ...emulation, value: 'ahci' }, ...rest] }];
  },
};

/** `-hd,PATH,...`: the spelling of a bhyve that knows one disk a controller only. */
function oldForm(port: AhciPort): string {
  return `-${port.type},${[port.path, ...portOptions(port).map(({ word }) => word)].join(',')}`;
}

function portOptions(port: AhciPort): readonly Piece[] {
  return [
    ...(port.rotationRate === null ? [] : [named('nmrr', port.rotationRate)]),
    ...(port.serial === null ? [] : [named('ser', port.serial)]),
    ...(port.model === null ? [] : [named('model', port.model)]),
    ...blockPieces(port.options),
  ];
}

function portPieces(port: AhciPort, number: number): readonly Piece[] {
  const node = `port.${String(number)}`;
  const below = ({ key, value }: ConfigEntry): ConfigEntry => ({ key: `${node}.${key}`, value });
  return [
    {
      word: `${port.type}:${port.path}`,
      entries: [
        { key: 'type', value: port.type },
        { key: 'path', value: port.path },
      ].map(below),
    },
    ...portOptions(port).map((piece) => ({ ...piece, entries: piece.entries.map(below) })),
  ];
}
