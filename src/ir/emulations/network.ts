/** virtio-net and e1000: network devices on a tap or on slirp; bhyve(8), "Network device backends". */
import type { Located, Origins, Span } from '../../diagnostics/source.ts';
import type { Need } from '../needs.ts';
import type { HostStep } from '../plan.ts';
import { configEntry, flag, named, positional, type Conf, type Setting } from '../settings.ts';
import type { Piece } from '../words.ts';
import type { Grants } from '../needs.ts';
import {
  addressOf,
  pciSetting,
  placeNeeds,
  type DeviceNode,
  type Emulation,
  type Place,
  type Use,
  type Wish,
} from './define.ts';

/** What carries the packets on the host. */
export type NetworkBackend =
  | SwitchBackend
  | {
      readonly kind: 'tap';
      readonly need: Need<'tap'>;
      /** Null for a tap on no bridge. */
      readonly bridge: Located<string> | null;
      /** The service of rc(8) that makes the bridge; null for one that somebody else has made. */
      readonly service: string | null;
      readonly port: BridgePort;
      /** Whether it is made for the run; else it is there, and stays as it is. */
      readonly isMade: boolean;
      /** Addresses of the host's end, as ifconfig(8) takes them: `inet 10.9.0.1/24`. */
      readonly addresses: readonly string[];
      /** The name of the guest, which is in the description of the tap. */
      readonly guest: string;
    }
  | {
      readonly kind: 'slirp';
      /** The guest may open connections itself. */
      readonly open: boolean;
      readonly forwards: readonly HostForward[];
      /** Where it was asked for. */
      readonly at: Span;
    };

/** A port of a switch of vale(4), or a hook of a node of netgraph(4); bhyve makes and unmakes it. */
export type SwitchBackend =
  | { readonly kind: 'vale'; readonly port: Located<string> }
  | {
      readonly kind: 'netgraph';
      /** The address of the node. */
      readonly path: Located<string>;
      /** The hook of the node, and bhyve's own; null for that of bhyve. */
      readonly peerhook: Located<string>;
      readonly hook: Located<string> | null;
      /** The name of bhyve's own node; null for none. */
      readonly socket: Located<string> | null;
    };

/** The VLANs of a member of a bridge; ifconfig(8), `untagged` and `tagged`. */
export interface PortVlans {
  /** That of packets without a tag; null where there is none. */
  readonly untagged: number | null;
  readonly tagged: readonly number[];
}

/** A place on a bridge. */
export interface BridgePort {
  /** Kept from other isolated members; ifconfig(8), `private`. */
  readonly isolated: boolean;
  readonly vlans: PortVlans | null;
  /** False for a cable that lies beside its socket. */
  readonly isPlugged: boolean;
}

/** A port of the host that leads to one of the guest. */
export interface HostForward {
  readonly protocol: 'tcp' | 'udp';
  /** IPv4 address of the host; 0.0.0.0 for all. */
  readonly address: string;
  readonly port: number;
  readonly guestPort: number;
  /** Where the port was written. */
  readonly at: Span;
  readonly origins: Origins;
}

/** The address that slirp gives its guest; libslirp, the first of its DHCP range. */
const slirpGuest = '10.0.2.15';

interface NetworkDevice<K extends string> extends DeviceNode<K> {
  readonly place: Place;
  readonly backend: NetworkBackend;
  readonly mac: Need<'mac'>;
  /** MTU of the tap; null leaves it that of the bridge. */
  readonly mtu: number | null;
  /** MTU that the guest is told. */
  readonly guestMtu: number | null;
}

export type VirtioNet = NetworkDevice<'virtio-net'>;
export type E1000 = NetworkDevice<'e1000'>;

export const virtioNet: Emulation<VirtioNet> = {
  kind: 'virtio-net',
  summary: 'paravirtual network interface',
  manual: 'bhyve(8), "virtio-net" and "Network device backends"',
  needs,
  uses,
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
  uses,
  requires: (device) => ['e1000', ...requires(device)],
  hostSteps,
  settings: (device, grants) => [setting(device, grants, [], 'an interface of model e1000 is an e1000 device')],
};

function needs({ place, backend, mac }: VirtioNet | E1000): readonly Need[] {
  return [...placeNeeds(place), mac, ...(backend.kind === 'tap' ? [backend.need] : [])];
}

function uses({ mac, backend }: VirtioNet | E1000): readonly Use[] {
  const forwards = backend.kind === 'slirp' ? backend.forwards : [];
  return [
    ...(mac.wanted === null ? [] : ([{ kind: 'mac', name: mac.wanted, at: mac.at }] as const)),
    ...forwards.map(({ protocol, address, port, at }): Use => {
      return { kind: `${protocol}-port`, name: String(port), address, at };
    }),
  ];
}

