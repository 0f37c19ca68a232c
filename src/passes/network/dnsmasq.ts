/**
 * The settings of the network's dnsmasq(8): names and addresses for its guests, as libvirt asks for them. The files that it keeps
 * are named by its backend. Reports: BV2502 to BV2506.
 */
import type { Located } from '../../diagnostics/source.ts';
import type { Dhcp, Network, NetworkIp } from '../../frontend/network/network.ts';
import { firstOf, ipText, isInside, maskText, type Ip } from '../../ir/network/ip.ts';
import type { DnsmasqSetting, HostAddress } from '../../ir/network/network-plan.ts';
import type { Context } from '../context.ts';
import { insideOf, ipOf, reportOutside } from './addresses.ts';
import { dnsSettings } from './dns.ts';
import type { Shape } from './shape.ts';
import { domainName, plainText } from './words.ts';

/** Settings that are ours: another value would leave something behind. */
const ownSettings = new Set([
  ...[
    'bind-dynamic',
    'bind-interfaces',
    'conf-dir',
    'conf-file',
    'dhcp-leasefile',
    'except-interface',
    'group',
    'interface',
  ],
  ...['keep-in-foreground', 'leasefile-ro', 'listen-address', 'no-daemon', 'pid-file', 'servers-file', 'test', 'user'],
]);

/** The settings; null where nothing is to be done. */
export function dnsmasqOf(network: Network, shape: Shape, context: Context): readonly DnsmasqSetting[] | null {
  const { addresses, mode, bridge } = shape;
  const options = optionsOf(network, context);
  if (addresses.length === 0 || mode === 'bridge') return null;
  const names = dnsSettings(network, shape, context);
  const dhcp = dhcpSettings(network, shape, context);
  if (network.dns?.enabled?.value === false && dhcp.length === 0) return null;
  const isolated = mode === 'none';
  return [
    ['strict-order', null],
    ['bind-interfaces', null],
    ['except-interface', 'lo0'],
    ['interface', bridge],
    ...names,
    // Guests of a network that leads nowhere are told of no way.
    ...(isolated && dhcp.length > 0 ? ([['dhcp-option', '3']] as const) : []),
    ...(isolated && addresses.some(({ address }) => address.family === 'inet6')
      ? ([['ra-param', '*,0,0']] as const)
      : []),
    ...dhcp,
    ...options,
  ];
}

function dhcpSettings(network: Network, { addresses }: Shape, context: Context): readonly DnsmasqSetting[] {
  const found: DnsmasqSetting[] = [];
  const seen = { families: new Set<string>(), macs: new Set<string>(), ips: new Set<string>() };
  let leases = 0;
  for (const ip of network.ips) {
    const subnet = addresses.find(({ at }) => at === ip.address.at);
    if (subnet === undefined) continue;
    const { dhcp, tftpRoot } = ip;
    if (tftpRoot !== null)
      found.push(['enable-tftp', null], ['tftp-root', plainText(tftpRoot, 'a directory', context)]);
    if (dhcp !== null) {
      checkFamily(dhcp, subnet, seen.families, context);
      leases += leasesOf(dhcp);
      found.push(
        ...rangesOf(dhcp, subnet, addresses, context),
        ...hostsOf(dhcp, subnet, seen, context),
        ...bootpOf(ip, context),
      );
    } else if (subnet.address.family === 'inet6') found.push(['dhcp-range', `${ipText(firstOf(subnet))},ra-only`]);
  }
  const hasV6 = addresses.some(({ address }) => address.family === 'inet6');
  return [
    ...(leases > 0
      ? ([
          ['dhcp-no-override', null],
          ['dhcp-authoritative', null],
          ['dhcp-lease-max', String(leases)],
        ] as const)
      : []),
    ...(hasV6 ? ([['enable-ra', null]] as const) : []),
    ...found,
  ];
}

function checkFamily({ at }: Dhcp, subnet: HostAddress, seen: Set<string>, { reporter }: Context): void {
  const { family } = subnet.address;
  if (seen.has(family)) {
    const reason = `one <ip> of each family has one`;
    reporter.report('BV2502', at, {
      what: 'another <dhcp>',
      reason,
      help: 'put its ranges and hosts into the first one, or make a network of the subnet',
    });
  }
  seen.add(family);
  if (family === 'inet6' && subnet.prefix !== 64) {
    const reason = 'dnsmasq gives addresses of IPv6 in a subnet of 64 bits';
    reporter.report('BV2502', at, { what: '<dhcp>', reason, help: "write prefix='64'" });
  }
}

