/** `<interface>` (formatdomain, "Network interfaces"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readMac, readNumber, readWord, readYesNo } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';
import { readBootOrder } from './boot.ts';
import { readPortForward, type PortForward } from './port-forward.ts';
import { readVlan, type Vlan } from './vlan.ts';

const types = [
  'bridge', 'network', 'user', 'ethernet', 'direct', 'hostdev', 'vhostuser', 'server', 'client', 'mcast', 'udp',
  'internal', 'vdpa', 'null', 'vds',
] as const; // prettier-ignore

/** An address of the host's end. */
export interface HostIp {
  readonly at: Span;
  readonly address: Located<string>;
  readonly family: Located<string> | null;
  readonly prefix: Located<number> | null;
}

/** One network interface as written. */
export interface Interface {
  readonly at: Span;
  readonly type: Located<(typeof types)[number]>;
  readonly bridge: Located<string> | null;
  readonly network: Located<string> | null;
  /** A group of settings of the network. */
  readonly portGroup: Located<string> | null;
  readonly mac: Located<string> | null;
  readonly model: Located<string> | null;
  /** Name of the host's interface. */
  readonly targetDev: Located<string> | null;
  /** Whether the host's interface is made for the run; `no` names one that is there. */
  readonly managed: Located<boolean> | null;
  readonly mtu: Located<number> | null;
  /** An address that the guest is to be given. */
  readonly ip: Span | null;
  /** Addresses of the host's end, of an interface of type ethernet; others have none. */
  readonly hostIps: readonly HostIp[];
  readonly vlan: Vlan | null;
  /** Whether the guest reaches other isolated members of its bridge. */
  readonly isolated: Located<boolean> | null;
  /** Whether the cable is plugged in. */
  readonly link: Located<'up' | 'down'> | null;
  /** Of an interface of type user; others have none. */
  readonly portForwards: readonly PortForward[];
  readonly address: Address | null;
  readonly bootOrder: Located<number> | null;
}

/** The place of a part that only matters because it cannot be had; what is in it needs no report of its own. */
function takeRefused(element: ElementReader, name: string): Span | null {
  const parts = element.children(name);
  for (const part of parts) part.takeAll();
  return parts[0]?.at ?? null;
}

/** Reads an interface; null where its type is not understood. */
export function readInterface(element: ElementReader): Interface | null {
  const { at, reporter } = element;
  const type = readWord(element.attribute('type'), types, 'the type of an interface', reporter);
  const source = element.child('source');
  const mac = element.child('mac');
  const address = mac?.attribute('address') ?? null;
  if (mac !== null && address === null)
    reporter.report('BV0310', mac.at, { element: 'mac', part: 'address attribute' });
  const mtu = element.child('mtu');
  const target = element.child('target');
  const states = ['up', 'down'] as const;
  const parts = {
    mac: readMac(address, reporter),
    model: element.child('model')?.attribute('type') ?? null,
    targetDev: target?.attribute('dev') ?? null,
    managed: readYesNo(target?.attribute('managed') ?? null, 'managed', reporter),
    isolated: readYesNo(element.child('port')?.attribute('isolated') ?? null, 'isolated', reporter),
    link: readWord(element.child('link')?.attribute('state') ?? null, states, 'the state of a link', reporter),
    mtu: readNumber(mtu?.attribute('size') ?? null, 'the size of an MTU', reporter),
    ip: takeRefused(element, 'ip'),
    vlan: readVlan(element),
    address: readAddress(element),
    bootOrder: readBootOrder(element),
  };
  if (type === null) {
    element.takeAll();
    if (element.attribute('type') === null)
      reporter.report('BV0310', at, { element: 'interface', part: 'type attribute' });
    return null;
  }
  return {
    at,
    type,
    bridge: type.value === 'bridge' ? (source?.attribute('bridge') ?? null) : null,
    portForwards:
      type.value === 'user'
        ? element
            .children('portForward')
            .map(readPortForward)
            .filter((forward) => forward !== null)
        : [],
    hostIps: type.value === 'ethernet' ? (source?.children('ip') ?? []).flatMap(readHostIp) : [],
    network: type.value === 'network' ? (source?.attribute('network') ?? null) : null,
    portGroup: type.value === 'network' ? (source?.attribute('portgroup') ?? null) : null,
    ...parts,
  };
}

function readHostIp(ip: ElementReader): readonly HostIp[] {
  const { at, reporter } = ip;
  const address = ip.attribute('address');
  const family = ip.attribute('family');
  if (address === null) {
    reporter.report('BV0310', at, { element: 'ip', part: 'address attribute' });
    return [];
  }
  const prefix = readNumber(ip.attribute('prefix'), 'the length of a prefix', reporter, { max: 128 });
  return [{ at, address, family, prefix }];
}
