/** fbuf: a frame buffer with a VNC server; bhyve(8), "fbuf". */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { Need } from '../needs.ts';
import { configEntry, flag, named, type Conf } from '../settings.ts';
import { piecesOf, type Piece } from '../words.ts';
import type { Grants } from '../needs.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place, type Wish } from './define.ts';

/** Where the VNC server listens. */
export type VncListen =
  | {
      readonly kind: 'tcp';
      readonly address: Located<string>;
      readonly port: Need<'vnc-port'>;
      readonly automatic: boolean;
      readonly last: number;
    }
  | { readonly kind: 'unix'; readonly path: Located<string> };

export interface Fbuf extends DeviceNode<'fbuf'> {
  readonly place: Place;
  readonly listen: VncListen;
  /** VNC password; `hidden` keeps it out of the command line. */
  readonly password: { readonly text: Located<string>; readonly hidden: boolean } | null;
  readonly resolution: { readonly width: Located<number>; readonly height: Located<number> } | null;
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
  uses: ({ listen }) => {
    if (listen.kind === 'unix') return [{ kind: 'socket', name: listen.path.value, at: listen.path.at }];
    const { wanted, at } = listen.port;
    const address = listen.address.value;
    return wanted === null ? [] : [{ kind: 'tcp-port', name: String(wanted), address, at }];
  },
  requires: ({ listen, password, resolution, vga }) => [
    'fbuf',
    ...(listen.kind === 'unix' ? [{ value: 'vnc-unix', at: listen.path.at } satisfies Wish] : []),
    ...(password === null ? [] : [{ value: 'vnc-password', at: password.text.at } satisfies Wish]),
    ...(vga === null ? [] : (['fbuf-vga'] satisfies Wish[])),
    ...largeRequires(resolution),
  ],
  hostSteps: ({ listen, origins }, grants) =>
    listen.kind === 'unix'
      ? [{ kind: 'socket', path: listen.path.value, origins, at: listen.path.at }]
      : [
          {
            kind: 'port',
            address: listen.address.value,
            port: grants.of(listen.port),
            automatic: listen.automatic,
            last: listen.last,
            origins,
            at: listen.port.at,
          },
        ],
  settings: (device, grants) => {
    const { password, resolution, vga, wait } = device;
    return [
      pciSetting(
        device,
        addressOf(device.place, grants),
        'fbuf',
        [
          listenConf(device.listen, grants),
          ...(password === null ? [] : [passwordConf(password)]),
          ...(resolution === null ? [] : [named('w', resolution.width.value), named('h', resolution.height.value)]),
          ...(vga === null ? [] : [named('vga', vga)]),
          ...(wait ? [flag('wait')] : []),
        ],
        'VNC graphics and the video device together are the frame buffer, on the address of the video device',
      ),
    ];
  },
};

/** A picture that is too large for old releases, at the side that is. */
function largeRequires(resolution: Fbuf['resolution']): readonly Wish[] {
  if (resolution === null) return [];
  const { width, height } = resolution;
  const at: Span | null = width.value > largest.width ? width.at : height.value > largest.height ? height.at : null;
  return at === null ? [] : [{ value: 'fbuf-large', at }];
}

function passwordConf({ text, hidden }: NonNullable<Fbuf['password']>): Conf {
  const secret: Piece = { kind: 'secret', text: text.value, at: text.at };
  return {
    word: hidden ? null : piecesOf('password=', [secret]),
    entries: [{ key: 'password', value: text.value, secret: true }],
  };
}

/** `tcp=` is understood by every release; the key is `rfb` in all of them. */
function listenConf(listen: VncListen, grants: Grants): Conf {
  if (listen.kind === 'unix') return named('rfb', piecesOf('unix:', listen.path));
  const { address, automatic } = listen;
  const host = address.value.includes(':') ? `[${address.value}]` : address.value;
  const port = grants.of(listen.port);
  const chosen: Piece = automatic
    ? { kind: 'port', address: address.value, port, at: listen.port.at }
    : { kind: 'text', text: String(port), at: listen.port.at };
  const value = piecesOf({ value: host, at: address.at }, ':', [chosen]);
  return { word: piecesOf('tcp=', value), entries: [configEntry('rfb', value)] };
}
