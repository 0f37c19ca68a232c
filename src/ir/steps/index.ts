/** The kinds of things on the host that a guest needs: the ordered list; the union of steps follows from it. */
import { bridgePort } from './bridge-port.ts';
import { bridge } from './bridge.ts';
import type { StepContract, StepNode } from './define.ts';
import { deviceMap } from './device-map.ts';
import { grubConfig } from './grub-config.ts';
import { directory } from './directory.ts';
import { file } from './file.ts';
import { kernelModule } from './kernel-module.ts';
import { nmdm } from './nmdm.ts';
import { nvram } from './nvram.ts';
import { ownTap } from './own-tap.ts';
import { port } from './port.ts';
import { ppt } from './ppt.ts';
import { racct } from './racct.ts';
import { secrets } from './secrets.ts';
import { seed } from './seed.ts';
import { socket } from './socket.ts';
import { swtpm } from './swtpm.ts';
import { switchPort } from './switch-port.ts';
import { tap } from './tap.ts';
import { vcpus } from './vcpus.ts';

/** Every kind, in the order of a run: it is looked at and made in this order, and unmade in the reverse one. */
const list = {
  module: kernelModule,
  vcpus,
  racct,
  file,
  directory,
  nvram,
  ppt,
  bridge,
  tap,
  'bridge-port': bridgePort,
  'own-tap': ownTap,
  'switch-port': switchPort,
  port,
  nmdm,
  'device-map': deviceMap,
  'grub-config': grubConfig,
  secrets,
  seed,
  socket,
  swtpm,
};

type StepIn<C> = C extends StepContract<infer S> ? S : never;

export type StepKind = keyof typeof list;

/** A step of a kind, or of one of several. */
export type StepOf<K extends StepKind = StepKind> = {
  [P in K]: StepNode<P> & StepIn<(typeof list)[P]>;
}[K];

/** A thing on the host that the guest needs. Steps are taken in order, and undone in reverse where they made something. */
export type HostStep = StepOf;

/** The contract of each kind, in the order of a run. */
export const steps: { readonly [K in StepKind]: StepContract<StepOf<K>> } = list;

/** What is to be said of a kind. */
export function contractFor<K extends StepKind>(kind: K): StepContract<StepOf<K>> {
  return steps[kind];
}

/** What is to be said of a step. */
export function contractOf<K extends StepKind>(step: StepOf<K>): StepContract<StepOf<K>> {
  return steps[step.kind];
}

/** All kinds, in the order of a run. */
export const stepKinds: readonly StepKind[] = Object.keys(steps).filter(isStepKind);

/** Whether there is such a kind. */
export function isStepKind(kind: string): kind is StepKind {
  return Object.hasOwn(steps, kind);
}

/** The steps of one kind, in their order. */
export function stepsOf<K extends StepKind>(of: readonly HostStep[], kind: K): readonly StepOf<K>[] {
  return of.filter((step): step is StepOf<K> & HostStep => step.kind === kind);
}

/** Steps in the order of a run; those of one kind stay as they are. */
export function inOrder(unordered: readonly HostStep[]): readonly HostStep[] {
  return unordered.toSorted((a, b) => stepKinds.indexOf(a.kind) - stepKinds.indexOf(b.kind));
}
