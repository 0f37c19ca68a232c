/**
 * The kinds of things on the host that a guest needs. Each layer that does something for steps has a table over the kinds
 * ({@link StepTable}): a kind that is new here compiles nowhere until every table has its line.
 */
import type { Origins, Span } from '../diagnostics/source.ts';
import type { TapName } from './names.ts';
import type { ConfigEntry } from './settings.ts';
import type { NmdmPair } from './units.ts';

/** What each kind of step says. */
export interface StepFields {
  /** A kernel module; the first of `names` that loads will do. */
  readonly module: { readonly names: readonly string[] };
  /** Resource limits need kern.racct.enable. */
  readonly racct: object;
  /** So many virtual CPUs must be allowed (hw.vmm.maxcpu). */
  readonly vcpus: { readonly count: number };
  /** A file or device node that must be there. */
  readonly file: {
    readonly path: string;
    readonly purpose: 'disk' | 'cdrom' | 'firmware' | 'sound' | 'tpm' | 'console' | 'rom' | 'fwcfg';
    readonly access: 'read' | 'write';
  };
  /** A directory that must be there. */
  readonly directory: { readonly path: string; readonly access: 'read' | 'write' };
  /** A host device that must be bound to ppt; a managed one the launcher binds, and gives back to its driver at the end. */
  readonly ppt: {
    readonly bus: number;
    readonly slot: number;
    readonly function: number;
    readonly managed: boolean;
  };
  /** A bridge that must be there; it is never made, changed or removed. */
  readonly bridge: { readonly name: string };
  /** A TCP port that must be free. With `automatic`, the next free one up to `last` will do. */
  readonly port: {
    readonly address: string;
    readonly port: number;
    readonly automatic: boolean;
    readonly last: number;
  };
  /** A copy of the template, made once and kept. */
  readonly nvram: { readonly path: string; readonly template: string | null };
  /** A unix socket that bhyve makes; a stale one is removed before each start, and it is removed at the end. */
  readonly socket: { readonly path: string };
  /** A tap(4) interface, made and removed; joined to its bridge. */
  readonly tap: {
    readonly bridge: string;
    readonly mtu: number | null;
    readonly description: string;
  } & TapName;
  /** A null-modem pair; nothing is made, nmdm(4) makes the nodes when they are opened. */
  readonly nmdm: { readonly pair: NmdmPair };
  /** A file made for the loader and removed: the device map of grub-bhyve. */
  readonly 'device-map': { readonly path: string; readonly text: string };
  /** A file with mode 0600 made for bhyve and removed: keys that no command line may show. */
  readonly secrets: { readonly path: string; readonly entries: readonly ConfigEntry[] };
}

export type StepKind = keyof StepFields;

/** A step of a kind, or of one of several. */
export type StepOf<K extends StepKind = StepKind> = {
  [P in K]: {
    readonly kind: P;
    readonly origins: Origins;
    /** The very value that asks for it; the main origin where there is none. */
    readonly at: Span;
  } & StepFields[P];
}[K];

/** A thing on the host that the guest needs. Steps are taken in order, and undone in reverse where they made something. */
export type HostStep = StepOf;

/** Something for each kind of step. */
export type StepTable<R> = { readonly [K in StepKind]: (step: StepOf<K>) => R };

/** What a table has for a step. */
export function ofStep<K extends StepKind, R>(table: StepTable<R>, step: StepOf<K>): R {
  return table[step.kind](step);
}

/** The steps of one kind, in their order. */
export function stepsOf<K extends StepKind>(
  steps: readonly HostStep[],
  kind: K,
): readonly (HostStep & { readonly kind: K })[] {
  return steps.filter((step): step is HostStep & { readonly kind: K } => step.kind === kind);
}

/** The place of each kind in a run: checks come before what is made, and what is made last is unmade first. */
const order: { readonly [K in StepKind]: number } = {
  module: 1,
  racct: 2,
  vcpus: 3,
  file: 4,
  directory: 5,
  ppt: 6,
  bridge: 7,
  port: 8,
  nvram: 9,
  socket: 10,
  tap: 11,
  nmdm: 12,
  'device-map': 13,
  secrets: 14,
};

/** Steps in the order of a run; those of one kind stay as they are. */
export function inOrder(steps: readonly HostStep[]): readonly HostStep[] {
  return steps.toSorted((a, b) => order[a.kind] - order[b.kind]);
}