function rangesOf(
  dhcp: Dhcp,
  subnet: HostAddress,
  addresses: readonly HostAddress[],
  context: Context,
): readonly DnsmasqSetting[] {
  const { family } = subnet.address;
  const size = family === 'inet' ? maskText(subnet) : String(subnet.prefix);
  const ranges = dhcp.ranges.flatMap((range): readonly DnsmasqSetting[] => {
    // dnsmasq leaves its own address out of a range.
    const endOf = (written: Located<string>): Ip | null => {
      const ip = ipOf(written, 'the address', context);
      const isOurs = ip !== null && isInside(ip, subnet) && ip.value === subnet.address.value;
      if (ip === null || isOurs || insideOf(ip, addresses) === subnet) return ip;
      reportOutside('the range', written, [subnet], context);
      return null;
    };
    const [start, end] = [endOf(range.start), endOf(range.end)];
    if (start === null || end === null) return [];
    if (start.value > end.value) {
      const values = { what: 'the last address', value: range.end.value, example: range.start.value };
      const problem = `is before the first address, ${range.start.value}`;
      context.reporter.report('BV2503', range.end.at, { ...values, problem });
    }
    return [['dhcp-range', [ipText(start), ipText(end), size, ...leaseText(range.lease)].join(',')]];
  });
  if (ranges.length > 0 || dhcp.hosts.length === 0) return ranges;
  return [['dhcp-range', [ipText(firstOf(subnet)), 'static', ...(family === 'inet' ? [] : [size])].join(',')]];
}

interface SeenHosts {
  readonly macs: Set<string>;
  readonly ips: Set<string>;
}

function hostsOf(
  { hosts }: Dhcp,
  subnet: HostAddress,
  { macs, ips }: SeenHosts,
  context: Context,
): readonly DnsmasqSetting[] {
  const twice = (what: string, { value, at }: Located<string>): void => {
    context.reporter.report('BV2505', at, { what, value });
  };
  return hosts.flatMap((host): readonly DnsmasqSetting[] => {
    const ip = ipOf(host.ip, 'the address', context);
    if (ip === null) return [];
    const text = ipText(ip);
    if (insideOf(ip, [subnet]) === null) reportOutside('the host', host.ip, [subnet], context);
    if (ips.has(text)) twice('the address of a host', host.ip);
    if (host.mac !== null && macs.has(`${host.mac.value} ${subnet.address.family}`)) twice('the MAC address', host.mac);
    ips.add(text);
    if (host.mac !== null) macs.add(`${host.mac.value} ${subnet.address.family}`);
    const who = [
      ...(host.mac === null ? [] : [host.mac.value]),
      ...(host.id === null ? [] : [`id:${plainText(host.id, 'the ID of a host', context)}`]),
    ];
    const name = host.name === null ? [] : [domainName(host.name, context)];
    const address = ip.family === 'inet' ? text : `[${text}]`;
    return [['dhcp-host', [...who, address, ...name, ...leaseText(host.lease)].join(',')]];
  });
}

function leaseText(lease: Located<number> | null): readonly string[] {
  if (lease === null) return [];
  return [lease.value === 0 ? 'infinite' : String(lease.value)];
}

/** Addresses that can be lent at once. */
function leasesOf({ ranges, hosts }: Dhcp): number {
  const sizes = ranges.map(({ start, end }) => rangeSize(start.value, end.value));
  return Math.min(65_535, sizes.reduce((sum, size) => sum + size, 0) + hosts.length);
}

function rangeSize(start: string, end: string): number {
  const [first, last] = [start, end].map((text) =>
    /^\d+\.\d+\.\d+\.\d+$/.test(text) ? text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : null,
  );
  return first == null || last == null ? 65_535 : Math.max(0, Math.min(65_535, last - first + 1));
}

function bootpOf({ dhcp }: NetworkIp, context: Context): readonly DnsmasqSetting[] {
  const bootp = dhcp?.bootp ?? null;
  if (bootp === null) return [];
  const file = plainText(bootp.file, 'a file', context);
  return [['dhcp-boot', bootp.server === null ? file : `${file},,${plainText(bootp.server, 'a server', context)}`]];
}

function optionsOf({ options }: Network, context: Context): readonly DnsmasqSetting[] {
  return options.map(({ value, at }): DnsmasqSetting => {
    const [, key = '', text = null] = /^\s*([A-Za-z0-9-]+)\s*(?:=\s*(.*?)\s*)?$/.exec(value) ?? [];
    if (key === '' || /\p{Cc}/u.test(value)) {
      const accepted = 'write one line of dnsmasq.conf, such as dhcp-option=42,0.0.0.0';
      context.reporter.report('BV2506', at, {
        what: 'an option of dnsmasq',
        value: JSON.stringify(value).slice(1, -1).slice(0, 40),
        accepted,
      });
    } else if (ownSettings.has(key)) {
      const values = {
        what: `the option ${key}`,
        reason: 'bhyvec sets it, and ends what it has started',
        help: 'remove it',
      };
      context.reporter.report('BV2502', at, values);
    }
    return [key, text];
  });
}
