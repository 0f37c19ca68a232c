/**
 * What an interface asks of its place on a bridge: VLANs, isolation, and whether it is plugged in at all (bridge(4), "VLAN
 * SUPPORT"; ifconfig(8), bridge parameters). Reports: BV0552, BV1560 to BV1563.
 */
import type { Interface } from '../../frontend/elements/interface.ts';
import type { Vlan } from '../../frontend/elements/vlan.ts';
import type { BridgePort, PortVlans } from '../../ir/emulations/network.ts';
import type { Context } from '../context.ts';
import type { NetworkPlace } from './bridge.ts';

/** VLAN identifiers of IEEE 802.1Q; 0 and 4095 are kept for other things. */
const tags = { least: 1, most: 4094 } as const;

/** The place on the bridge, of a network where that has a document; what cannot be had is reported. */
export function bridgePortOf(element: Interface, network: NetworkPlace | null, context: Context): BridgePort {
  const { dialect, host, reporter, uses } = context;
  const { isolated, link, vlan } = element;
  if (!dialect.ours('network-port')) {
    if (vlan !== null) refuseVlan(vlan, context);
    return { isolated: false, vlans: null, isPlugged: true };
  }
  const isPlugged = link?.value !== 'down';
  if (!isPlugged) {
    reporter.report('BV1563', link.at, {});
    uses.take(link);
  }
  uses.take(isolated);
  const canFilter = host.capabilities.has('bridge-vlans');
  if (vlan !== null && !canFilter) refuseVlan(vlan, context);
  const given = network?.port.vlans ?? null;
  const vlans = vlan === null || !canFilter ? given : vlansOf(vlan, context);
  return { isolated: isolated?.value ?? network?.plan.isolated ?? false, vlans, isPlugged };
}

/** Reports a VLAN that nothing on the way to the guest can set. */
export function refuseVlan({ at }: Vlan, { reporter, uses }: Context): void {
  reporter.report('BV0552', at, {});
  uses.leaveOut(at);
}

/**
 * libvirt's reading: one tag alone is the VLAN of all packets of the guest; several, `trunk` or a native one make a trunk.
 * @returns null where the tags make no sense, which is reported
 */
export function vlansOf(vlan: Vlan, { reporter, uses }: Context): PortVlans | null {
  const { at, trunk, tags: found } = vlan;
  uses.take(at);
  uses.take(trunk);
  for (const { id, nativeMode } of found) {
    uses.take(id);
    uses.take(nativeMode);
    if (id.value < tags.least || id.value > tags.most) reporter.report('BV1560', id.at, { id: id.value, ...tags });
    if (nativeMode?.value === 'tagged') reporter.report('BV1561', nativeMode.at, { id: id.value });
  }
  const native = found.filter(({ nativeMode }) => nativeMode !== null);
  const isTrunk = trunk?.value ?? (found.length > 1 || native.length > 0);
  if (!isTrunk && (found.length > 1 || native.length > 0)) {
    reporter.report('BV1562', trunk?.at ?? at, { problem: "trunk='no' has one tag, and no native one" });
  }
  const [, second] = native;
  if (second !== undefined) reporter.report('BV1562', second.id.at, { problem: 'a trunk has one native VLAN' });
  const ids = [...new Set(found.map(({ id }) => id.value))].toSorted((a, b) => a - b);
  if (!isTrunk) return { untagged: ids[0] ?? null, tagged: [] };
  const untagged = native[0]?.id.value ?? null;
  return { untagged, tagged: ids.filter((id) => id !== untagged) };
}
