/** `<ip>` with its `<dhcp>`, and `<route>` (formatnetwork, "Addressing"). */
import { readMac, readNumber, readWord, readYesNo } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import type { Dhcp, DhcpHost, DhcpRange, Lease, NetworkIp, Range, Route, WrittenSubnet } from './network.ts';
import { need } from '../need.ts';

const families = ['ipv4', 'ipv6'] as const;

/** Reads an address of the host; none where it has no address. */
export function readIp(ip: ElementReader): readonly NetworkIp[] {
  const subnet = readSubnet(ip);
  const localPtr = readYesNo(ip.attribute('localPtr'), 'localPtr', ip.reporter);
  const tftp = ip.child('tftp');
  const tftpRoot = tftp === null ? null : need(tftp, 'root');
  const dhcp = readDhcp(ip.child('dhcp'));
  return subnet === null ? [] : [{ ...subnet, localPtr, tftpRoot, dhcp }];
}

/** Reads a route of the host. */
export function readRoute(route: ElementReader): readonly Route[] {
  const subnet = readSubnet(route);
  const gateway = need(route, 'gateway');
  return subnet === null || gateway === null ? [] : [{ ...subnet, gateway }];
}

function readSubnet(element: ElementReader): WrittenSubnet | null {
  const { at, reporter } = element;
  const family = readWord(element.attribute('family'), families, 'a family of addresses', reporter);
  const address = need(element, 'address');
  const netmask = element.attribute('netmask');
  const prefix = readNumber(element.attribute('prefix'), 'the length of a prefix', reporter, { max: 128 });
  return address === null ? null : { at, family, address, netmask, prefix };
}

/** Reads `start` and `end`. */
export function readRange(element: ElementReader): Range<string> | null {
  const start = need(element, 'start');
  const end = need(element, 'end');
  return start === null || end === null ? null : { at: element.at, start, end };
}

function readDhcp(dhcp: ElementReader | null): Dhcp | null {
  if (dhcp === null) return null;
  const ranges = dhcp.children('range').flatMap((range): readonly DhcpRange[] => {
    const ends = readRange(range);
    const lease = readLease(range);
    return ends === null ? [] : [{ ...ends, lease }];
  });
  const bootp = dhcp.child('bootp');
  const file = bootp === null ? null : need(bootp, 'file');
  const server = bootp?.attribute('server') ?? null;
  return {
    at: dhcp.at,
    ranges,
    hosts: dhcp.children('host').flatMap(readHost),
    bootp: file === null ? null : { file, server },
  };
}

function readHost(host: ElementReader): readonly DhcpHost[] {
  const { at, reporter } = host;
  const mac = readMac(host.attribute('mac'), reporter);
  const [id, name] = [host.attribute('id'), host.attribute('name')];
  const ip = need(host, 'ip');
  const lease = readLease(host);
  if (host.look('mac') === null && id === null && name === null)
    reporter.report('BV0310', at, { element: 'host', part: 'mac attribute' });
  return ip === null ? [] : [{ at, mac, id, name, ip, lease }];
}

const seconds = { seconds: 1, mins: 60, minutes: 60, hours: 3600 } as const;

/** libvirt and dnsmasq take 0 for ever, and nothing between it and two minutes. */
function readLease(parent: ElementReader): Lease | null {
  const lease = parent.child('lease');
  const written = lease === null ? null : need(lease, 'expiry');
  if (lease === null || written === null) return null;
  const units = ['seconds', 'mins', 'minutes', 'hours'] as const;
  const unit = readWord(lease.attribute('unit'), units, 'the unit of a lease', lease.reporter);
  const one = seconds[unit?.value ?? 'minutes'];
  const most = Math.floor(4_294_967_294 / one);
  const least = written.value === '0' ? 0 : Math.ceil(120 / one);
  const count = readNumber(written, 'the time of a lease', lease.reporter, { min: least, max: most });
  return count === null ? null : { value: count.value * one, at: count.at };
}
