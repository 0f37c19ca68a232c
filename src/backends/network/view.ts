/** What the templates of a network place. */
import { buildDirectory } from '../../ir/host.ts';
import { derivedUnit } from '../../ir/names.ts';
import { ipText, subnetText } from '../../ir/network/ip.ts';
import {
  anchorOf,
  networksFolder,
  type Firewall,
  type MadeNetwork,
  type NetworkMember,
  type NetworkPlan,
} from '../../ir/network/network-plan.ts';
import { baseName } from '../text/place.ts';

/** The folder of a network on its host. */
export function folderOf({ name }: NetworkPlan): string {
  return `${buildDirectory}/${networksFolder}/${name}`;
}

/** What the network has made, while it is up. */
export function runFolder({ name, stateDirectory }: NetworkPlan): string {
  return `${stateDirectory}-networks/${name}`;
}

/** All of the script that depends on the network. */
export interface NetworkView {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly stateDirectory: string;
  readonly bridge: string;
  readonly description: string;
  readonly member: string;
  readonly hasMember: boolean;
  /** Whether the member is a vlan(4) interface that the script makes. */
  readonly hasVlan: boolean;
  readonly parent: string;
  /** By which name it is made. */
  readonly vlanUnit: string;
  /** The words behind `create`; what it is of comes before all else. */
  readonly createVlan: readonly string[];
  /** A member of a bridge can have no address. */
  readonly strictMembers: boolean;
  readonly hasFolder: boolean;
  readonly folder: string;
  /** By which name it is made. */
  readonly unit: string;
  /** The words behind `create`. */
  readonly create: readonly string[];
  readonly filtersVlans: boolean;
  /** The words behind `ifconfig BRIDGE`, a list for each command. */
  readonly addresses: readonly (readonly string[])[];
  readonly routes: readonly { readonly text: string; readonly route: readonly string[]; readonly failure: string }[];
  readonly hasForwarding: boolean;
  readonly forwarding: readonly { readonly family: string; readonly variable: string }[];
  readonly hasUplink: boolean;
  /** Empty where the default route says it. */
  readonly uplink: string;
  readonly routeFamily: string;
  readonly hasFirewall: boolean;
  readonly onlyIfForwarding: boolean;
  readonly anchor: string;
  readonly anchors: readonly { readonly modifier: string; readonly kind: string; readonly hint: string }[];
  readonly hasDnsmasq: boolean;
}

const variables = { inet: 'net.inet.ip.forwarding', inet6: 'net.inet6.ip6.forwarding' } as const;

/** Makes the view. */
export function networkView(plan: NetworkPlan, made: MadeNetwork): NetworkView {
  const { name, origins, target, stateDirectory, bridge } = plan;
  const { member, firewall, dnsmasq, uplink, forwarding, filtersVlans } = made;
  const description = `bhyvec network ${name}`;
  return {
    name,
    source: baseName(origins[0].source.name),
    target,
    stateDirectory,
    bridge,
    description,
    member: member?.dev ?? '',
    hasMember: member !== null,
    hasVlan: member?.vlan != null,
    parent: member?.vlan?.parent ?? '',
    vlanUnit: member?.vlan == null ? '' : derivedUnit('vlan', member.dev),
    createVlan: member?.vlan == null ? [] : vlanWords(member.dev, member.vlan, description),
    strictMembers: made.strictMembers,
    hasFolder: firewall !== null || dnsmasq !== null,
    folder: folderOf(plan),
    unit: made.isUnit ? bridge : derivedUnit('bridge', bridge),
    create: createWords(bridge, made, description),
    filtersVlans,
    addresses: addressWords(made),
    routes: made.routes.map((route) => {
      const words = [`-${route.address.family}`, subnetText(route), ipText(route.gateway)];
      return { text: words.join(' '), route: words, failure: `cannot route ${subnetText(route)} (route)` };
    }),
    hasForwarding: forwarding.length > 0,
    forwarding: forwarding.map((family) => ({ family, variable: variables[family] })),
    hasUplink: firewall?.usesUplink === true || uplink !== null,
    uplink: uplink?.value ?? '',
    routeFamily: made.addresses.some(({ address }) => address.family === 'inet') ? '-inet' : '-inet6',
    hasFirewall: firewall !== null,
    onlyIfForwarding: firewall?.onlyIfForwarding === true,
    anchor: anchorOf(name),
    anchors: anchorsOf(firewall),
    hasDnsmasq: dnsmasq !== null,
  };
}

/** ifconfig(8), "Vlan parameters". The description comes first, for it says whose the interface is. */
function vlanWords(
  name: string,
  { parent, tag }: NonNullable<NetworkMember['vlan']>,
  description: string,
): readonly string[] {
  const own = ['description', `${description} vlan`, 'group', 'bhyvec'];
  return [...own, 'vlan', String(tag), 'vlandev', parent, 'name', name, 'up'];
}

/** The description comes first, for it says whose the bridge is; a name that is no unit is given to a bridge that is there. */
function createWords(bridge: string, { isUnit, mac, mtu }: MadeNetwork, description: string): readonly string[] {
  return [
    ...['description', description, 'group', 'bhyvec'],
    ...(mac === null ? [] : ['ether', mac]),
    ...(mtu === null ? [] : ['mtu', String(mtu)]),
    ...(isUnit ? [] : ['name', bridge]),
  ];
}

/** A bridge has no link-local address unless it is told so, if_bridge(4); router advertisements need one. */
function addressWords({ addresses }: MadeNetwork): readonly (readonly string[])[] {
  const hasV6 = addresses.some(({ address }) => address.family === 'inet6');
  return [
    ...(hasV6 ? [['inet6', '-ifdisabled', 'auto_linklocal']] : []),
    ...addresses.map(({ address, prefix }) => [address.family, `${ipText(address)}/${String(prefix)}`, 'alias']),
  ];
}

const modifiers = { 'nat-anchor': 'nat', 'rdr-anchor': 'nat', anchor: 'rules' } as const;

function anchorsOf(firewall: Firewall | null): NetworkView['anchors'] {
  return (firewall?.anchors ?? []).map((kind) => {
    const line = `${kind} "bhyvec/*"`;
    const where = kind === 'anchor' ? 'before the rules for packets' : 'behind the rules that translate';
    const hint = `pf does not ask for the rules of networks: write the line ${line} into pf.conf, ${where}, then service pf reload`;
    return { modifier: modifiers[kind], kind, hint };
  });
}

/** What the service for rc(8) depends on. */
export interface NetworkRcView {
  readonly network: string;
  readonly source: string;
  readonly target: string;
  readonly name: string;
  readonly desc: string;
  readonly script: string;
  readonly defaults: readonly { readonly variable: string; readonly value: string }[];
}

/** Makes the view of the service. */
export function rcView(plan: NetworkPlan, { service }: MadeNetwork): NetworkRcView {
  const script = `${folderOf(plan)}/net`;
  return {
    network: plan.name,
    source: baseName(plan.origins[0].source.name),
    target: plan.target,
    name: service,
    desc: `network ${plan.name} for bhyve guests`,
    script,
    defaults: [
      { variable: `${service}_enable`, value: 'NO' },
      { variable: `${service}_script`, value: script },
    ],
  };
}
