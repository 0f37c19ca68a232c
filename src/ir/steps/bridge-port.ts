/**
 * What a tap is as a member of its bridge: kept from others, in VLANs (ifconfig(8), "private", "untagged", "tagged"). Nothing of
 * it outlives the tap.
 */
import { noLauncherPart, noRehearsalPart, type Call, type StepContract, type StepNode } from './define.ts';

export interface BridgePortStep extends StepNode<'bridge-port'> {
  readonly tap: string;
  readonly bridge: string;
  readonly isolated: boolean;
  /** Null for a tap in no VLANs. */
  readonly vlans: {
    /** The VLAN of packets without a tag; null where there is none. */
    readonly untagged: number | null;
    /** As ifconfig(8) takes them: numbers with commas between them; empty for none. */
    readonly tagged: string;
  } | null;
}

export const bridgePort: StepContract<BridgePortStep> = {
  kind: 'bridge-port',
  claims: () => [],
  takes: ({ bridge, vlans }) => (vlans === null ? {} : { vlanBridges: [bridge] }),
  shown: (step) => ({
    ...(step.vlans === null ? {} : { look: `look that the bridge ${step.bridge} has vlanfilter` }),
    make: `ifconfig ${step.bridge} ${wordsOf(step).join(' ')}`,
  }),
  launcher: {
    ...noLauncherPart,
    look: ({ bridge, vlans }): readonly Call[] => (vlans === null ? [] : [['check_vlanfilter', bridge]]),
    make: (step) => [['set_member', step.bridge, step.tap, ...wordsOf(step)]],
    shares: ['interfaces'],
    view: (steps) => ({ hasVlans: steps.some(({ vlans }) => vlans !== null) }),
  },
  rehearsal: noRehearsalPart,
};

/** The words behind the bridge. A bridge with defuntagged gives a new member a VLAN, which a trunk without a native one is not in. */
function wordsOf({ tap, isolated, vlans }: BridgePortStep): readonly string[] {
  return [
    ...(isolated ? ['private', tap] : []),
    ...(vlans === null ? [] : vlans.untagged === null ? ['-untagged', tap] : ['untagged', tap, String(vlans.untagged)]),
    ...(vlans === null || vlans.tagged === '' ? [] : ['tagged', tap, vlans.tagged]),
  ];
}
