/** fbuf: a frame buffer with a VNC server; bhyve(8), "fbuf". */
import type { Capability } from '../../host/capabilities.ts';
import type { Need } from '../needs.ts';
import { flag, named, type Piece } from '../settings.ts';
import type { Grants } from '../needs.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

/** Where the VNC server listens. */
export type VncListen =
  | {
      readonly kind: 'tcp';
      readonly address: string;
      readonly port: Need<'vnc-port'>;
      readonly automatic: boolean;
      readonly last: number;
    }
  | { readonly kind: 'unix'; readonly path: string };

export interface Fbuf extends DeviceNode<'fbuf'> {
  readonly place: Place;
  readonly listen: VncListen;
  /** VNC password; `hidden` keeps it out of the command line. */
  readonly password: { readonly text: string; readonly hidden: boolean } | null;
  readonly resolution: { readonly width: number; readonly height: number } | null;
  readonly vga: 'io' | 'on' | 'off' | null;
  readonly wait: boolean;
}

/** The largest resolution of releases without the capability `fbuf-large`. */
const largest = { width: 1920, height: 1200 };

export const fbuf: Emulation<Fbuf> = {
  kind: 'fbuf',
  summary: 'frame buffer with a VNC server',
  manual: 'bhyve(8), "fbuf"',
  needs: ({ place, listen }) => [...placeNeeds(place), ...(listen.kind === 'tcp' ? [listen.port] : [])],
  requires: ({ listen, password, resolution, vga }) => [
    'fbuf',
    ...(listen.kind === 'unix' ? (['vnc-unix'] satisfies Capability[]) : []),
    ...(password === null ? [] : (['vnc-password'] satisfies Capability[])),
    ...(vga === null ? [] : (['fbuf-vga'] satisfies Capability[])),
    ...(resolution !== null && (resolution.width > largest.width || resolution.height > largest.height)
      ? (['fbuf-large'] satisfies Capability[])
      : []),
  ],
  hostSteps: ({ listen, origins }, grants) =>
    listen.kind === 'unix'
      ? [{ kind: 'socket', path: listen.path, origins }]
      : [
          {
            kind: 'port',
            address: listen.address,
            port: grants.of(listen.port),
            automatic: listen.automatic,
            last: listen.last,
            origins,
          },
        ],
  settings: (device, grants) => {
    const { password, resolution, vga, wait } = device;
    const setting = pciSetting(
      device,
      addressOf(device.place, grants),
      'fbuf',
      [
        listenPiece(device.listen, grants),
        ...(password === null ? [] : [passwordPiece(password)]),
        ...(resolution === null ? [] : [named('w', resolution.width), named('h', resolution.height)]),
        ...(vga === null ? [] : [named('vga', vga)]),
        ...(wait ? [flag('wait')] : []),
      ],
      'VNC graphics and the video device together are the frame buffer, on the address of the video device',
    );
    return [{ ...setting, secret: password === null || password.hidden ? null : password.text }];
  },
};

function passwordPiece(password: NonNullable<Fbuf['password']>): Piece {
  return {
    word: password.hidden ? null : `password=${password.text}`,
    entries: [{ key: 'password', value: password.text, secret: true }],
  };
}

/** `tcp=` is understood by every release; the key is `rfb` in all of them. */
function listenPiece(listen: VncListen, grants: Grants): Piece {
  if (listen.kind === 'unix') return named('rfb', `unix:${listen.path}`);
  const host = listen.address.includes(':') ? `[${listen.address}]` : listen.address;
  const value = `${host}:${String(grants.of(listen.port))}`;
  return { word: `tcp=${value}`, entries: [{ key: 'rfb', value }] };
}
