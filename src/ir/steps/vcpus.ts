/** So many virtual CPUs must be allowed (hw.vmm.maxcpu). */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface VcpusStep extends StepNode<'vcpus'> {
  readonly count: number;
}

/** Enough for any pinning: a rehearsal is not about the size of the host. */
const rehearsalCpus = 256;

export const vcpus: StepContract<VcpusStep> = {
  kind: 'vcpus',
  claims: () => [],
  // The demand of the plan says it.
  takes: () => ({}),
  shown: ({ count }) => (count > 1 ? { look: `look that ${String(count)} virtual CPUs are allowed` } : {}),
  // One is allowed everywhere.
  launcher: { ...noLauncherPart, look: ({ count }) => (count > 1 ? [['check_vcpus', String(count)]] : []) },
  rehearsal: { ...noRehearsalPart, host: (takes) => ({ cpus: Math.max(rehearsalCpus, takes.vcpus) }) },
};
