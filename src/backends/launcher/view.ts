/** What the template of the launcher places: a plan, flat, with a note beside each part. Decides what the plan leaves open. */
import type { Action, Plan } from '../../ir/plan.ts';
import type { Call, Shared } from '../../ir/steps/define.ts';
import {
  contractFor,
  contractOf,
  stepKinds,
  steps,
  stepsOf,
  type HostStep,
  type StepKind,
} from '../../ir/steps/index.ts';
import { portVariable } from '../../ir/steps/port.ts';
import { rcName } from '../../ir/names.ts';
import { baseName, origin } from '../text/place.ts';
import { limitWords, loaderWords } from '../text/commands.ts';
import { textOf } from '../../ir/words.ts';
import { wordsView, type CommandView, type Noted, type PortView } from './words.ts';

/** A command of the script. */
export type CallView = Noted<{ readonly call: Call }>;

/** What the partial of a kind of step asks: `present` is whether the guest has such a step. */
export type KindView = Readonly<Record<string, boolean>> & { readonly present: boolean };

/** Which functions are there. A launcher by itself has those that it calls, a library has all. */
export interface FunctionsView {
  readonly hasLoader: boolean;
  readonly hasWired: boolean;
  /** The functions that kinds of steps share. */
  readonly shared: { readonly [S in Shared]: boolean };
  readonly kinds: Readonly<Record<string, KindView>>;
  /** What a journal may name. It may be that of another build: all of them are known always. */
  readonly notes: readonly string[];
}

/** All of the launcher that depends on the guest. */
export interface LauncherView extends FunctionsView {
  readonly vm: string;
  readonly source: string;
  readonly target: string;
  readonly service: string;
  readonly stateDirectory: string;
  readonly acpi: boolean;
  readonly onPoweroff: Action;
  readonly onReboot: Action;
  readonly onCrash: Action;
  readonly bhyve: CommandView;
  readonly loader: CommandView;
  /** In seconds, where the environment says nothing else; empty where there is none. */
  readonly loaderLimit: string;
  readonly programs: readonly Noted<{ readonly program: string; readonly isLoader: boolean }>[];
  /** bhyve(8) on amd64 compiles the guest's ACPI tables with iasl(8). */
  readonly hasIasl: boolean;
  readonly wiredMib: number;
  /** bhyve gives the VM up at a power-off. */
  readonly givesUp: boolean;
  /** bhyve gives the VM up however it ends. */
  readonly isMonitored: boolean;
  readonly limits: readonly string[];
  /** What runs bhyve, and becomes it: cpuset(1), rtprio(1) or idprio(1), as words with blanks between them. */
  readonly runsUnder: string;
  readonly variables: readonly Noted<{ readonly variable: string; readonly value: string }>[];
  readonly looks: readonly CallView[];
  readonly makes: readonly CallView[];
  readonly starts: readonly CallView[];
  readonly restarts: readonly CallView[];
  readonly modules: readonly string[];
  /** Modules of which one is enough; what it is called depends on the release. */
  readonly moduleChoices: readonly { readonly names: readonly string[] }[];
  readonly hasConsoles: boolean;
  readonly firstConsole: string;
  readonly consoles: readonly Noted<{ readonly com: string; readonly command: readonly string[] }>[];
}

const journalNotes = [...new Set(stepKinds.flatMap((kind) => steps[kind].launcher.notes))];

/** Makes the view. */
export function launcherView(plan: Plan): LauncherView {
  const { loader, bhyve, limits, acpi, onPoweroff, onReboot, onCrash } = plan;
  const consoles = consolesOf(plan);
  const own = counted(plan);
  const modules = stepsOf(plan.steps, 'module').map(({ names }) => names);
  const shares = new Set(plan.steps.flatMap((step) => contractOf(step).launcher.shares));
  return {
    vm: plan.vmname,
    source: baseName(plan.origins[0].source.name),
    target: plan.target,
    service: rcName(plan.vmname),
    stateDirectory: plan.stateDirectory,
    acpi,
    onPoweroff,
    onReboot,
    onCrash,
    bhyve: wordsView([bhyve.program, ...bhyve.words], bhyve.program, portsOf(plan)),
    hasIasl: plan.arch === 'amd64' && acpi,
    hasWired: plan.demand.wired,
    wiredMib: plan.demand.memoryMib,
    ...endsOf(plan),
    hasLoader: loader !== null,
    loader: loader === null ? { groups: [], secrets: [] } : wordsView(loaderWords(loader), loader.program, []),
    loaderLimit: loader?.limit == null ? '' : String(loader.limit.seconds),
    programs: programsOf(plan),
    limits: limits.map(({ rule }) => rule),
    runsUnder: runsUnder(plan),
    variables: own.flatMap(({ step, nth }) =>
      contractOf(step)
        .launcher.variables(step, nth)
        .map((one) => ({ ...one, note: origin(step.origins) })),
    ),
    looks: callsOf(own, 'look'),
    makes: callsOf(own, 'make'),
    starts: callsOf(own, 'beforeStart'),
    restarts: callsOf(own, 'beforeRestart'),
    modules: modules.flatMap((names) => (names.length > 1 ? [] : names)),
    moduleChoices: modules.flatMap((names) => (names.length > 1 ? [{ names }] : [])),
    shared: { files: shares.has('files'), interfaces: shares.has('interfaces') },
    kinds: Object.fromEntries(stepKinds.map((kind) => [kind, kindView(plan, kind)])),
    notes: journalNotes,
    hasConsoles: consoles.length > 0,
    firstConsole: consoles[0]?.com ?? '',
    consoles,
  };
}

