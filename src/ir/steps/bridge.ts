/** Bridges that must be there, if_bridge(4); a guest never makes, changes or removes one. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface BridgeStep extends StepNode<'bridge'> {
  readonly name: string;
  /** The service of rc(8) that makes it: that of a network whose document was compiled with the guest. */
  readonly service?: string;
}

export const bridge: StepContract<BridgeStep> = {
  kind: 'bridge',
  claims: () => [],
  takes: ({ name }) => ({ bridges: [name] }),
  shown: ({ name, service }) => ({
    look: `look for the bridge ${name}${service === undefined ? '' : `, which the service ${service} makes`}`,
  }),
  launcher: {
    ...noLauncherPart,
    look: ({ name, service }) => [['check_bridge', name, ...(service === undefined ? [] : [service])]],
    shares: ['interfaces'],
  },
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
