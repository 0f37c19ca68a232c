/** virtio-net and e1000: network devices on a tap or on slirp; bhyve(8), "Network device backends". */
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
    };

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
  if (backend.kind === 'slirp') return [];
  const { bridge, description } = backend;
  return [
    { kind: 'module', names: ['if_bridge'], origins },
    { kind: 'bridge', name: bridge, origins },
    { kind: 'tap', name: grants.of(backend.need), bridge, mtu, description, origins },
  ];
}

function setting(device: VirtioNet | E1000, grants: Grants, further: readonly Piece[], rule: string): Setting {
  const { backend, mac, bootindex } = device;
  const pieces: readonly Piece[] = [
    positional('backend', backend.kind === 'tap' ? grants.of(backend.need) : 'slirp'),
    named('mac', mac),
    ...(backend.kind === 'slirp' && backend.open ? [flag('open')] : []),
    ...further,
    ...(bootindex === null ? [] : [named('bootindex', bootindex)]),
  ];
  return pciSetting(device, addressOf(device.place, grants), device.kind, pieces, rule);
}
