/**
 * Rules across the networks of one host. Needs: the plans of all networks and guests of a build. Gives: no two networks have one
 * name, bridge, subnet, member or port of the host. Reports: BV0910 to BV0916.
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import { overlap, subnetText } from '../../ir/network/ip.ts';
import { networkService, networksFolder, type MadeNetwork, type NetworkPlan } from '../../ir/network/network-plan.ts';
import type { Plan } from '../../ir/plan.ts';

/** Checks the networks of one build against each other. */
export function checkNetworks(networks: readonly NetworkPlan[], plans: readonly Plan[], reporter: Reporter): void {
  networks.forEach((network, i) => {
    const others = networks.slice(0, i);
    checkName(network, others, reporter);
    checkBridge(network, others, reporter);
    if (network.made === null) return;
    checkSubnets(network, network.made, others, reporter);
    checkMember(network, network.made, networks, reporter);
    checkUplink(network, network.made, networks, reporter);
    checkPorts(network, network.made, others, reporter);
  });
  if (networks.length === 0) return;
  for (const { vmname, origins } of plans.filter((plan) => plan.vmname === networksFolder)) {
    reporter.report('BV0915', origins[0], { name: vmname });
  }
}

function checkName({ name, origins }: NetworkPlan, others: readonly NetworkPlan[], reporter: Reporter): void {
  const service = networkService(name);
  const other = others.find((one) => one.name === name) ?? others.find((one) => networkService(one.name) === service);
  if (other === undefined) return;
  const what = other.name === name ? `the one of ${other.origins[0].source.name}` : `the service ${service}`;
  reporter.report('BV0910', origins[0], { name, other: other.name, what });
}

/** Several networks may be one bridge of somebody else. */
function checkBridge(network: NetworkPlan, others: readonly NetworkPlan[], reporter: Reporter): void {
  const { name, bridge, bridgeAt, made } = network;
  const other = others.find(
    (one) => one.bridge === bridge && one.name !== name && (made !== null || one.made !== null),
  );
  if (other !== undefined) reporter.report('BV0911', bridgeAt, { name, other: other.name, bridge });
}

function checkSubnets(
  { name }: NetworkPlan,
  made: MadeNetwork,
  others: readonly NetworkPlan[],
  reporter: Reporter,
): void {
  const taken = others.flatMap((other) => {
    const subnets = [...(other.made?.addresses ?? []), ...(other.made?.routes ?? [])];
    return other.name === name ? [] : subnets.map((subnet) => ({ subnet, other: other.name }));
  });
  for (const subnet of [...made.addresses, ...made.routes]) {
    const found = taken.find((one) => overlap(one.subnet, subnet));
    if (found === undefined) continue;
    const values = { subnet: subnetText(subnet), taken: subnetText(found.subnet), other: found.other };
    reporter.report('BV0912', subnet.at, { name, ...values });
  }
}

function checkMember(
  network: NetworkPlan,
  { member }: MadeNetwork,
  networks: readonly NetworkPlan[],
  reporter: Reporter,
): void {
  if (member === null) return;
  const { name } = network;
  const { dev, at, vlan } = member;
  const bridge = networks.find((one) => one.bridge === dev);
  const before = networks.slice(0, networks.indexOf(network));
  const other = before.find((one) => one.name !== name && one.made?.member?.dev === dev);
  // A bridge takes the packets of its member before vlan(4) sees them.
  const whole = networks.find((one) => one.name !== name && one.made?.member?.dev === vlan?.parent);
  if (vlan !== null && whole !== undefined) {
    const what = `a VLAN of ${vlan.parent}, a member of that of '${whole.name}'`;
    reporter.report('BV0913', at, { name, dev, what });
  } else if (bridge !== undefined) reporter.report('BV0913', at, { name, dev, what: `the bridge of '${bridge.name}'` });
  else if (other !== undefined)
    reporter.report('BV0913', at, { name, dev, what: `a member of that of '${other.name}'` });
}

/** What is a member of a bridge has no address of its own there, and nothing leaves by it, bridge(4). */
function checkUplink(
  { name }: NetworkPlan,
  { uplink, strictMembers }: MadeNetwork,
  networks: readonly NetworkPlan[],
  reporter: Reporter,
): void {
  if (uplink === null || !strictMembers) return;
  const { value: dev, at } = uplink;
  const other = networks.find((one) => one.made?.member?.dev === dev);
  if (other !== undefined) reporter.report('BV0916', at, { name, dev, other: other.name, bridge: other.bridge });
}

function checkPorts(
  { name }: NetworkPlan,
  made: MadeNetwork,
  others: readonly NetworkPlan[],
  reporter: Reporter,
): void {
  const keysOf = ({ hostPorts, uplink }: MadeNetwork): ReadonlySet<string> =>
    new Set(
      hostPorts.map(
        ({ dev, protocol, port, to }) => `${dev ?? uplink?.value ?? ''} ${protocol} ${String(port)} ${to.family}`,
      ),
    );
  for (const one of made.hostPorts) {
    const key = `${one.dev ?? made.uplink?.value ?? ''} ${one.protocol} ${String(one.port)} ${one.to.family}`;
    const other = others.find(
      (network) => network.name !== name && network.made !== null && keysOf(network.made).has(key),
    );
    if (other === undefined) continue;
    reporter.report('BV0914', one.at, { name, other: other.name, port: `${one.protocol} port ${String(one.port)}` });
  }
}
