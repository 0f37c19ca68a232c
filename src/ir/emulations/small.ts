/** hda, virtio-9p, virtio-rnd, xhci and passthru; bhyve(8), "PCI device slots". */
import type { HostStep } from '../plan.ts';
import { flag, named } from '../settings.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Hda extends DeviceNode<'hda'> {
  readonly place: Place;
  /** OSS devices of the host; null leaves the guest without that direction. */
  readonly play: string | null;
  readonly rec: string | null;
}

export const hda: Emulation<Hda> = {
  kind: 'hda',
  summary: 'HD audio',
  manual: 'bhyve(8), "hda"',
  needs: ({ place }) => placeNeeds(place),
  requires: () => ['hda'],
  hostSteps: ({ play, rec, origins }) =>
    [...new Set([play, rec])].flatMap((path): HostStep[] =>
      path === null ? [] : [{ kind: 'file', path, purpose: 'sound', access: 'write', origins }],
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
  readonly sharename: string;
  readonly path: string;
  readonly readonly: boolean;
}

export const virtio9p: Emulation<Virtio9p> = {
  kind: 'virtio-9p',
  summary: 'directory of the host, mounted by the guest over 9P',
  manual: 'bhyve(8), "virtio-9p"',
  needs: ({ place }) => placeNeeds(place),
  requires: () => ['virtio-9p'],
  hostSteps: ({ path, readonly: ro, origins }) => [{ kind: 'directory', path, access: ro ? 'read' : 'write', origins }],
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'virtio-9p',
      [
        {
          word: `${device.sharename}=${device.path}`,
          entries: [
            { key: 'sharename', value: device.sharename },
            { key: 'path', value: device.path },
          ],
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
  requires: () => ['xhci'],
  hostSteps: () => [],
  settings: (device, grants) => [
    pciSetting(
      device,
      addressOf(device.place, grants),
      'xhci',
      device.tablet ? [{ word: 'tablet', entries: [{ key: 'slot.1.device', value: 'tablet' }] }] : [],
      'the USB controller with its tablet is the xhci device',
    ),
  ],
};

export interface Passthru extends DeviceNode<'passthru'> {
  readonly place: Place;
  readonly host: { readonly bus: number; readonly slot: number; readonly function: number };
  /** The launcher binds it to ppt and gives it back. */
  readonly managed: boolean;
  readonly rom: string | null;
  readonly bootindex: number | null;
}

export const passthru: Emulation<Passthru> = {
  kind: 'passthru',
  summary: 'PCI device of the host',
  manual: 'bhyve(8), "passthru"',
  needs: ({ place }) => placeNeeds(place),
  requires: ({ rom, bootindex }) => [
    'passthru',
    ...(rom === null ? [] : (['passthru-rom'] as const)),
    ...(bootindex === null ? [] : (['bootindex'] as const)),
  ],
  hostSteps: ({ host, managed, rom, origins }) => [
    { kind: 'ppt', ...host, managed, origins },
    ...(rom === null ? [] : [{ kind: 'file', path: rom, purpose: 'rom', access: 'read', origins } as const]),
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
            word: `${String(bus)}/${String(slot)}/${String(fn)}`,
            entries: [
              { key: 'bus', value: String(bus) },
              { key: 'slot', value: String(slot) },
              { key: 'func', value: String(fn) },
            ],
          },
          ...(device.rom === null ? [] : [named('rom', device.rom)]),
          ...(device.bootindex === null ? [] : [named('bootindex', device.bootindex)]),
        ],
        'a PCI hostdev is a passthru device; bhyve takes the host address in decimal',
      ),
    ];
  },
};
