/**
 * Network to NetworkPlan. Needs: typed values. Gives: all that is made of it on the host, and what guests are told of it; the
 * parts fit together. Reports: BV0552, BV2500 to BV2506, BV1560 to BV1562.
 */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { Forward, Network } from '../../frontend/network/network.ts';
import type { Vlan } from '../../frontend/elements/vlan.ts';
import { isGuestName } from '../../ir/names.ts';
import {
  derivedBridge,
  interfaceName,
  networkService,
  vlanInterface,
  type MadeNetwork,
  type NetworkMember,
  type NetworkPlan,
  type NetworkPort,
} from '../../ir/network/network-plan.ts';
import type { Context } from '../context.ts';
import { refuseVlan, vlansOf } from '../lower/bridge-port.ts';
import { addressesOf, routesOf } from './addresses.ts';
import { dnsmasqOf } from './dnsmasq.ts';
import { firewallOf, hostPortsOf } from './firewall.ts';
import type { Mode } from './shape.ts';

/** What pf.conf(5) and the names of files have room for. */
const longestName = 60;

/** Lowers a network; null where nothing can be made of it, which is reported. */
export function lowerNetwork(network: Network, context: Context): NetworkPlan | null {
  const { host, reporter } = context;
  const { name, at, forward } = network;
  if (!isGuestName(name.value) || name.value.length > longestName) {
    const accepted = `letters, digits and ._-, ${String(longestName)} at most, the first a letter, a digit or _`;
    reporter.report('BV2506', name.at, { what: 'the name of a network', value: name.value, accepted });
  }
  const mode = modeOf(forward, context);
  if (mode === null) return null;
  const bridge = bridgeOf(network, mode, context);
  const groups = portGroupsOf(network, context);
  const child = childTagOf(network, mode, context);
  const own = child === null ? portOf(network.vlan, context) : { vlans: null };
  const fallback = network.portGroups.find(({ isDefault }) => isDefault?.value === true);
  const inDefault = fallback === undefined ? null : (groups.get(fallback.name.value) ?? null);
  const isExisting = mode === 'bridge' && forward?.devs.length === 0;
  const vlans = [own, ...groups.values()].flatMap((port) => port.vlans ?? []);
  const made = isExisting
    ? null
    : madeOf(network, mode, { bridge: bridge.value, filtersVlans: vlans.length > 0, child }, context);
  if (isExisting) refuseParts('a bridge that is there already is used as it is', existingParts(network), context);
  return {
    name: name.value,
    origins: [at],
    target: host.name,
    release: host.release,
    stateDirectory: host.stateDirectory,
    bridge: bridge.value,
    bridgeAt: bridge.at,
    made,
    // A group without VLANs is in those of the network.
    ports: new Map([...groups].map(([key, port]) => [key, port.vlans === null ? own : port])),
    port: inDefault === null || inDefault.vlans === null ? own : inDefault,
    isolated: network.isolated?.value === true,
  };
}

function modeOf(forward: Forward | null, { reporter }: Context): Mode | null {
  if (forward === null) return 'none';
  const { mode } = forward;
  if (mode === null) return null;
  switch (mode.value) {
    case 'nat':
    case 'route':
    case 'open':
    case 'bridge':
      return mode.value;
    default:
      reporter.report('BV2500', mode.at, { mode: mode.value });
      return null;
  }
}

function bridgeOf({ name, bridge, forward }: Network, mode: Mode, { reporter }: Context): Located<string> {
  const isOpen = bridge === null || bridge.value.includes('%d');
  if (isOpen) {
    if (mode === 'bridge' && forward?.devs.length === 0) {
      const example =
        "<bridge name='bridge0'/> for one that is there, or <forward mode='bridge' dev='em0'/> for one of its own";
      reporter.report('BV2501', forward.at, { mode, part: 'a bridge, or an interface to make one of', example });
    }
    return { value: derivedBridge(name.value), at: bridge?.at ?? name.at };
  }
  if (!interfaceName.test(bridge.value)) {
    const accepted =
      'a letter, then letters, digits and ._-, 15 characters at most: write such a name, or leave it out';
    reporter.report('BV2506', bridge.at, { what: 'the name of a bridge', value: bridge.value, accepted });
  }
  return bridge;
}

function portGroupsOf({ portGroups }: Network, context: Context): Map<string, NetworkPort> {
  const { reporter } = context;
  const groups = new Map<string, NetworkPort>();
  let hasDefault = false;
  for (const { name, isDefault, vlan } of portGroups) {
    if (groups.has(name.value)) reporter.report('BV2505', name.at, { what: 'the port group', value: name.value });
    if (isDefault?.value === true && hasDefault)
      reporter.report('BV2505', isDefault.at, { what: 'a port group with default', value: 'yes' });
    hasDefault ||= isDefault?.value === true;
    groups.set(name.value, portOf(vlan, context));
  }
  return groups;
}

/** VLANs as the interface of a guest has them; before 15.0 nothing on the way to the guest can set any. */
function portOf(vlan: Vlan | null, context: Context): NetworkPort {
  if (vlan === null) return { vlans: null };
  if (!context.host.capabilities.has('bridge-vlans')) {
    refuseVlan(vlan, context);
    return { vlans: null };
  }
  return { vlans: vlansOf(vlan, context) };
}

