/** What pf(4) does for a network: translation, ports of the host, and what may pass (pf.conf(5)). Reports: BV2502 to BV2505. */
import type { Nat, Network } from '../../frontend/network/network.ts';
import { firstOf, ipText, subnetsOfRange, subnetText, type Family } from '../../ir/network/ip.ts';
import { interfaceName, type Firewall, type HostAddress, type HostPortPlan } from '../../ir/network/network-plan.ts';
import type { Context } from '../context.ts';
import { insideOf, ipOf, reportOutside } from './addresses.ts';
import type { Mode, Shape } from './shape.ts';

/** The ports that libvirt translates to. */
const usualPorts = '1024:65535';
/** Subnets that an address range may fall apart into: more are hardly meant. */
const mostPools = 64;

/** Ports of the host that lead to guests. */
export function hostPortsOf(
  { hostPorts }: Network,
  addresses: readonly HostAddress[],
  mode: Mode,
  context: Context,
): readonly HostPortPlan[] {
  const { reporter } = context;
  const seen = new Set<string>();
  return hostPorts.flatMap((one): readonly HostPortPlan[] => {
    if (mode !== 'nat' && mode !== 'route' && mode !== 'open') {
      const what = '<portForward>';
      const values = {
        what,
        reason: 'nothing leads from outside into this network',
        help: "remove it, or write <forward mode='nat'/>",
      };
      reporter.report('BV2502', one.at, values);
      return [];
    }
    const to = ipOf(one.to, 'the address', context);
    if (to === null) return [];
    if (insideOf(to, addresses) === null) reportOutside('the guest', one.to, addresses, context);
    const protocol = one.protocol?.value ?? 'tcp';
    const dev = one.dev?.value ?? null;
    if (dev !== null && !interfaceName.test(dev)) {
      const accepted = 'write the name of an interface of the host, as ifconfig -l prints it';
      reporter.report('BV2506', one.dev?.at ?? one.at, { what: 'an interface of the host', value: dev, accepted });
    }
    const key = `${protocol} ${String(one.port.value)} ${dev ?? ''} ${to.family}`;
    if (seen.has(key)) reporter.report('BV2505', one.port.at, { what: `the ${protocol} port`, value: one.port.value });
    seen.add(key);
    return [{ dev, protocol, port: one.port.value, to, toPort: one.toPort?.value ?? one.port.value, at: one.port.at }];
  });
}

/** The rules of the network's anchor; null for a network that needs none. */
export function firewallOf(
  { forward }: Network,
  shape: Shape,
  hostPorts: readonly HostPortPlan[],
  context: Context,
): Firewall | null {
  const { mode, addresses, uplink } = shape;
  if (addresses.length === 0 || mode === 'bridge') return null;
  const translated = mode === 'nat' ? translations(shape, forward?.nat ?? null, context) : [];
  const opened = hostPorts.map((one) => redirection(one, uplink));
  const filters = filtersOf(
    shape,
    translated.map(({ family }) => family),
  );
  const rules = [...tablesOf(shape, filters), ...translated.map(({ rule }) => rule), ...opened, ...filters];
  if (translated.length + opened.length + filters.length === 0) return null;
  return {
    rules,
    anchors: [
      ...(translated.length > 0 ? (['nat-anchor'] as const) : []),
      ...(opened.length > 0 ? (['rdr-anchor'] as const) : []),
      ...(filters.length > 0 ? (['anchor'] as const) : []),
    ],
    onlyIfForwarding: mode === 'none',
    usesUplink: rules.some((rule) => rule.includes('$uplink')),
  };
}

function on(dev: string | null): string {
  return dev === null ? '$uplink' : JSON.stringify(dev);
}

function translations(
  { addresses, uplink }: Shape,
  nat: Nat | null,
  context: Context,
): readonly { readonly family: Family; readonly rule: string }[] {
  const v6 = nat?.ipv6?.value === true;
  const pool = poolOf(nat, context);
  const range = portsOf(nat, context);
  return addresses.flatMap((subnet) => {
    const { family } = subnet.address;
    if (family === 'inet6' && !v6) return [];
    const [target, kind] = pool?.family === family ? [pool.text, pool.kind] : [`(${uplink ?? '$uplink'}:0)`, ''];
    const from = subnetText(subnet);
    const rule = `nat on ${on(uplink)} ${family} from ${from} to ! ${from} -> ${target} port ${range}${kind}`;
    return [{ family, rule }];
  });
}

