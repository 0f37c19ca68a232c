/** Bridges and their uplinks, and the sysctls that taps and bridges depend on (tap(4), bridge(4)). */
import { isAtLeast } from '../probing/running-release.ts';
import { isUplink, type NetworkInterface } from '../probing/system-texts.ts';
import { checkMemberAddresses, checkMembers } from './bridge-members.ts';
import { atBoot, atBootBy, miss, notChecked, now, pass, setup, type Cure, type Finding } from './finding.ts';
import type { Observed } from './observed.ts';

/** Bridges first, then sysctls. */
export function checkNetwork(host: Observed): readonly Finding[] {
  return [...checkBridges(host), ...checkMemberAddresses(host), checkUpOnOpen(host), ...checkFilters(host)];
}

function checkBridges(host: Observed): readonly Finding[] {
  const { interfaces } = host;
  const check = { id: 'bridges', subject: 'for bridges' };
  if (interfaces === null) return [notChecked(check, 'ifconfig gave no answer')];
  const bridges = interfaces.filter(({ isBridge }) => isBridge);
  if (bridges.length === 0) {
    return [miss(check, 'note', 'there is none, bridged interfaces of guests need one', making(host, interfaces))];
  }
  return bridges.map((bridge) => checkOne(bridge, interfaces, host));
}

/** The first thing that is wrong with a bridge; what the host refuses goes before all else. */
function checkOne(bridge: NetworkInterface, interfaces: readonly NetworkInterface[], host: Observed): Finding {
  const { name, members, mtu } = bridge;
  const check = { id: `bridge:${name}`, subject: `for bridge ${name}` };
  const addressed = checkMembers(check, bridge, interfaces, host);
  if (addressed?.result === 'warn') return addressed;
  if (!bridge.isUp) return miss(check, 'warn', 'it is down, its guests have no network', [now(`ifconfig ${name} up`)]);
  const uplinks = members.filter((member) => isUplink(member, interfaces));
  const down = uplinks.find((member) => interfaces.some((one) => one.name === member && !one.isUp));
  if (down !== undefined) {
    return miss(check, 'warn', `its uplink ${down} is down`, [
      now(`ifconfig ${down} up`),
      setup(`add up to ifconfig_${down} in /etc/rc.conf`),
    ]);
  }
  const other = interfaces.find((one) => members.includes(one.name) && one.mtu !== null && one.mtu !== mtu);
  if (other !== undefined && mtu !== null) {
    const message = `its MTU is ${String(mtu)}, that of its member ${other.name} is ${String(other.mtu)}`;
    return miss(check, 'warn', `${message}: large packets are lost`, [setup('give all members one MTU')]);
  }
  if (addressed !== null) return addressed;
  if (uplinks.length > 0) return pass(check);
  const card = freeCard(interfaces);
  const cures = card === null ? [] : [now(`ifconfig ${name} addm ${card.name}`)];
  return miss(check, 'note', 'it has no uplink, its guests reach only each other and this host', cures);
}

/** A card that could be the uplink of a bridge. */
function freeCard(interfaces: readonly NetworkInterface[]): NetworkInterface | null {
  const taken = new Set(interfaces.flatMap(({ members }) => members));
  return interfaces.find(({ name }) => isUplink(name, interfaces) && !taken.has(name)) ?? null;
}

function making({ version }: Observed, interfaces: readonly NetworkInterface[]): readonly Cure[] {
  const card = freeCard(interfaces);
  const uplink = card?.name ?? 'em0';
  const isRefused = isAtLeast(version, 15, 0) && (card?.addresses.length ?? 0) > 0;
  return [
    ...(isRefused
      ? [setup(`first move the address of ${uplink} to the bridge: FreeBSD 15.0 and later demand it`)]
      : []),
    now(`ifconfig bridge0 create up && ifconfig bridge0 addm ${uplink}`),
    atBootBy(`sysrc cloned_interfaces+="bridge0" ifconfig_bridge0="addm ${uplink} up"`),
  ];
}

/** tap(4) goes down on its last close. The launchers raise it themselves, scripts by hand often do not. */
function checkUpOnOpen({ sysctls }: Observed): Finding {
  const check = { id: 'tap-up-on-open', subject: 'for net.link.tap.up_on_open' };
  const value = sysctls.get('net.link.tap.up_on_open');
  if (value === undefined) return notChecked(check, 'tap is not loaded');
  if (value !== '0') return pass(check);
  const message = 'it is 0: launchers of bhyvec raise their taps themselves, scripts by hand must do so as well';
  return miss(check, 'note', message, [
    now('sysctl net.link.tap.up_on_open=1'),
    atBoot('net.link.tap.up_on_open=1', '/etc/sysctl.conf'),
  ]);
}

/** Only where a packet filter is there: by default before 14.0 it also sees what guests send to each other. */
function checkFilters({ sysctls, modules }: Observed): readonly Finding[] {
  const filter = ['pf', 'ipfw'].find((name) => modules.has(name));
  if (filter === undefined) return [];
  const check = { id: 'bridge-filter', subject: 'for packet filters on bridges' };
  const names = ['net.link.bridge.pfil_member', 'net.link.bridge.pfil_bridge'];
  const on = names.filter((name) => (sysctls.get(name) ?? '0') !== '0');
  if (on.length === 0) return [pass(check)];
  const message = `${filter} sees the packets of guests, and a rule for this host may block them`;
  return [
    miss(check, 'note', message, [
      ...on.map((name) => now(`sysctl ${name}=0`)),
      ...on.map((name) => atBoot(`${name}=0`, '/etc/sysctl.conf')),
    ]),
  ];
}