/** The view of the library. */
export function libraryView(): FunctionsView {
  const kinds = stepKinds.map((kind) => {
    const asked = ['present', ...Object.keys(contractFor(kind).launcher.view([]))];
    return [kind, { present: true, ...Object.fromEntries(asked.map((name) => [name, true])) }] as const;
  });
  return {
    hasLoader: true,
    hasWired: true,
    shared: { files: true, interfaces: true },
    kinds: Object.fromEntries(kinds),
    notes: journalNotes,
  };
}

function runsUnder({ cpuset, memoryDomains, priority }: Plan): string {
  const sets = [...(cpuset === null ? [] : ['-l', cpuset]), ...(memoryDomains === null ? [] : ['-n', memoryDomains])];
  return [
    ...(sets.length === 0 ? [] : ['cpuset', ...sets]),
    ...(priority === null ? [] : [priority.program, String(priority.level)]),
  ].join(' ');
}

/** A step with its number among those of its kind. */
interface Counted {
  readonly step: HostStep;
  readonly nth: number;
}

function counted(plan: Plan): readonly Counted[] {
  return stepKinds.flatMap((kind) => stepsOf(plan.steps, kind).map((step, i) => ({ step, nth: i + 1 })));
}

/** The commands for all steps, in the order of a run. */
function callsOf(
  all: readonly Counted[],
  when: 'look' | 'make' | 'beforeStart' | 'beforeRestart',
): readonly CallView[] {
  return all.flatMap(({ step, nth }) =>
    contractOf(step)
      .launcher[when](step, nth)
      .map((call) => ({ call, note: origin(step.origins) })),
  );
}

function kindView(plan: Plan, kind: StepKind): KindView {
  const own = stepsOf(plan.steps, kind);
  return { present: own.length > 0, ...contractFor(kind).launcher.view(own) };
}

/** `-D` and `-M` as keys: of several values the last one counts. */
function endsOf({ settings }: Plan): Pick<LauncherView, 'givesUp' | 'isMonitored'> {
  const isOn = (key: string): boolean => {
    const value = settings.flatMap(({ entries }) => entries).findLast((entry) => entry.key === key)?.value;
    // What bhyve takes for true, whatever the case of its letters.
    return /^(?:true|on|yes|1)$/i.test(value ?? '');
  };
  const isMonitored = isOn('monitor');
  return { givesUp: !isMonitored && isOn('destroy_on_poweroff'), isMonitored };
}

/** bhyve, and the program that loads the guest; timeout(1) before it is there always. */
function programsOf({ bhyve, loader }: Plan): LauncherView['programs'] {
  const own = { program: textOf(bhyve.program.pieces), isLoader: false, note: origin(bhyve.program.origins) };
  if (loader === null) return [own];
  // Both words name one loader: the part is that of the first one.
  const [first = loader.program] = limitWords(loader.limit);
  return [own, { program: textOf(loader.program.pieces), isLoader: true, note: origin(first.origins) }];
}

/** The variables of ports that are chosen when the guest starts. */
function portsOf(plan: Plan): readonly PortView[] {
  return stepsOf(plan.steps, 'port').flatMap((step, i) => {
    const { address, port } = step;
    return step.automatic ? [{ variable: portVariable(step, i + 1), address, port }] : [];
  });
}

function consolesOf({ consoles, origins }: Plan): LauncherView['consoles'] {
  return consoles.map((console) => {
    const command = console.kind === 'nmdm' ? ['cu', '-l', console.pair.user] : ['nc', console.host, console.service];
    return { com: String(console.com), command, note: origin(origins) };
  });
}