/**
 * The tag of a network whose bridge cannot filter: all of it is in that VLAN, by a vlan(4) interface as its member. Null where
 * there is none, and where a bridge has to filter.
 */
function childTagOf({ vlan, forward }: Network, mode: Mode, context: Context): number | null {
  if (vlan === null || context.host.capabilities.has('bridge-vlans')) return null;
  if (mode !== 'bridge' || forward?.devs.length !== 1 || vlan.trunk?.value === true || vlan.tags.length !== 1)
    return null;
  return vlansOf(vlan, context)?.untagged ?? null;
}

/** What is known of a network before its parts are looked at. */
interface Frame {
  readonly bridge: string;
  readonly filtersVlans: boolean;
  readonly child: number | null;
}

function memberOf({ forward }: Network, mode: Mode, child: number | null): NetworkMember | null {
  const [uplink] = forward?.devs ?? [];
  if (mode !== 'bridge' || uplink === undefined) return null;
  const { value: dev, at } = uplink;
  if (child === null) return { dev, at, vlan: null };
  return { dev: vlanInterface(dev, child), at, vlan: { parent: dev, tag: child } };
}

function madeOf(network: Network, mode: Mode, frame: Frame, context: Context): MadeNetwork {
  const { name, forward, mac, mtu } = network;
  const { bridge, filtersVlans, child } = frame;
  checkUplinks(network, mode, context);
  if (mode === 'bridge') {
    refuseParts('guests are on the network of the interface, where others give addresses', inSubnets(network), context);
    if (mtu !== null) refuseParts('a bridge has the MTU of its interface', [['<mtu>', mtu.at]], context);
  }
  if (filtersVlans) {
    refuseParts('the host is in none of the VLANs of its bridge', inSubnets(network), context);
  }
  const addresses = addressesOf(network, context);
  const [uplink] = forward?.devs ?? [];
  const routed = mode === 'nat' || mode === 'route' || mode === 'open' || network.routes.length > 0;
  const shape = { mode, bridge, addresses, uplink: uplink?.value ?? null };
  const routes = routesOf(network, addresses, context);
  const hostPorts = hostPortsOf(network, addresses, mode, context);
  return {
    service: networkService(name.value),
    isUnit: /^bridge\d+$/.test(bridge),
    mac: mac?.value ?? null,
    mtu: mtu?.value ?? null,
    member: memberOf(network, mode, child),
    // The release that filters VLANs is the one that takes no member with an address.
    strictMembers: context.host.capabilities.has('bridge-vlans'),
    filtersVlans,
    addresses,
    routes,
    forwarding: routed ? [...new Set(addresses.map(({ address }) => address.family))] : [],
    uplink: mode === 'bridge' ? null : (uplink ?? null),
    hostPorts,
    firewall: firewallOf(network, shape, hostPorts, context),
    dnsmasq: dnsmasqOf(network, shape, context),
  };
}

function checkUplinks({ forward, ips, at }: Network, mode: Mode, { reporter }: Context): void {
  const [, second] = forward?.devs ?? [];
  if (second !== undefined) {
    const reason = 'what leads outside is one interface';
    const help = 'join them to one by lagg(4), and name that';
    reporter.report('BV2502', second.at, { what: `the interface ${second.value}`, reason, help });
  }
  for (const { value, at: place } of forward?.devs ?? []) {
    if (interfaceName.test(value)) continue;
    const accepted = 'write the name of an interface of the host, as ifconfig -l prints it';
    reporter.report('BV2506', place, { what: 'an interface of the host', value, accepted });
  }
  if ((mode === 'nat' || mode === 'route' || mode === 'open') && ips.length === 0) {
    const example = "<ip address='10.77.0.1' prefix='24'/>, the address of the host on the bridge";
    reporter.report('BV2501', forward?.at ?? at, { mode, part: 'an <ip>', example });
  }
}

type Part = readonly [what: string, at: Span];

/** What a bridge without addresses of the host cannot have. */
function inSubnets({ ips, dns, domain, routes, hostPorts, options }: Network): readonly Part[] {
  return [
    ...ips.map(({ at }): Part => ['<ip>', at]),
    ...routes.map(({ at }): Part => ['<route>', at]),
    ...(dns === null ? [] : [['<dns>', dns.at] as const]),
    ...(domain === null ? [] : [['<domain>', domain.at] as const]),
    ...hostPorts.map(({ at }): Part => ['<portForward>', at]),
    ...options.slice(0, 1).map(({ at }): Part => ['an option of dnsmasq', at]),
  ];
}

function existingParts(network: Network): readonly Part[] {
  const { mac, mtu } = network;
  return [
    ...inSubnets(network),
    ...(mac === null ? [] : [['<mac>', mac.at] as const]),
    ...(mtu === null ? [] : [['<mtu>', mtu.at] as const]),
  ];
}

function refuseParts(reason: string, parts: readonly Part[], { reporter }: Context): void {
  for (const [what, at] of parts)
    reporter.report('BV2502', at, {
      what,
      reason,
      help: 'remove it, or make it a network of mode nat, route or open, or of none',
    });
}
