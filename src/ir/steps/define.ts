/**
 * The contract of a kind of step: a thing on the host that a guest needs. One file for each kind says all of it, but the
 * functions of the launcher that its calls name, `templates/steps/KIND.sh.hbs`, and its shape in plan.json. What does something for steps
 * (fleet, plan file, manifest, dry run, launcher, rehearsal) is a loop over the kinds in `index.ts`.
 */
import type { Origins, Span } from '../../diagnostics/source.ts';
import type { Takes, TakenLists } from './takes.ts';

/** What every step has. */
export interface StepNode<K extends string> {
  readonly kind: K;
  readonly origins: Origins;
  /** The very value that asks for it; the main origin where there is none. */
  readonly at: Span;
}

/** What only one running guest can have. */
export interface Claim {
  /** What it is, for the message: `tap tapweb0`. */
  readonly what: string;
  /** False where two guests may share it, but hardly want to. */
  readonly exclusive: boolean;
  /** Where two guests do share it on purpose, with care. */
  readonly isCareful?: boolean;
  /** The address of the host that it is for, where it is there once for each. */
  readonly address?: string;
  /** It is only read: by many, as long as nobody writes. */
  readonly isRead?: boolean;
  /** Those that all say so share it. */
  readonly isShareable?: boolean;
}

/** What a run does about a step, in a line of a dry run each. */
export interface Shown {
  readonly look?: string;
  readonly make?: string;
  readonly unmake?: string;
}

/** A command of the launcher: a function or program, and its words as they are; quoting is the template's. */
export type Call = readonly [name: string, ...words: string[]];

/** Functions that several kinds share, `templates/partials/shared.sh.hbs`: files that the run writes, names of interfaces. */
export type Shared = 'files' | 'interfaces';

/** What the launcher does about the steps of a kind; `nth` counts those of the kind from 1. */
export interface LauncherPart<S> {
  /** Whether all is there; a miss is told, nothing is changed. */
  look(step: S, nth: number): readonly Call[];
  /** Before the guest runs. Whatever is made is noted in the journal before. */
  make(step: S, nth: number): readonly Call[];
  /** Before each start of bhyve. */
  beforeStart(step: S, nth: number): readonly Call[];
  /** Before each start of bhyve but the first one of a run. */
  beforeRestart(step: S, nth: number): readonly Call[];
  /** Variables of the script, with the value that they begin with. */
  variables(step: S, nth: number): readonly { readonly variable: string; readonly value: string }[];
  /** What the journal calls what `make` makes: for `tap` the partials have a function `undo_tap WHICH`. */
  readonly notes: readonly string[];
  readonly shares: readonly Shared[];
  /** What the kind's partial asks beside `present`, of all steps of the kind: which of its functions are called. */
  view(steps: readonly S[]): Readonly<Record<string, boolean>>;
}

/** For a kind of which the launcher knows nothing; others begin with it. */
export const noLauncherPart = {
  look: () => [],
  make: () => [],
  beforeStart: () => [],
  beforeRestart: () => [],
  variables: () => [],
  notes: [],
  shares: [],
  view: () => ({}),
} as const satisfies LauncherPart<never>;

/** What the stand-in host is to have: a kind that it knows, a path or name, and what else is needed to make it. */
export type Thing = readonly [kind: string, what: string, ...more: string[]];

/** What a rehearsal does, by the manifest of a build. */
export interface RehearsalPart {
  /** Options of the stand-in host. */
  host(takes: Takes): object;
  /** What has to be there before the launcher runs. */
  needs(takes: Takes): readonly Thing[];
  /** What the launcher makes: files, folders with a slash at their end, interfaces. */
  makes(takes: Takes): readonly string[];
}

/** For a kind that a fresh stand-in host has all of; others begin with it. */
export const noRehearsalPart: RehearsalPart = { host: () => ({}), needs: () => [], makes: () => [] };

/** All that is to be said of one kind of step, but its shape in plan.json: `backends/plan-file/step-shapes.ts` has that. No member is optional: where nothing is to be done, that is written. */
export interface StepContract<S extends StepNode<string>> {
  readonly kind: S['kind'];
  /** What only one running guest can have of it. */
  claims(step: S): readonly Claim[];
  /** What the manifest has of it. */
  takes(step: S): Partial<TakenLists>;
  /** Its lines in a dry run. */
  shown(step: S): Shown;
  readonly launcher: LauncherPart<S>;
  readonly rehearsal: RehearsalPart;
}
