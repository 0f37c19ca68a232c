/** Bridges that must be there, if_bridge(4); they are never made, changed or removed. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface BridgeStep extends StepNode<'bridge'> {
  readonly name: string;
}

export const bridge: StepContract<BridgeStep> = {
  kind: 'bridge',
  claims: () => [],
  takes: ({ name }) => ({ bridges: [name] }),
  shown: ({ name }) => ({ look: `look for the bridge ${name}` }),
  launcher: { ...noLauncherPart, look: ({ name }) => [['check_bridge', name]], shares: ['interfaces'] },
  rehearsal: {
    ...noRehearsalPart,
    // Each bridge once; where taps need an MTU it is that of the bridge, as `NAME:MTU:vlanfilter`.
    host: ({ bridges, taps, vlanBridges = [] }) => ({
      bridges: [...new Set(bridges)].map((name) => {
        const mtu = taps.find((tap) => tap.bridge === name && tap.mtu !== null)?.mtu ?? null;
        const filter = vlanBridges.includes(name) ? ':vlanfilter' : '';
        return mtu === null && filter === '' ? name : `${name}:${mtu === null ? '' : String(mtu)}${filter}`;
      }),
    }),
  },
};
