/** hda, virtio-9p, virtio-rnd, xhci and passthru; bhyve(8), "PCI device slots". */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { HostStep } from '../plan.ts';
import { configEntry, flag, named } from '../settings.ts';
import { piecesOf } from '../words.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Hda extends DeviceNode<'hda'> {
  readonly place: Place;
  /** OSS devices of the host; null leaves the guest without that direction. */
  readonly play: Located<string> | null;
  readonly rec: Located<string> | null;
}

export const hda: Emulation<Hda> = {
  kind: 'hda',
  summary: 'HD audio',
  manual: 'bhyve(8), "hda"',
  needs: ({ place }) => placeNeeds(place),
  uses: () => [],
  requires: () => ['hda'],
  hostSteps: ({ play, rec, origins }) =>
    [play, rec].flatMap((device): HostStep[] =>
      device === null
        ? []
        : [{ kind: 'file', path: device.value, purpose: 'sound', access: 'write', origins, at: device.at }],
    ),
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'hda',
      [
        ...(device.play === null ? [] : [named('play', device.play)]),
        ...(device.rec === null ? [] : [named('rec', device.rec)]),
      ],
      'a sound device is an hda device; the audio backend names the OSS devices of the host',
    ),
  ],
};

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
  uses: () => [],
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
