/**
 * A network in libvirt's words, as the user wrote it (formatnetwork): typed values with their places, nothing filled in.
 * What a host makes of it is the business of `passes/network`.
 */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { Vlan } from '../elements/vlan.ts';

/** What bhyvec can do of `<forward mode>`. */
export const forwardModes = ['nat', 'route', 'open', 'bridge'] as const;

/** What it cannot: they give guests a device, or a part of one. */
export const deviceModes = ['private', 'vepa', 'passthrough', 'hostdev'] as const;

export type ForwardMode = (typeof forwardModes)[number] | (typeof deviceModes)[number];

/** Two ends of a range, both included. */
export interface Range<T> {
  readonly at: Span;
  readonly start: Located<T>;
  readonly end: Located<T>;
}

/** `<nat>`. */
export interface Nat {
  readonly at: Span;
  readonly ipv6: Located<boolean> | null;
  readonly addresses: Range<string> | null;
  readonly ports: Range<number> | null;
}

/** `<forward>`. */
export interface Forward {
  readonly at: Span;
  /** Null where it is not understood, which has been reported; nat where nothing is written. */
  readonly mode: Located<ForwardMode> | null;
  /** The interfaces that lead outside, each once. */
  readonly devs: readonly Located<string>[];
  readonly nat: Nat | null;
}

/** How long an address is lent, in seconds; 0 is for ever. */
export type Lease = Located<number>;

/** `<dhcp><range>`. */
export interface DhcpRange extends Range<string> {
  readonly lease: Lease | null;
}

/** `<dhcp><host>`. */
export interface DhcpHost {
  readonly at: Span;
  readonly mac: Located<string> | null;
  readonly id: Located<string> | null;
  readonly name: Located<string> | null;
  readonly ip: Located<string>;
  readonly lease: Lease | null;
}

/** `<dhcp>`. */
export interface Dhcp {
  readonly at: Span;
  readonly ranges: readonly DhcpRange[];
  readonly hosts: readonly DhcpHost[];
  readonly bootp: { readonly file: Located<string>; readonly server: Located<string> | null } | null;
}

/** A subnet as written: an address with a mask, a prefix or neither. */
export interface WrittenSubnet {
  readonly at: Span;
  readonly family: Located<'ipv4' | 'ipv6'> | null;
  readonly address: Located<string>;
  readonly netmask: Located<string> | null;
  readonly prefix: Located<number> | null;
}

/** `<ip>`. */
export interface NetworkIp extends WrittenSubnet {
  readonly localPtr: Located<boolean> | null;
  readonly tftpRoot: Located<string> | null;
  readonly dhcp: Dhcp | null;
}

/** `<route>`. */
export interface Route extends WrittenSubnet {
  readonly gateway: Located<string>;
}

/** `<dns>`. */
export interface Dns {
  readonly at: Span;
  readonly enabled: Located<boolean> | null;
  readonly forwardPlainNames: Located<boolean> | null;
  readonly forwarders: readonly {
    readonly at: Span;
    readonly domain: Located<string> | null;
    readonly address: Located<string> | null;
  }[];
  readonly texts: readonly { readonly name: Located<string>; readonly value: Located<string> }[];
  readonly hosts: readonly { readonly ip: Located<string>; readonly names: readonly Located<string>[] }[];
  readonly services: readonly Service[];
}

/** `<srv>`. */
export interface Service {
  readonly at: Span;
  readonly service: Located<string>;
  readonly protocol: Located<string>;
  readonly domain: Located<string> | null;
  readonly target: Located<string> | null;
  readonly port: Located<number> | null;
  readonly priority: Located<number> | null;
  readonly weight: Located<number> | null;
}

/** `<portgroup>`. */
export interface PortGroup {
  readonly at: Span;
  readonly name: Located<string>;
  readonly isDefault: Located<boolean> | null;
  readonly vlan: Vlan | null;
}

/** Our own `<portForward>` in `<metadata>`. */
export interface HostPort {
  readonly at: Span;
  readonly dev: Located<string> | null;
  readonly protocol: Located<'tcp' | 'udp'> | null;
  readonly port: Located<number>;
  readonly to: Located<string>;
  readonly toPort: Located<number> | null;
}

/** A network. */
export interface Network {
  readonly at: Span;
  readonly name: Located<string>;
  /** Null for a network that leads nowhere. */
  readonly forward: Forward | null;
  /** The name of the bridge, as written. */
  readonly bridge: Located<string> | null;
  readonly mac: Located<string> | null;
  readonly mtu: Located<number> | null;
  readonly domain: {
    readonly at: Span;
    readonly name: Located<string>;
    readonly localOnly: Located<boolean> | null;
  } | null;
  readonly dns: Dns | null;
  readonly ips: readonly NetworkIp[];
  readonly routes: readonly Route[];
  readonly portGroups: readonly PortGroup[];
  readonly vlan: Vlan | null;
  readonly isolated: Located<boolean> | null;
  readonly hostPorts: readonly HostPort[];
  /** Lines for dnsmasq. */
  readonly options: readonly Located<string>[];
}
