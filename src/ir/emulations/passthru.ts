/** passthru: a PCI device of the host; bhyve(8), "passthru". */
import type { Located, Span } from '../../diagnostics/source.ts';
import { configEntry, named } from '../settings.ts';
import { piecesOf } from '../words.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Passthru extends DeviceNode<'passthru'> {
  readonly place: Place;
  readonly host: { readonly bus: number; readonly slot: number; readonly function: number; readonly at: Span };
  /** The launcher binds it to ppt and gives it back. */
  readonly managed: boolean;
  readonly rom: Located<string> | null;
}

export const passthru: Emulation<Passthru> = {
  kind: 'passthru',
  summary: 'PCI device of the host',
  manual: 'bhyve(8), "passthru"',
  needs: ({ place }) => placeNeeds(place, 'alone'),
  uses: ({ host }) => [{ kind: 'host-device', name: hostDeviceName(host), at: host.at }],
  requires: ({ rom }) => ['passthru', ...(rom === null ? [] : [{ value: 'passthru-rom', at: rom.at } as const])],
  hostSteps: ({ host, managed, rom, origins }) => [
    { kind: 'ppt', ...host, managed, origins },
    ...(rom === null
      ? []
      : [{ kind: 'file', path: rom.value, purpose: 'rom', access: 'read', origins, at: rom.at } as const]),
  ],
  settings: (device, grants) => {
    const { bus, slot, function: fn } = device.host;
    return [
      pciSetting(
        device,
        addressOf(device.place, grants),
        'passthru',
        [
          {
            word: piecesOf({ value: hostDeviceName(device.host), at: device.host.at }),
            entries: [configEntry('bus', bus), configEntry('slot', slot), configEntry('func', fn)],
          },
          ...(device.rom === null ? [] : [named('rom', device.rom)]),
        ],
        'a PCI hostdev is a passthru device; bhyve takes the host address in decimal',
      ),
    ];
  },
};

/** `BUS/SLOT/FUNCTION`, decimal, as bhyve takes the address of a host device. */
function hostDeviceName({ bus, slot, function: fn }: Passthru['host']): string {
  return [bus, slot, fn].join('/');
}
