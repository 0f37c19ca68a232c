/** A place on a switch of the host that is there by itself: a port of vale(4), which bhyve makes, or a hook of netgraph(4). */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface SwitchPortStep extends StepNode<'switch-port'> {
  /** What only one guest can have: `vale0:web`, or a node with its hook. */
  readonly name: string;
  /** The node of netgraph that has to be there; null for vale, whose switches come by use. */
  readonly node: string | null;
}

export const switchPort: StepContract<SwitchPortStep> = {
  kind: 'switch-port',
  claims: ({ name }) => [{ what: `port ${name}`, exclusive: true }],
  // The words of bhyve say it, and the modules of the manifest what they need.
  takes: () => ({}),
  shown: ({ node }) => (node === null ? {} : { look: `look for the netgraph node ${node}` }),
  launcher: { ...noLauncherPart, look: ({ node }) => (node === null ? [] : [['check_node', node]]) },
  rehearsal: noRehearsalPart,
};
