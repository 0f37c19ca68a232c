/**
 * The bridge of an interface: one that the XML names, or that of a network, whose document is compiled with the guest or which the
 * host profile knows. Reports: BV0310, BV0602, BV2506 to BV2509.
 */
import type { Located } from '../../diagnostics/source.ts';
import type { Interface } from '../../frontend/elements/interface.ts';
import { interfaceName, type NetworkPlan, type NetworkPort } from '../../ir/network/network-plan.ts';
import type { Context } from '../context.ts';
import { nearName } from './known-names.ts';

/** A network that has a document, and what of it an interface has. */
export interface NetworkPlace {
  readonly plan: NetworkPlan;
  readonly port: NetworkPort;
}

/** Where the tap of an interface is joined. */
export interface BridgePlace {
  readonly bridge: Located<string>;
  /** Null for a bridge that no document describes. */
  readonly network: NetworkPlace | null;
}

/** The bridge; null where there is none, which is reported here or, of a document with a mistake, there. */
export function bridgeOf(element: Interface, context: Context): BridgePlace | null {
  const { type, bridge, network, at } = element;
  const { dialect, reporter } = context;
  if (type.value === 'bridge') {
    if (bridge !== null && bridge.value !== '') {
      if (!interfaceName.test(bridge.value) && dialect.ours('word-separators')) {
        const accepted = 'a letter, then letters, digits and ._-, 15 characters at most: write the name of the bridge';
        reporter.report('BV2506', bridge.at, { what: 'the name of a bridge', value: bridge.value, accepted });
      }
      return { bridge, network: null };
    }
    reporter.report('BV0310', at, { element: 'interface', part: 'bridge name' });
    return null;
  }
  if (network === null) {
    reporter.report('BV0310', at, { element: 'interface', part: 'network name' });
    return null;
  }
  return placeOnNetwork(element, network, context);
}

function placeOnNetwork(element: Interface, network: Located<string>, context: Context): BridgePlace | null {
  const { host, networks, reporter } = context;
  const known = host.networks.get(network.value);
  const plan = networks.get(network.value);
  if (plan === undefined) {
    if (known !== undefined) return { bridge: { value: known, at: network.at }, network: null };
    const { hint, details } = nearName(network, [...networks.keys(), ...host.networks.keys()]);
    reporter.report('BV0602', network.at, { network: network.value, host: host.name, hint }, details);
    return null;
  }
  if (plan === null) {
    context.uses.take(element.portGroup);
    context.uses.leaveOut(element.at);
    return null;
  }
  if (known !== undefined && known !== plan.bridge) {
    reporter.report('BV2508', network.at, { network: network.value, document: plan.bridge, profile: known });
  }
  return { bridge: { value: plan.bridge, at: network.at }, network: { plan, port: portOf(element, plan, context) } };
}

function portOf(
  { at, network, portGroup, vlan }: Interface,
  plan: NetworkPlan,
  { reporter, uses }: Context,
): NetworkPort {
  uses.take(portGroup);
  const port = portGroup === null ? plan.port : plan.ports.get(portGroup.value);
  if (port === undefined) {
    const names = [...plan.ports.keys()].map((name) => `'${name}'`);
    const known = names.length === 0 ? 'it has none: leave portgroup out' : `it has ${names.join(', ')}`;
    reporter.report('BV2507', portGroup?.at ?? at, { network: plan.name, group: portGroup?.value ?? '', known });
    return plan.port;
  }
  if (plan.made?.filtersVlans === true && port.vlans === null && vlan === null) {
    reporter.report('BV2509', portGroup?.at ?? network?.at ?? at, { network: plan.name });
  }
  return port;
}
