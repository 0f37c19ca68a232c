/** TCP ports that must be free. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

/** With `automatic`, the next free one up to `last` will do. */
export interface PortStep extends StepNode<'port'> {
  readonly address: string;
  readonly port: number;
  readonly automatic: boolean;
  readonly last: number;
}

/** The variable of the launcher that takes the port. Those that must be as they are share one, which nobody reads. */
export function portVariable({ automatic }: PortStep, nth: number): string {
  return automatic ? `port_${String(nth)}` : 'port';
}

export const port: StepContract<PortStep> = {
  kind: 'port',
  // An automatic port gives way at start.
  claims: (step) =>
    step.automatic ? [] : [{ what: `TCP port ${String(step.port)}`, exclusive: true, address: step.address }],
  takes: (step) => ({ ports: [{ address: step.address, port: step.port, last: lastOf(step) }] }),
  shown: (step) => ({
    look: step.automatic
      ? `look for a free TCP port from ${String(step.port)} to ${String(step.last)}`
      : `look that TCP port ${String(step.port)} is free`,
  }),
  launcher: {
    ...noLauncherPart,
    look(step, nth) {
      const range = [String(step.port), String(lastOf(step))];
      return [['check_port', portVariable(step, nth), step.address, ...range]];
    },
    variables(step, nth) {
      return step.automatic ? [{ variable: portVariable(step, nth), value: String(step.port) }] : [];
    },
    // A port is in use long after it was looked at: it is claimed at once.
    notes: ['port'],
  },
  rehearsal: noRehearsalPart,
};

function lastOf({ automatic, port: first, last }: PortStep): number {
  return automatic ? last : first;
}
