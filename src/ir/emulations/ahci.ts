/** ahci: a SATA controller with up to 32 disks; bhyve(8), "ahci". */
import type { Capability } from '../../host/capabilities.ts';
import type { Located, Origins } from '../../diagnostics/source.ts';
import { configEntry, named, type Conf, type ConfigEntry } from '../settings.ts';
import { joined, piecesOf, type Piece } from '../words.ts';
import { blockConfs, blockRequires, diskFile, type BlockOptions } from './block.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

/** One disk of the controller. */
export interface AhciPort {
  /** Its port, from 0; null where that is its place in the list. */
  readonly unit: number | null;
  readonly type: 'hd' | 'cd';
  readonly path: Located<string>;
  readonly rotationRate: number | null;
  readonly serial: Located<string> | null;
  readonly model: Located<string> | null;
  readonly options: BlockOptions;
  readonly origins: Origins;
}

export interface Ahci extends DeviceNode<'ahci'> {
  readonly place: Place;
  /** In the order of their numbers. */
  readonly ports: readonly AhciPort[];
  /** False for a bhyve that knows one disk a controller only: `ahci-hd,PATH`. */
  readonly multiPort: boolean;
}

export const ahci: Emulation<Ahci> = {
  kind: 'ahci',
  summary: 'SATA controller with disks and CD-ROMs',
  manual: 'bhyve(8), "ahci" and "Block storage device backends"',
  // Without its drives it is gone: those with a disk stay.
  needs: ({ place, ports }) => placeNeeds(place, ports.some(({ type }) => type === 'hd') ? 'shared' : undefined),
  uses: () => [],
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
    const confs = ports.flatMap((port, place) => portConfs(port, place, ports[place - 1]));
    return [
      pciSetting(
        device,
        addressOf(device.place, grants),
        'ahci',
        multiPort ? confs : confs.map((conf) => ({ ...conf, word: null })),
        'disks on bus sata share the ahci device of their controller, in the order of their target names',
        // The configuration file knows no ahci-hd and ahci-cd: they are aliases of the command line.
        multiPort ? 'ahci' : piecesOf('ahci', ports.flatMap(oldForm)),
      ),
    ];
  },
};

/** `-hd,PATH,...`: the spelling of a bhyve that knows one disk a controller only. */
function oldForm(port: AhciPort): readonly Piece[] {
  const options = portOptions(port).map(({ word }) => word ?? []);
  return piecesOf(`-${port.type},`, joined([piecesOf(port.path), ...options], ','));
}

function portOptions(port: AhciPort): readonly Conf[] {
  return [
    ...(port.rotationRate === null ? [] : [named('nmrr', port.rotationRate)]),
    ...(port.serial === null ? [] : [named('ser', port.serial)]),
    ...(port.model === null ? [] : [named('model', port.model)]),
    ...blockConfs(port.options),
  ];
}

function portConfs(port: AhciPort, place: number, before: AhciPort | undefined): readonly Conf[] {
  const number = port.unit ?? place;
  const skipped = port.unit === null ? 0 : number - (before === undefined ? 0 : (before.unit ?? 0) + 1);
  const node = `port.${String(number)}`;
  const below = ({ key, value }: ConfigEntry): ConfigEntry => ({ key: `${node}.${key}`, value });
  return [
    // A word without a path counts, and is no port (pci_ahci_legacy_config in bhyve's pci_ahci.c).
    ...Array.from({ length: skipped }, () => ({ word: piecesOf('hd:'), entries: [] })),
    {
      word: piecesOf(`${port.type}:`, port.path),
      entries: [configEntry('type', port.type), configEntry('path', port.path)].map(below),
    },
    ...portOptions(port).map((conf) => ({ ...conf, entries: conf.entries.map(below) })),
  ];
}
