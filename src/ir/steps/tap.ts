/** tap(4) interfaces: made for the run, joined to a bridge where there is one, removed at its end. */
import { derivedUnit, tapName } from '../names.ts';
import { noLauncherPart, noRehearsalPart, type Call, type StepContract, type StepNode } from './define.ts';

export interface TapStep extends StepNode<'tap'> {
  readonly name: string;
  /** Null for a tap on no bridge. */
  readonly bridge: string | null;
  /** False for one that stays off its bridge: the cable is not plugged in. */
  readonly plugged: boolean;
  /** Addresses of the host's end, as ifconfig(8) takes them. */
  readonly addresses: readonly string[];
  /** Null for that of the bridge. */
  readonly mtu: number | null;
  readonly description: string;
}

export const tap: StepContract<TapStep> = {
  kind: 'tap',
  claims: ({ name }) => [{ what: `tap ${name}`, exclusive: true }],
  takes: ({ name, bridge, mtu }) => ({ taps: [{ name, bridge, mtu }] }),
  shown: ({ name, bridge, plugged, mtu }) => ({
    make: `make the interface ${name}${placeOf(bridge, plugged)}${mtu === null ? '' : `, MTU ${String(mtu)}`}`,
    unmake: `remove the interface ${name}`,
  }),
  launcher: {
    ...noLauncherPart,
    look: ({ name, bridge, mtu }) => [['check_tap', name, bridge ?? '', mtuText(mtu, bridge)]],
    make({ name, bridge, plugged, mtu, addresses, description }): readonly Call[] {
      // A name that is a unit number is made as such; any other is made first and renamed then.
      const create = tapName(name).isUnit ? [name] : [derivedUnit('tap', name), 'name', name];
      return [
        ['make_tap', name, bridge ?? '', mtuText(mtu, bridge), description, ...create],
        ...(bridge !== null && plugged ? [['join_tap', name, bridge] as const] : []),
        ...addresses.map((address): Call => ['address_tap', name, ...address.split(' ')]),
      ];
    },
    // A tap loses its addresses, too, when bhyve closes it.
    beforeRestart: ({ name, addresses }) => [
      ['raise_tap', name],
      ...addresses.map((address): Call => ['address_tap', name, ...address.split(' ')]),
    ],
    notes: ['tap', 'unit', 'other'],
    shares: ['interfaces'],
    view: (steps) => ({
      hasJoins: steps.some(({ bridge, plugged }) => bridge !== null && plugged),
      hasAddresses: steps.some(({ addresses }) => addresses.length > 0),
    }),
  },
  rehearsal: { ...noRehearsalPart, makes: ({ taps }) => taps.map(({ name }) => name) },
};

/** Without a bridge there is none to ask. */
function mtuText(mtu: number | null, bridge: string | null): string {
  if (mtu !== null) return String(mtu);
  return bridge === null ? '1500' : '';
}

function placeOf(bridge: string | null, plugged: boolean): string {
  if (bridge === null) return ' on no bridge';
  return plugged ? ` on the bridge ${bridge}` : `, off the bridge ${bridge}`;
}
