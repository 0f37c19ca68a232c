/** Interfaces to virtio-net and e1000 (libvirt-compile reference, section 6.6). Reports: BV0550, BV0552 to BV0555, BV1556. */
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { HostIp, Interface } from '../../frontend/elements/interface.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { NetworkBackend } from '../../ir/emulations/network.ts';
import { tapName, type TapName } from '../../ir/names.ts';
import type { Need } from '../../ir/needs.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bridgePortOf, refuseVlan } from './bridge-port.ts';
import { bridgeOf } from './bridge.ts';
import { whereOffered } from './optional.ts';
import { placeOf } from './place.ts';
import { forwardsOf } from './port-forwards.ts';
import { switchPortOf } from './switch-port.ts';
import { whoCannot } from './who.ts';
import { isNumericAddress } from './words.ts';

/** Gives the network devices, in document order. */
export function lowerInterfaces(domain: CompleteDomain, context: Context): readonly Device[] {
  return domain.domain.devices.interfaces.flatMap((element, place) => lowerInterface(element, place, domain, context));
}

function lowerInterface(
  element: Interface,
  ordinal: number,
  domain: CompleteDomain,
  context: Context,
): readonly Device[] {
  const origins: Origins = [element.at];
  const kind = emulationOf(element, context);
  const owner = `interface ${String(ordinal)}`;
  const backend = backendOf(element, owner, domain, context);
  if (kind === null || backend === null) return [];
  for (const part of [element.type, element.model, element.mac]) context.uses.take(part);
  const remembered = domain.recall.of(element);
  const request = { owner, remembered, address: element.address, origins, libvirtPrintsFunction: false };
  const place = placeOf(request, context);
  const mtu = mtuOf(element, context);
  const common = { place, backend, mac: macOf(element, owner, domain, context), origins };
  if (kind === 'e1000') return [{ kind, ...common, mtu, guestMtu: null }];
  return [{ kind, ...common, mtu, guestMtu: whereOffered(mtu, 'virtio-net-mtu', element.mtu?.at, context) }];
}

/** bhyve(8), "virtio-net": what it takes for an MTU. libvirt does not look. */
const mtus = { least: 46, most: 65_535 } as const;

function mtuOf({ mtu }: Interface, { dialect, reporter, uses }: Context): number | null {
  if (mtu === null || !dialect.ours('network-mtu')) return null;
  uses.take(mtu);
  if (mtu.value < mtus.least || mtu.value > mtus.most) reporter.report('BV1556', mtu.at, { mtu: mtu.value, ...mtus });
  return mtu.value;
}

function emulationOf({ at, model }: Interface, { dialect, reporter }: Context): 'virtio-net' | 'e1000' | null {
  if (model === null && dialect.ours('network-model')) return 'virtio-net';
  switch (model?.value.toLowerCase()) {
    case 'virtio':
      return 'virtio-net';
    case 'e1000':
      return 'e1000';
    default:
      reporter.report('BV0550', model?.at ?? at, { model: model?.value ?? 'none' });
      return null;
  }
}

function macOf(element: Interface, owner: string, domain: CompleteDomain, { dialect, reporter }: Context): Need<'mac'> {
  const { mac } = element;
  if (mac?.value === '00:00:00:00:00:00' && dialect.ours('network-mac')) {
    reporter.report('BV0308', mac.at, { value: mac.value, problem: 'is all zero, which bhyve refuses' });
  }
  const { key, held } = domain.recall.of(element);
  const known = { key, held: held.mac ?? null, wanted: mac?.value ?? null };
  return { kind: 'mac', id: `mac ${owner}`, owner, ...known, origins: [element.at], at: mac?.at ?? element.at };
}

function backendOf(element: Interface, owner: string, domain: CompleteDomain, context: Context): NetworkBackend | null {
  const { reporter } = context;
  const { type, vlan } = element;
  switch (type.value) {
    case 'bridge':
    case 'network': {
      refuseTap(element, context);
      const place = bridgeOf(element, context);
      const port = bridgePortOf(element, place?.network ?? null, context);
      if (place === null) return null;
      const { bridge, network } = place;
      context.uses.take(element.bridge);
      context.uses.take(element.network);
      if (element.managed?.value === true) context.uses.take(element.managed);
      const service = network?.plan.made?.service ?? null;
      return {
        kind: 'tap',
        ...tapOf(element, owner, domain, context),
        bridge,
        service,
        port,
        isMade: true,
        addresses: [],
      };
    }
    case 'ethernet':
      if (vlan !== null) refuseVlan(vlan, context);
      if (context.dialect.ours('network-own-tap'))
        return switchPortOf(element, domain, context) ?? looseTap(element, owner, domain, context);
      break;
    case 'user':
      if (vlan !== null) refuseVlan(vlan, context);
      return slirpOf(element, context);
    default:
      if (vlan !== null) refuseVlan(vlan, context);
  }
  context.uses.leaveOut(element.at);
  reporter.report('BV0555', type.at, { type: type.value, ...connects(context) });
  return null;
}

