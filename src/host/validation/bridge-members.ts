/**
 * Addresses of members of bridges (bridge(4)): FreeBSD 15.0 refuses them unless net.link.bridge.member_ifaddrs is set, and 16
 * refuses them always, for that variable is gone there.
 */
import { isAtLeast } from '../probing/running-release.ts';
import type { NetworkInterface } from '../probing/system-texts.ts';
import { atBoot, miss, now, pass, setup, type Check, type Finding } from './finding.ts';
import type { Observed } from './observed.ts';

const variable = 'net.link.bridge.member_ifaddrs';

/** What a member with an address means on this host. */
type Rule = 'usual' | 'allowed' | 'refused';

/** By the variable where the kernel has it: a 16.0-CURRENT may still do. */
function ruleOf({ version, sysctls }: Observed): Rule {
  if (!isAtLeast(version, 15, 0)) return 'usual';
  return (sysctls.get(variable) ?? '0') === '0' ? 'refused' : 'allowed';
}

function addressedMembers(
  { members }: NetworkInterface,
  interfaces: readonly NetworkInterface[],
): readonly NetworkInterface[] {
  return interfaces.filter(({ name, addresses }) => members.includes(name) && addresses.length > 0);
}

/** What is said of a bridge with members that have addresses: `warn` where the host refuses them; null without any. */
export function checkMembers(
  check: Check,
  bridge: NetworkInterface,
  interfaces: readonly NetworkInterface[],
  host: Observed,
): Finding | null {
  const members = addressedMembers(bridge, interfaces);
  const [first] = members;
  if (first === undefined) return null;
  const rule = ruleOf(host);
  const others = members.length === 1 ? '' : ` (and ${String(members.length - 1)} more of its members have some)`;
  const follows = {
    usual: 'FreeBSD 15.0 and later refuse',
    allowed: `${variable} allows, and FreeBSD 16 refuses`,
    refused: `FreeBSD ${String(host.version.major)} refuses: it cannot join again`,
  }[rule];
  const message = `its member ${first.name} has the address ${first.addresses[0] ?? ''}${others}, which ${follows}`;
  const cures = members.map(({ name }) => setup(`move the address from ${name} to ${bridge.name} in /etc/rc.conf`));
  return miss(check, rule === 'refused' ? 'warn' : 'note', message, cures);
}

/** The variable itself, where there is one: what is set here has no effect after an upgrade to 16. */
export function checkMemberAddresses(host: Observed): readonly Finding[] {
  const { interfaces, sysctls, version } = host;
  const value = sysctls.get(variable);
  if (value === undefined || !isAtLeast(version, 15, 0)) return [];
  const check = { id: 'bridge-member-addresses', subject: `for ${variable}` };
  if (value === '0') return [pass(check)];
  const all = interfaces ?? [];
  const isUsed = all.some((bridge) => addressedMembers(bridge, all).length > 0);
  const message = `it is ${value}: FreeBSD 16 has it no more, and members of bridges may have no addresses there`;
  const first = isUsed ? [setup('first move the addresses of members to their bridges')] : [];
  return [
    miss(check, 'note', message, [...first, now(`sysctl ${variable}=0`), atBoot(`${variable}=0`, '/etc/sysctl.conf')]),
  ];
}
