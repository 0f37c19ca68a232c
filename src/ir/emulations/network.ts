/** virtio-net and e1000: network devices on a tap or on slirp; bhyve(8), "Network device backends". */
import type { Origins } from '../../diagnostics/source.ts';
import type { Capability } from '../../host/capabilities.ts';
import type { Need } from '../needs.ts';
import type { HostStep } from '../plan.ts';
import { flag, named, positional, type Piece, type Setting } from '../settings.ts';
import type { Grants } from '../needs.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

/** What carries the packets on the host. */
export type NetworkBackend =
  | { readonly kind: 'tap'; readonly need: Need<'tap'>; readonly bridge: string; readonly description: string }
  | {
      readonly kind: 'slirp';
      /** The guest may open connections itself. */
      readonly open: boolean;
      readonly forwards: readonly HostForward[];
    };

/** A port of the host that leads to one of the guest. */
export interface HostForward {
  readonly protocol: 'tcp' | 'udp';
  /** IPv4 address of the host; 0.0.0.0 for all. */
  readonly address: string;
  readonly port: number;
  readonly guestPort: number;
  readonly origins: Origins;
}

/** The address that slirp gives its guest; libslirp, the first of its DHCP range. */
const slirpGuest = '10.0.2.15';

interface NetworkDevice<K extends string> extends DeviceNode<K> {
  readonly place: Place;
  readonly backend: NetworkBackend;
  readonly mac: string;
  /** MTU of the tap; null leaves it that of the bridge. */
  readonly mtu: number | null;
  /** MTU that the guest is told. */
  readonly guestMtu: number | null;
  readonly bootindex: number | null;
}

export type VirtioNet = NetworkDevice<'virtio-net'>;
export type E1000 = NetworkDevice<'e1000'>;

export const virtioNet: Emulation<VirtioNet> = {
  kind: 'virtio-net',
  summary: 'paravirtual network interface',
  manual: 'bhyve(8), "virtio-net" and "Network device backends"',
  needs,
  requires: (device) => [...requires(device), ...(device.guestMtu === null ? [] : (['virtio-net-mtu'] as const))],
  hostSteps,
  settings: (device, grants) => [
    setting(
      device,
      grants,
      device.guestMtu === null ? [] : [named('mtu', device.guestMtu)],
      'an interface of model virtio is a virtio-net device',
    ),
  ],
};

export const e1000: Emulation<E1000> = {
  kind: 'e1000',
  summary: 'Intel 82545 network interface',
  manual: 'bhyve(8), "e1000" and "Network device backends"',
  needs,
  requires: (device) => ['e1000', ...requires(device)],
  hostSteps,
  settings: (device, grants) => [setting(device, grants, [], 'an interface of model e1000 is an e1000 device')],
};

function needs({ place, backend }: VirtioNet | E1000): readonly Need[] {
  return [...placeNeeds(place), ...(backend.kind === 'tap' ? [backend.need] : [])];
}

function requires({ backend, bootindex }: VirtioNet | E1000): readonly Capability[] {
  return [
    ...(backend.kind === 'slirp' ? (['slirp'] as const) : []),
    ...(backend.kind === 'slirp' && backend.open ? (['slirp-open'] as const) : []),
    ...(bootindex === null ? [] : (['bootindex'] as const)),
  ];
}

function hostSteps({ backend, mtu, origins }: VirtioNet | E1000, grants: Grants): readonly HostStep[] {
  if (backend.kind === 'slirp') return backend.forwards.flatMap(portStep);
  const { bridge, description } = backend;
  return [
    { kind: 'module', names: ['if_bridge'], origins },
    { kind: 'bridge', name: bridge, origins },
    { kind: 'tap', name: grants.of(backend.need), bridge, mtu, description, origins },
  ];
}

/** sockstat(1) tells of the launcher's ports which are free; UDP has no listeners that it could look for. */
function portStep({ protocol, address, port, origins }: HostForward): readonly HostStep[] {
  return protocol === 'tcp' ? [{ kind: 'port', address, port, automatic: false, last: port, origins }] : [];
}

/** `hostfwd=` of bhyve(8): PROTO:HADDR:HPORT-GADDR:GPORT, with semicolons between them. */
function forwardPiece(forwards: readonly HostForward[]): readonly Piece[] {
  const rules = forwards.map(({ protocol, address, port, guestPort }) => {
    return `${protocol}:${address}:${String(port)}-${slirpGuest}:${String(guestPort)}`;
  });
  return rules.length === 0 ? [] : [named('hostfwd', rules.join(';'))];
}

function setting(device: VirtioNet | E1000, grants: Grants, further: readonly Piece[], rule: string): Setting {
  const { backend, mac, bootindex } = device;
  const pieces: readonly Piece[] = [
    positional('backend', backend.kind === 'tap' ? grants.of(backend.need) : 'slirp'),
    named('mac', mac),
    ...(backend.kind === 'slirp' && backend.open ? [flag('open')] : []),
    ...(backend.kind === 'slirp' ? forwardPiece(backend.forwards) : []),
    ...further,
    ...(bootindex === null ? [] : [named('bootindex', bootindex)]),
  ];
  return pciSetting(device, addressOf(device.place, grants), device.kind, pieces, rule);
}