/** Addresses that are translated to, and how pf takes turns with them. */
interface Pool {
  readonly family: Family;
  readonly text: string;
  readonly kind: string;
}

function poolOf(nat: Nat | null, context: Context): Pool | null {
  const written = nat?.addresses ?? null;
  if (written === null) return null;
  const start = ipOf(written.start, 'the address', context);
  const end = ipOf(written.end, 'the address', context);
  if (start === null || end === null) return null;
  const isRange = start.family === end.family && start.value <= end.value;
  const subnets = isRange ? subnetsOfRange(start, end) : [];
  if (!isRange || subnets.length > mostPools) {
    const problem = isRange
      ? 'makes a range of too many pieces'
      : `is before the first address, ${written.start.value}`;
    context.reporter.report('BV2503', written.end.at, {
      what: 'the last address',
      value: written.end.value,
      problem,
      example: written.start.value,
    });
    return null;
  }
  const texts = subnets.map((subnet) =>
    subnet.prefix === (start.family === 'inet' ? 32 : 128) ? ipText(firstOf(subnet)) : subnetText(subnet),
  );
  const [only = ''] = texts;
  return texts.length === 1
    ? { family: start.family, text: only, kind: '' }
    : { family: start.family, text: `{ ${texts.join(', ')} }`, kind: ' round-robin' };
}

function portsOf(nat: Nat | null, { reporter }: Context): string {
  const ports = nat?.ports ?? null;
  if (ports === null) return usualPorts;
  const { start, end } = ports;
  if (end.value >= start.value) return `${String(start.value)}:${String(end.value)}`;
  const problem = `is before the first one, ${String(start.value)}`;
  reporter.report('BV2503', end.at, { what: 'the last port', value: end.value, problem, example: '65535' });
  return usualPorts;
}

/** What is redirected passes without being asked for again: the document has asked for it. */
function redirection({ dev, protocol, port, to, toPort }: HostPortPlan, uplink: string | null): string {
  const found = dev ?? uplink;
  const from = `rdr pass on ${on(found)} ${to.family} proto ${protocol} from any to (${found ?? '$uplink'}) port ${String(port)}`;
  return `${from} -> ${ipText(to)} port ${String(toPort)}`;
}

/**
 * Only `block`: what nobody blocks passes, and a rule that lets something pass would stand before those of the user. A
 * network with NAT is not reached past the translation; one with an uplink leaves by it alone; an isolated one not at all.
 */
function filtersOf({ mode, bridge, addresses, uplink }: Shape, translated: readonly Family[]): readonly string[] {
  const families = [...new Set(addresses.map(({ address }) => address.family))];
  const bridgeName = JSON.stringify(bridge);
  if (mode === 'none') {
    return families.flatMap((family) => [
      `block drop in quick on ${bridgeName} ${family} from any to ! <own>`,
      `block drop out quick on ${bridgeName} ${family} from ! <own> to any`,
    ]);
  }
  const ways = uplink === null || mode === 'open' ? [] : families;
  return [
    ...[...new Set(translated)].map(
      (family) => `block drop in quick on ! ${bridgeName} ${family} from any to <guests>`,
    ),
    ...ways.map((family) => `block drop out quick on ! ${JSON.stringify(uplink)} ${family} from <guests> to ! <own>`),
  ];
}

/** `own` is what is here: the host, the subnets, and who is spoken to by all; `guests` the subnets without the host. */
function tablesOf({ addresses }: Shape, filters: readonly string[]): readonly string[] {
  const families = new Set(addresses.map(({ address }) => address.family));
  const subnets = addresses.map(subnetText);
  const hosts = addresses.map(({ address }) => `! ${ipText(address)}`);
  const common = [
    ...(families.has('inet') ? ['255.255.255.255', '224.0.0.0/4'] : []),
    ...(families.has('inet6') ? ['fe80::/10', 'ff00::/8'] : []),
  ];
  const uses = (table: string): boolean => filters.some((rule) => rule.includes(`<${table}>`));
  return [
    ...(uses('own') ? [`table <own> const { self, ${[...subnets, ...common].join(', ')} }`] : []),
    ...(uses('guests') ? [`table <guests> const { ${[...subnets, ...hosts].join(', ')} }`] : []),
  ];
}