function requires({ backend }: VirtioNet | E1000): readonly Wish[] {
  if (backend.kind === 'netgraph') return [{ value: 'netgraph', at: backend.path.at }];
  if (backend.kind !== 'slirp') return [];
  const { open, at } = backend;
  return [{ value: 'slirp', at }, ...(open ? [{ value: 'slirp-open', at } as const] : [])];
}

function hostSteps({ backend, mtu, origins }: VirtioNet | E1000, grants: Grants): readonly HostStep[] {
  if (backend.kind === 'slirp') return backend.forwards.flatMap(portStep);
  if (backend.kind !== 'tap') return switchSteps(backend, origins);
  const { bridge, service, port, isMade, addresses, guest, need } = backend;
  const { name } = grants.of(need);
  if (!isMade) return [{ kind: 'own-tap', name, origins, at: need.at }];
  // By its own name, which it keeps when other interfaces come and go.
  const description = `bhyve ${guest} interface ${name}`;
  const common = { mtu, addresses, description, origins, at: need.at };
  if (bridge === null) return [{ kind: 'tap', name, bridge: null, plugged: true, ...common }];
  const { isolated, vlans, isPlugged } = port;
  const on = { bridge: bridge.value, origins } as const;
  const hasPort = isPlugged && (isolated || vlans !== null);
  const ids = vlans === null ? null : { untagged: vlans.untagged, tagged: vlans.tagged.join(',') };
  return [
    { kind: 'module', names: ['if_bridge'], origins, at: bridge.at },
    { kind: 'bridge', name: bridge.value, ...(service === null ? {} : { service }), origins, at: bridge.at },
    { kind: 'tap', name, ...common, bridge: bridge.value, plugged: isPlugged },
    ...(hasPort ? [{ kind: 'bridge-port', ...on, tap: name, isolated, vlans: ids, at: need.at } as const] : []),
  ];
}

function switchSteps(backend: SwitchBackend, origins: Origins): readonly HostStep[] {
  if (backend.kind === 'vale') {
    const { value: name, at } = backend.port;
    return [
      { kind: 'module', names: ['netmap'], origins, at },
      { kind: 'switch-port', name, node: null, origins, at },
    ];
  }
  const { path, peerhook } = backend;
  return [
    { kind: 'module', names: ['ng_socket'], origins, at: path.at },
    { kind: 'switch-port', name: `${path.value} ${peerhook.value}`, node: path.value, origins, at: peerhook.at },
  ];
}

/** sockstat(1) tells of the launcher's ports which are free; UDP has no listeners that it could look for. */
function portStep({ protocol, address, port, origins, at }: HostForward): readonly HostStep[] {
  return protocol === 'tcp' ? [{ kind: 'port', address, port, automatic: false, last: port, origins, at }] : [];
}

/** `hostfwd=` of bhyve(8): PROTO:HADDR:HPORT-GADDR:GPORT, with semicolons between them. */
function forwardConf(forwards: readonly HostForward[]): readonly Conf[] {
  const rules = forwards.map(({ protocol, address, port, guestPort }) => {
    return `${protocol}:${address}:${String(port)}-${slirpGuest}:${String(guestPort)}`;
  });
  return rules.length === 0 ? [] : [named('hostfwd', rules.join(';'))];
}

function setting(device: VirtioNet | E1000, grants: Grants, further: readonly Conf[], rule: string): Setting {
  const { backend, mac } = device;
  const confs: readonly Conf[] = [
    ...backendConfs(backend, grants),
    named('mac', { value: grants.of(mac), at: mac.at }),
    ...(backend.kind === 'slirp' && backend.open ? [flag('open')] : []),
    ...(backend.kind === 'slirp' ? forwardConf(backend.forwards) : []),
    ...further,
  ];
  return pciSetting(device, addressOf(device.place, grants), device.kind, confs, rule);
}

function backendConfs(backend: NetworkBackend, grants: Grants): readonly Conf[] {
  switch (backend.kind) {
    case 'tap':
      return [tapConf(backend.need, grants)];
    case 'slirp':
      return [positional('backend', 'slirp')];
    case 'vale':
      return [positional('backend', backend.port)];
    case 'netgraph': {
      const { path, peerhook, hook, socket } = backend;
      return [
        positional('backend', 'netgraph'),
        named('path', path),
        named('peerhook', peerhook),
        ...(socket === null ? [] : [named('socket', socket)]),
        ...(hook === null ? [] : [named('hook', hook)]),
      ];
    }
  }
}

function tapConf(need: Need<'tap'>, grants: Grants): Conf {
  const hole: Piece = { kind: 'tap', name: grants.of(need).name, at: need.at };
  return { word: [hole], entries: [configEntry('backend', [hole])] };
}
