/**
 * XmlElement to Network. Needs: a tree without syntax errors. Gives: typed values; what nobody reads is reported by the
 * degree that the grammar gives it. Reports: BV03, BV13.
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import { readVlan } from '../elements/vlan.ts';
import { need } from '../need.ts';
import type { ReadOptions } from '../reading.ts';
import { readResource } from '../resource.ts';
import { readMac, readNumber, readWord, readYesNo } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { childElements, type XmlElement } from '../xml/tree.ts';
import { readIp, readRange, readRoute } from './addresses.ts';
import { readDns } from './dns.ts';
import {
  deviceModes,
  forwardModes,
  type Forward,
  type HostPort,
  type Nat,
  type Network,
  type PortGroup,
} from './network.ts';

/** Namespace of our own elements. */
export const networkNamespace = 'https://bhyvec.org/xmlns/network/1.0';
/** Namespace of lines for dnsmasq. */
const dnsmasqNamespace = 'http://libvirt.org/schemas/network/dnsmasq/1.0';

/**
 * Reads a network.
 * @returns the network, or null where it has no usable name; other mistakes are in the report
 */
export function readNetwork(root: XmlElement, options: ReadOptions, reporter: Reporter): Network | null {
  return readResource(root, options, reporter, readParts);
}

function readParts(network: ElementReader): Network | null {
  const { at, reporter } = network;
  const domain = network.child('domain');
  const domainName = domain === null ? null : need(domain, 'name');
  const port = network.child('port');
  const parts = {
    at,
    forward: readForward(network.child('forward')),
    bridge: network.child('bridge')?.attribute('name') ?? null,
    mac: readMac(network.child('mac')?.attribute('address') ?? null, reporter),
    mtu: readNumber(network.child('mtu')?.attribute('size') ?? null, 'the size of an MTU', reporter, mtus),
    domain:
      domain === null || domainName === null
        ? null
        : {
            at: domain.at,
            name: domainName,
            localOnly: readYesNo(domain.attribute('localOnly'), 'localOnly', reporter),
          },
    dns: readDns(network.child('dns')),
    ips: network.children('ip').flatMap(readIp),
    routes: network.children('route').flatMap(readRoute),
    portGroups: network.children('portgroup').flatMap(readPortGroup),
    vlan: readVlan(network),
    isolated: readYesNo(
      port?.look('isolated')?.value === 'no' ? null : (port?.attribute('isolated') ?? null),
      'isolated',
      reporter,
    ),
    hostPorts: readMetadata(network),
    options: network
      .children('options', dnsmasqNamespace)
      .flatMap((options) => options.children('option', dnsmasqNamespace))
      .flatMap((option) => need(option, 'value') ?? []),
  };
  const name = network.child('name')?.filledText() ?? null;
  if (name !== null) return { ...parts, name };
  reporter.report('BV0310', network.child('name')?.at ?? at, { element: 'network', part: 'name' });
  return null;
}

/** ifconfig(8): what if_bridge takes for an MTU. */
const mtus = { min: 72, max: 65_535 };
const ports = { min: 1, max: 65_535 };

function readForward(forward: ElementReader | null): Forward | null {
  if (forward === null) return null;
  const { at, reporter } = forward;
  const written = forward.attribute('mode');
  const mode = readWord(written, [...forwardModes, ...deviceModes], 'the mode of a network', reporter);
  // Nothing of it can be had: that is told once, where the network is lowered.
  if (deviceModes.some((one) => one === mode?.value)) forward.takeAll();
  const interfaces = forward.children('interface').map((one) => need(one, 'dev'));
  const all = [forward.attribute('dev'), ...interfaces].filter((dev) => dev !== null);
  return {
    at,
    mode: written === null ? { value: 'nat', at } : mode,
    devs: all.filter(({ value }, i) => all.findIndex((other) => other.value === value) === i),
    nat: readNat(forward.child('nat')),
  };
}

function readNat(nat: ElementReader | null): Nat | null {
  if (nat === null) return null;
  const { at, reporter } = nat;
  const written = nat.child('port');
  const start = readNumber(written?.attribute('start') ?? null, 'a port', reporter, ports);
  const end = readNumber(written?.attribute('end') ?? null, 'a port', reporter, ports);
  const addresses = nat.child('address');
  return {
    at,
    ipv6: readYesNo(nat.look('ipv6')?.value === 'no' ? null : nat.attribute('ipv6'), 'ipv6', reporter),
    addresses: addresses === null ? null : readRange(addresses),
    ports: written === null || start === null || end === null ? null : { at: written.at, start, end },
  };
}

function readPortGroup(group: ElementReader): readonly PortGroup[] {
  const { at, reporter } = group;
  const name = need(group, 'name');
  const isDefault = readYesNo(group.attribute('default'), 'default', reporter);
  const vlan = readVlan(group);
  return name === null ? [] : [{ at, name, isDefault, vlan }];
}

function readMetadata(network: ElementReader): readonly HostPort[] {
  const metadata = network.child('metadata');
  if (metadata === null) return [];
  for (const { name, nameSpan } of childElements(metadata.element)) {
    if (name.namespace === networkNamespace || !/bhyvec/i.test(name.namespace)) continue;
    metadata.reporter.report('BV1307', nameSpan, { uri: name.namespace, own: networkNamespace });
  }
  metadata.takeForeign(networkNamespace);
  return metadata.children('portForward', networkNamespace).flatMap(readHostPort);
}

function readHostPort(forward: ElementReader): readonly HostPort[] {
  const { at, reporter } = forward;
  const written = need(forward, 'port');
  const port = readNumber(written, 'a port', reporter, ports);
  const to = need(forward, 'to');
  const toPort = readNumber(forward.attribute('toPort'), 'a port', reporter, ports);
  const protocol = readWord(forward.attribute('proto'), ['tcp', 'udp'] as const, 'a protocol', reporter);
  const dev = forward.attribute('dev');
  return port === null || to === null ? [] : [{ at, dev, protocol, port, to, toPort }];
}
