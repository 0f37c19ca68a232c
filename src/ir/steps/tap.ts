/** tap(4) interfaces: made for the run, joined to a bridge, removed at its end. */
import { tapName, type TapName } from '../names.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface TapStep extends StepNode<'tap'>, TapName {
  readonly bridge: string;
  /** Null for that of the bridge. */
  readonly mtu: number | null;
  readonly description: string;
}

export const tap: StepContract<TapStep> = {
  kind: 'tap',
  claims: ({ name }) => [{ what: `tap ${name}`, exclusive: true }],
  takes: ({ name, bridge, mtu }) => ({ taps: [{ name, bridge, mtu }] }),
  shown: ({ name, bridge, mtu }) => ({
    make: `make the interface ${name} on the bridge ${bridge}${mtu === null ? '' : `, MTU ${String(mtu)}`}`,
    unmake: `remove the interface ${name}`,
  }),
  // How it is made follows from its name.
  written: () => ({ isUnit: undefined }),
  read: (fields, { place }) => ({
    kind: 'tap',
    ...tapName(fields.text('name')),
    bridge: fields.text('bridge'),
    mtu: fields.countOrNull('mtu', 1),
    description: fields.text('description'),
    ...place,
  }),
  launcher: {
    ...noLauncherPart,
    look: ({ name, bridge, mtu }) => [['check_tap', name, bridge, mtuText(mtu)]],
    make({ name, isUnit, bridge, mtu, description }) {
      // A name that is a unit number is made as such; any other is made first and renamed then.
      const create = isUnit ? [name] : ['tap', 'name', name];
      return [['make_tap', name, bridge, mtuText(mtu), description, ...create]];
    },
    beforeRestart: ({ name }) => [['raise_tap', name]],
    notes: ['tap'],
    shares: ['interfaces'],
  },
  rehearsal: { ...noRehearsalPart, makes: ({ taps }) => taps.map(({ name }) => name) },
};

function mtuText(mtu: number | null): string {
  return mtu === null ? '' : String(mtu);
}
