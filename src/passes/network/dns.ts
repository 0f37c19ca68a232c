/** What the network's dnsmasq(8) knows of names (formatnetwork, "Addressing", element `dns`). Reports: BV2503, BV2506. */
import type { Dns, Network } from '../../frontend/network/network.ts';
import { ipText, reverseZone, type Ip } from '../../ir/network/ip.ts';
import type { DnsmasqSetting, HostAddress } from '../../ir/network/network-plan.ts';
import type { Context } from '../context.ts';
import { ipOf } from './addresses.ts';
import type { Shape } from './shape.ts';
import { domainName, quotedText } from './words.ts';

/** The settings of the name server. */
export function dnsSettings(network: Network, { addresses, mode }: Shape, context: Context): readonly DnsmasqSetting[] {
  const { dns, domain } = network;
  const name = domain === null ? null : domainName(domain.name, context);
  const own: readonly DnsmasqSetting[] =
    name === null
      ? []
      : [
          ['domain', name],
          ['expand-hosts', null],
          ...(domain?.localOnly?.value === true ? [['local', `/${name}/`] as const] : []),
        ];
  if (dns?.enabled?.value === false) return [['port', '0'], ...own];
  const forwarders = (dns?.forwarders ?? []).map((one) => forwarderOf(one, context));
  const isAlone = mode === 'none' || (dns?.forwarders ?? []).some((one) => one.domain === null);
  return [
    ...(isAlone ? ([['no-resolv', null]] as const) : []),
    ...(dns?.forwardPlainNames?.value === false ? plainNames(name) : []),
    ...own,
    ...localZones(network, addresses).map((zone): DnsmasqSetting => ['local', `/${zone}/`]),
    ...forwarders,
    ...recordsOf(dns, context),
  ];
}

/** Names without a dot, and those of the domain, are asked for nowhere else. */
function plainNames(domain: string | null): readonly DnsmasqSetting[] {
  return [
    ['domain-needed', null],
    ['local', domain === null ? '//' : `/${domain}/`],
  ];
}

function forwarderOf({ domain, address }: Dns['forwarders'][number], context: Context): DnsmasqSetting {
  const ip = address === null ? null : ipOf(address, 'the name server', context);
  const server = ip === null ? '' : ipText(ip);
  return ['server', domain === null ? server : `/${domainName(domain, context)}/${server}`];
}

function recordsOf(dns: Dns | null, context: Context): readonly DnsmasqSetting[] {
  if (dns === null) return [];
  const named = (ip: Ip | null, names: readonly string[]): readonly DnsmasqSetting[] =>
    ip === null ? [] : [['host-record', [...names, ipText(ip)].join(',')]];
  return [
    ...dns.hosts.flatMap(({ ip, names }) =>
      named(
        ipOf(ip, 'the address', context),
        names.map((name) => domainName(name, context)),
      ),
    ),
    ...dns.texts.map(({ name, value }): DnsmasqSetting => [
      'txt-record',
      `${domainName(name, context)},${quotedText(value, context)}`,
    ]),
    ...dns.services.map((one): DnsmasqSetting => ['srv-host', serviceText(one, context)]),
  ];
}

function serviceText(
  { service, protocol, domain, target, port, priority, weight }: Dns['services'][number],
  context: Context,
): string {
  const labels = [service, protocol].map(
    (one) => `_${domainName({ ...one, value: one.value.replace(/^_/, '') }, context)}`,
  );
  const name = [...labels, ...(domain === null ? [] : [domainName(domain, context)])].join('.');
  if (target === null) return name;
  const numbers = [port?.value ?? 1, priority?.value ?? 0, weight?.value ?? 0];
  const count = weight !== null ? 3 : priority !== null ? 2 : 1;
  return [name, domainName(target, context), ...numbers.slice(0, count).map(String)].join(',');
}

/** The zone that names the addresses of a subnet backwards, where nobody outside is to be asked for it. */
function localZones({ ips }: Network, addresses: readonly HostAddress[]): readonly string[] {
  return ips.flatMap((ip) => {
    const subnet = addresses.find(({ at }) => at === ip.address.at);
    const zone = subnet === undefined || ip.localPtr?.value !== true ? null : reverseZone(subnet);
    return zone ?? [];
  });
}
