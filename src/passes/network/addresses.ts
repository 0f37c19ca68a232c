/** The subnets of a network: addresses of the host, and routes. Reports: BV2503, BV2504, BV2505. */
import type { Located } from '../../diagnostics/source.ts';
import type { Network, WrittenSubnet } from '../../frontend/network/network.ts';
import {
  bitsOf,
  firstOf,
  ipText,
  isInside,
  lastOf,
  parseIp,
  prefixOfMask,
  subnetText,
  type Ip,
  type Subnet,
} from '../../ir/network/ip.ts';
import type { HostAddress, NetworkRoute } from '../../ir/network/network-plan.ts';
import type { Context } from '../context.ts';

const example = { inet: '10.77.0.1', inet6: 'fd77::1' } as const;

/** An address as a number; null where it is none, which is reported. */
export function ipOf(written: Located<string>, what: string, { reporter }: Context): Ip | null {
  const found = parseIp(written.value.trim());
  if (found !== null) return found;
  const values = {
    what,
    value: written.value,
    problem: 'is no address',
    example: `${example.inet}, or ${example.inet6}`,
  };
  reporter.report('BV2503', written.at, values);
  return null;
}

/** The addresses of the host, in document order. */
export function addressesOf({ ips }: Network, context: Context): readonly HostAddress[] {
  const found: HostAddress[] = [];
  for (const ip of ips) {
    const subnet = subnetOf(ip, context);
    if (subnet === null) continue;
    const { family } = subnet.address;
    const isEnd = [firstOf(subnet), lastOf(subnet)].some(({ value }) => value === subnet.address.value);
    if (isEnd && subnet.prefix < bitsOf(family)) {
      const values = {
        what: 'the address of the host',
        value: ip.address.value,
        example: ipText({ family, value: firstOf(subnet).value + 1n }),
      };
      context.reporter.report('BV2503', ip.address.at, {
        ...values,
        problem: `is the subnet ${subnetText(subnet)} itself, or its broadcast`,
      });
    }
    const other = found.find((one) => isInside(one.address, subnet) || isInside(subnet.address, one));
    if (other !== undefined) {
      context.reporter.report('BV2505', ip.address.at, {
        what: subnetText(other) === subnetText(subnet) ? 'the subnet' : 'a part of the subnet',
        value: subnetText(subnet),
      });
    }
    found.push({ ...subnet, at: ip.address.at });
  }
  return found;
}

/** A subnet; null where its parts make no sense, which is reported. */
function subnetOf({ address, family, netmask, prefix }: WrittenSubnet, context: Context): Subnet | null {
  const { reporter } = context;
  const ip = ipOf(address, 'the address', context);
  if (ip === null) return null;
  if (family !== null && (family.value === 'ipv6') !== (ip.family === 'inet6')) {
    const problem = `is no address of the family ${family.value}`;
    reporter.report('BV2503', address.at, {
      what: 'the address',
      value: address.value,
      problem,
      example: family.value === 'ipv6' ? example.inet6 : example.inet,
    });
  }
  const most = bitsOf(ip.family);
  if (prefix !== null && (prefix.value < 1 || prefix.value > most)) {
    const values = { what: 'the prefix', value: prefix.value, problem: `is not from 1 to ${String(most)}` };
    reporter.report('BV2503', prefix.at, { ...values, example: ip.family === 'inet' ? '24' : '64' });
    return null;
  }
  if (netmask === null) return { address: ip, prefix: prefix?.value ?? usualPrefix(ip) };
  const mask = parseIp(netmask.value.trim());
  const length = mask?.family !== ip.family || ip.family === 'inet6' ? null : prefixOfMask(mask);
  if (length === null || length === 0 || (prefix !== null && prefix.value !== length)) {
    const problem =
      length !== null && length > 0 ? 'says something else than the prefix' : 'is no mask of an IPv4 subnet';
    reporter.report('BV2503', netmask.at, {
      what: 'the mask',
      value: netmask.value,
      problem,
      example: '255.255.255.0, or prefix',
    });
    return null;
  }
  return { address: ip, prefix: length };
}

/** As libvirt takes an address without more: by its class, RFC 791, or a link. */
function usualPrefix({ family, value }: Ip): number {
  if (family === 'inet6') return 64;
  const first = Number(value >> 24n);
  if (first < 128) return 8;
  return first < 192 ? 16 : 24;
}

/** The routes of the host. */
export function routesOf(
  { routes }: Network,
  addresses: readonly HostAddress[],
  context: Context,
): readonly NetworkRoute[] {
  return routes.flatMap((route): readonly NetworkRoute[] => {
    const subnet = subnetOf(route, context);
    const gateway = ipOf(route.gateway, 'the gateway', context);
    if (subnet === null || gateway === null) return [];
    if (firstOf(subnet).value !== subnet.address.value) {
      const values = { what: 'the route', value: route.address.value, problem: 'has bits behind its prefix' };
      context.reporter.report('BV2503', route.address.at, { ...values, example: ipText(firstOf(subnet)) });
    }
    if (insideOf(gateway, addresses) === null) reportOutside('the gateway', route.gateway, addresses, context);
    return [{ ...subnet, gateway, at: route.address.at }];
  });
}

/** The subnet of the network that has the address; null for none, and for an address of the host itself or one for all. */
export function insideOf(ip: Ip, addresses: readonly HostAddress[]): HostAddress | null {
  const subnet = addresses.find((one) => isInside(ip, one));
  if (subnet === undefined || subnet.address.value === ip.value) return null;
  const isEnd = ip.value === firstOf(subnet).value || (ip.family === 'inet' && ip.value === lastOf(subnet).value);
  return isEnd ? null : subnet;
}

/** Reports an address that no guest of the network can have. */
export function reportOutside(
  what: string,
  { value, at }: Located<string>,
  addresses: readonly Subnet[],
  { reporter }: Context,
): void {
  const all = addresses.map(subnetText);
  reporter.report('BV2504', at, {
    what,
    value,
    subnet: all.length === 0 ? 'the network, which has no subnet' : `what guests can have of ${all.join(', ')}`,
  });
}