/** Who connects interfaces, and to what. */
function connects(context: Context): { readonly who: string; readonly accepted: string } {
  const own = context.dialect.ours('network-own-tap');
  const accepted = `type='bridge', type='network', ${own ? "type='ethernet' for a tap of your own, " : ''}or type='user' for slirp`;
  return { who: whoCannot('network-own-tap', 'bhyvec', context), accepted };
}

function slirpOf(element: Interface, context: Context): NetworkBackend {
  const { dialect, host, reporter } = context;
  const { type, ip } = element;
  if (ip !== null) reporter.report('BV0553', ip, {});
  const open = !dialect.ours('slirp-open') || host.capabilities.has('slirp-open');
  if (!open && host.capabilities.has('slirp')) reporter.report('BV0554', type.at, { host: host.name });
  return { kind: 'slirp', open, forwards: forwardsOf(element, context), at: type.at };
}

type Tap = NetworkBackend & { readonly kind: 'tap' };

function tapOf(
  element: Interface,
  owner: string,
  domain: CompleteDomain,
  context: Context,
): Pick<Tap, 'need' | 'guest'> {
  const { targetDev } = element;
  const wanted = context.dialect.ours('network-tap-name') ? wantedTap(targetDev, context) : null;
  const at = targetDev?.at ?? element.at;
  const { key, held } = domain.recall.of(element);
  const known = { key, held: held.tap ?? null, wanted };
  const need = { kind: 'tap', id: `tap ${owner}`, owner, ...known, origins: [element.at], at } as const;
  return { need, guest: domain.domain.name.value };
}

/** Making a tap is root's, ifconfig(8). */
function refuseTap({ type }: Interface, { dialect, host, reporter }: Context): void {
  if (host.privileged || !dialect.ours('capability-checks')) return;
  const cure = "use type='user', a port of vale(4), or a tap that root makes: type='ethernet' and managed='no'";
  reporter.report('BV1580', type.at, { what: 'a tap made', cure });
}

/** A tap on no bridge: one of the user's own, which stays as it is, or one that is made for the run. */
function looseTap(element: Interface, owner: string, domain: CompleteDomain, context: Context): NetworkBackend | null {
  const { reporter, uses } = context;
  const { managed, targetDev, mtu, hostIps } = element;
  uses.take(managed);
  if (managed?.value === false && targetDev === null) {
    reporter.report('BV1564', managed.at, {});
    return null;
  }
  const isMade = managed?.value !== false;
  if (isMade) refuseTap(element, context);
  for (const { at } of isMade ? [] : hostIps) {
    reporter.report('BV1565', at, { what: 'its address' });
    uses.leaveOut(at);
  }
  if (!isMade && mtu !== null) reporter.report('BV1565', mtu.at, { what: 'its MTU' });
  const port = { isolated: false, vlans: null, isPlugged: true };
  const addresses = isMade ? hostIps.map((ip) => addressOf(ip, context)) : [];
  const tap = tapOf(element, owner, domain, context);
  return { kind: 'tap', ...tap, bridge: null, service: null, port, isMade, addresses };
}

/** As ifconfig(8) takes it. */
function addressOf({ address, family, prefix }: HostIp, { reporter, uses }: Context): string {
  for (const part of [address, family, prefix]) uses.take(part);
  const isV6 = address.value.includes(':');
  const longest = isV6 ? 128 : 32;
  const length = prefix?.value ?? (isV6 ? 64 : 24);
  if (!isNumericAddress(address.value) || length > longest) {
    reporter.report('BV0308', address.at, { value: address.value, problem: 'is no address with that prefix' });
  }
  if (family !== null && (family.value === 'ipv6') !== isV6) {
    const remedy = `write family='${isV6 ? 'ipv6' : 'ipv4'}', or leave it out`;
    reporter.report('BV0314', family.at, { problem: `'${address.value}' is no address of ${family.value}`, remedy });
  }
  return `${isV6 ? 'inet6' : 'inet'} ${address.value}/${String(length)}`;
}

/** Names that bhyve takes for a tap: they begin so, and fit into IFNAMSIZ, ifconfig(8). */
const tapNames = /^tap[A-Za-z0-9_.]{0,12}$/;
/** Before FreeBSD 13.0 only such a tap has a device node, for bhyve to open. */
const tapUnits = /^tap(?:0|[1-9]\d{0,4})$/;

function wantedTap(target: Located<string> | null, { host, reporter }: Context): TapName | null {
  if (target === null) return null;
  // libvirt itself drops names that begin so: they are those that it gave.
  if (target.value.startsWith('vnet')) return null;
  if ((host.capabilities.has('tuntap') ? tapNames : tapUnits).test(target.value)) return tapName(target.value);
  reporter.report('BV0556', target.at, { name: target.value });
  return null;
}
