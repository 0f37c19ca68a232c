/**
 * The plan of a network: all that its backend knows, and all that guests have to know of it. What bhyvec makes of it on the
 * host stands in `made`; a bridge of somebody else is only named.
 */
import type { Located, Origins, Span } from '../../diagnostics/source.ts';
import type { PortVlans } from '../emulations/network.ts';
import { derivedHex } from '../names.ts';
import type { Family, Ip, Subnet } from './ip.ts';

/** An address of the host on the bridge, with its subnet. */
export interface HostAddress extends Subnet {
  readonly at: Span;
}

/** A subnet behind a guest. */
export interface NetworkRoute extends Subnet {
  readonly gateway: Ip;
  readonly at: Span;
}

/** A port of the host that leads to a guest, as pf is told. */
export interface HostPortPlan {
  /** Null for the interface that leads outside. */
  readonly dev: string | null;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly to: Ip;
  readonly toPort: number;
  readonly at: Span;
}

/** What pf(4) does for the network, in an anchor of its own. */
export interface Firewall {
  /** The lines of the anchor, in the order that pf.conf(5) wants. */
  readonly rules: readonly string[];
  /** The kinds of anchors of the main rules without which the lines are never asked. */
  readonly anchors: readonly ('nat-anchor' | 'rdr-anchor' | 'anchor')[];
  /** True where the network can do without them as long as the host forwards nothing. */
  readonly onlyIfForwarding: boolean;
  /** True where the rules name `$uplink`: what leads outside. */
  readonly usesUplink: boolean;
}

/** One line of a dnsmasq.conf; null for a word without a value. */
export type DnsmasqSetting = readonly [key: string, value: string | null];

/** The way out of a bridge. */
export interface NetworkMember {
  readonly dev: string;
  readonly at: Span;
  /** Where the script makes it: a vlan(4) interface of one of the host; null for one that is there. */
  readonly vlan: { readonly parent: string; readonly tag: number } | null;
}

/** What the script of the network makes and unmakes. */
export interface MadeNetwork {
  /** The service of rc(8). */
  readonly service: string;
  /** True for a name that is a unit of if_bridge(4), which is made as such; any other is made first and renamed then. */
  readonly isUnit: boolean;
  readonly mac: string | null;
  readonly mtu: number | null;
  /** The interface that is a member of the bridge; null for none. */
  readonly member: NetworkMember | null;
  /** Whether a member can have no address, as from FreeBSD 15.0 on. */
  readonly strictMembers: boolean;
  /** Whether the bridge keeps VLANs apart, bridge(4), "VLAN SUPPORT". */
  readonly filtersVlans: boolean;
  readonly addresses: readonly HostAddress[];
  readonly routes: readonly NetworkRoute[];
  /** What the host has to forward packets of. */
  readonly forwarding: readonly Family[];
  /** What leads outside, where the document says it. */
  readonly uplink: Located<string> | null;
  readonly hostPorts: readonly HostPortPlan[];
  readonly firewall: Firewall | null;
  /** Null where guests need no dnsmasq. */
  readonly dnsmasq: readonly DnsmasqSetting[] | null;
}

/** The place on the bridge of an interface that names a port group, or none. */
export interface NetworkPort {
  readonly vlans: PortVlans | null;
}

/** A network. */
export interface NetworkPlan {
  readonly name: string;
  readonly origins: Origins;
  /** Name of the host profile that it was made for. */
  readonly target: string;
  readonly release: string | null;
  readonly stateDirectory: string;
  readonly bridge: string;
  /** Where the bridge is named; the network where it is not. */
  readonly bridgeAt: Span;
  readonly made: MadeNetwork | null;
  /** Port groups by name. */
  readonly ports: ReadonlyMap<string, NetworkPort>;
  /** For an interface that names no group. */
  readonly port: NetworkPort;
  /** Whether guests are kept from each other. */
  readonly isolated: boolean;
}

/** The service of a network in rc(8): a shell identifier. */
export function networkService(name: string): string {
  return `bhyvec_net_${name.replace(/[^A-Za-z0-9_]/g, '_')}`;
}

/** Names of interfaces, ifconfig(8): they fit into IFNAMSIZ and stand in rules of pf(4) as they are. */
export const interfaceName = /^[A-Za-z][A-Za-z0-9_.-]{0,14}$/;

/** The name of a bridge that the XML leaves open: it follows from that of the network, and ends in a digit as others do. */
export function derivedBridge(network: string): string {
  const own = `br${network}0`;
  return /^[A-Za-z0-9]+$/.test(network) && own.length <= 15 ? own : `br${derivedHex(`bhyvec bridge ${network}`, 8)}0`;
}

/** The name of the vlan(4) interface of a network: as ifconfig(8) names one by itself, where there is room. */
export function vlanInterface(parent: string, tag: number): string {
  const usual = `${parent}.${String(tag)}`;
  return usual.length <= 15 ? usual : `vl${derivedHex(`bhyvec vlan ${parent}`, 8)}.${String(tag)}`;
}

/** The anchor of pf(4) of a network. */
export function anchorOf(network: string): string {
  return `bhyvec/${network}`;
}

/** Where the folders of networks are, below that of a build and below libexec: no guest of the build may be called so. */
export const networksFolder = 'networks';
