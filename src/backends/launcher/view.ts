/** What the template of the launcher places: a plan, flat, with a note beside each part. Decides what the plan leaves open. */
import type { Origins } from '../../diagnostics/source.ts';
import type { Action, Plan } from '../../ir/plan.ts';
import { stepsOf, type StepKind, type StepOf } from '../../ir/steps.ts';
import { rcName } from '../../ir/names.ts';
import { baseName, lineOf } from '../text/place.ts';
import { limitWords, loaderWords } from '../text/commands.ts';
import { textOf } from '../../ir/words.ts';
import { wordsView, type CommandView, type Noted, type PortView } from './words.ts';

/** All of the launcher that depends on the guest. */
export interface LauncherView {
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
  readonly hasLoader: boolean;
  readonly loader: CommandView;
  readonly hasLoaderLimit: boolean;
  /** In seconds; where the environment says nothing else. */
  readonly loaderLimit: string;
  readonly programs: readonly Noted<{ readonly program: string; readonly isLoader: boolean }>[];
  readonly modules: readonly string[];
  readonly moduleNotes: readonly Noted<{ readonly names: readonly string[] }>[];
  readonly hasModuleChoices: boolean;
  readonly moduleChoices: readonly Noted<{ readonly names: readonly string[] }>[];
  readonly hasVcpus: boolean;
  readonly vcpus: Noted<{ readonly count: number }>;
  /** bhyve(8) on amd64 compiles the guest's ACPI tables with iasl(8). */
  readonly hasIasl: boolean;
  readonly hasWired: boolean;
  readonly wiredMib: number;
  /** bhyve gives the VM up at a power-off. */
  readonly givesUp: boolean;
  /** bhyve gives the VM up however it ends. */
  readonly isMonitored: boolean;
  readonly hasLimits: boolean;
  readonly limits: readonly string[];
  readonly limitsNote: string;
  readonly hasCpuset: boolean;
  readonly cpuset: string;
  readonly files: readonly Noted<{ readonly purpose: string; readonly access: string; readonly path: string }>[];
  readonly hasDirectories: boolean;
  readonly directories: readonly Noted<{ readonly access: string; readonly path: string }>[];
  readonly hasNvram: boolean;
  readonly nvrams: readonly Noted<{ readonly path: string; readonly template: string }>[];
  readonly hasPpt: boolean;
  readonly hasManagedPpt: boolean;
  readonly ppts: readonly Noted<PptView>[];
  readonly bridges: readonly Noted<{ readonly name: string }>[];
  readonly hasTaps: boolean;
  readonly taps: readonly Noted<TapView>[];
  readonly hasPorts: boolean;
  readonly ports: readonly Noted<PortView>[];
  readonly automaticPorts: readonly Noted<PortView>[];
  readonly hasSockets: boolean;
  readonly sockets: readonly Noted<{ readonly path: string }>[];
  readonly makesFiles: boolean;
  readonly hasDeviceMap: boolean;
  readonly deviceMap: Noted<{ readonly path: string; readonly text: string }>;
  readonly hasSecrets: boolean;
  readonly secrets: Noted<{ readonly path: string }>;
  readonly hasConsoles: boolean;
  readonly firstConsole: string;
  readonly consoles: readonly Noted<{ readonly com: string; readonly command: readonly string[] }>[];
}

/** A device of the host; `where` is BUS:SLOT:FUNCTION. */
export interface PptView {
  readonly where: string;
  readonly managed: boolean;
}

/** A tap as the script makes it. */
export interface TapView {
  readonly name: string;
  readonly bridge: string;
  /** Empty for the MTU of the bridge. */
  readonly mtu: string;
  readonly description: string;
  /** `tap5`, or `tap name NAME`: a name that is a unit number is made as such. */
  readonly create: readonly string[];
}

/** What the script places of each kind of step. */
const parts = {
  module: ({ names, origins }) => ({ names, note: noteOf(origins) }),
  // The limits of the plan say what racct is for, and nmdm(4) makes a pair when it is opened.
  racct: () => ({}),
  nmdm: () => ({}),
  vcpus: ({ count, origins }) => ({ count, note: noteOf(origins) }),
  file: ({ purpose, access, path, origins }) => ({ purpose, access, path, note: noteOf(origins) }),
  directory: ({ access, path, origins }) => ({ access, path, note: noteOf(origins) }),
  ppt: ({ bus, slot, function: fn, managed, origins }): Noted<PptView> => ({
    where: [bus, slot, fn].join(':'),
    managed,
    note: noteOf(origins),
  }),
  bridge: ({ name, origins }) => ({ name, note: noteOf(origins) }),
  port: ({ address, port, automatic, last, origins }): Noted<Omit<PortView, 'variable'>> => ({
    address,
    port,
    last: automatic ? last : port,
    note: noteOf(origins),
  }),
  nvram: ({ path, template, origins }) => ({ path, template: template ?? '', note: noteOf(origins) }),
  socket: ({ path, origins }) => ({ path, note: noteOf(origins) }),
  tap: ({ name, isUnit, bridge, mtu, description, origins }): Noted<TapView> => {
    const create = isUnit ? [name] : ['tap', 'name', name];
    return { name, bridge, mtu: mtu === null ? '' : String(mtu), description, create, note: noteOf(origins) };
  },
  'device-map': ({ path, text, origins }) => ({ path, text, note: noteOf(origins) }),
  secrets: ({ path, origins }) => ({ path, note: noteOf(origins) }),
} satisfies { readonly [K in StepKind]: (step: StepOf<K>) => object };

/** Makes the view. */
export function launcherView(plan: Plan): LauncherView {
  const { loader, bhyve, limits, cpuset, acpi, onPoweroff, onReboot, onCrash } = plan;
  const ports = portsOf(plan);
  const automaticPorts = ports.filter(({ variable }) => variable !== 'port');
  const { modules, moduleNotes, moduleChoices } = modulesOf(plan);
  const { steps } = plan;
  const [vcpus = { count: 1, note: '' }] = stepsOf(steps, 'vcpus').map(parts.vcpus);
  const [deviceMap] = stepsOf(steps, 'device-map').map(parts['device-map']);
  const [secrets] = stepsOf(steps, 'secrets').map(parts.secrets);
  const nvrams = stepsOf(steps, 'nvram').map(parts.nvram);
  const taps = stepsOf(steps, 'tap').map(parts.tap);
  const sockets = stepsOf(steps, 'socket').map(parts.socket);
  const ppts = stepsOf(steps, 'ppt').map(parts.ppt);
  const consoles = consolesOf(plan);
  const directories = stepsOf(steps, 'directory').map(parts.directory);
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
    bhyve: wordsView([bhyve.program, ...bhyve.words], bhyve.program, automaticPorts),
    hasIasl: plan.arch === 'amd64' && acpi,
    hasWired: plan.demand.wired,
    wiredMib: plan.demand.memoryMib,
    ...endsOf(plan),
    hasLoader: loader !== null,
    loader: loader === null ? { groups: [], secrets: [] } : wordsView(loaderWords(loader), loader.program, []),
    hasLoaderLimit: loader?.limit != null,
    loaderLimit: loader?.limit == null ? '' : String(loader.limit.seconds),
    programs: programsOf(plan),
    modules,
    moduleNotes,
    hasModuleChoices: moduleChoices.length > 0,
    moduleChoices,
    hasVcpus: vcpus.count > 1,
    vcpus,
    hasLimits: limits.length > 0,
    limits: limits.map(({ rule }) => rule),
    limitsNote: limits[0] === undefined ? '' : noteOf(limits[0].origins),
    hasCpuset: cpuset !== null,
    cpuset: cpuset ?? '',
    files: stepsOf(steps, 'file').map(parts.file),
    hasDirectories: directories.length > 0,
    directories,
    hasNvram: nvrams.length > 0,
    nvrams,
    hasPpt: ppts.length > 0,
    hasManagedPpt: ppts.some(({ managed }) => managed),
    ppts,
    bridges: stepsOf(steps, 'bridge').map(parts.bridge),
    hasTaps: taps.length > 0,
    taps,
    hasPorts: ports.length > 0,
    ports,
    automaticPorts,
    hasSockets: sockets.length > 0,
    sockets,
    makesFiles: deviceMap !== undefined || secrets !== undefined,
    hasDeviceMap: deviceMap !== undefined,
    deviceMap: deviceMap ?? { path: '', text: '', note: '' },
    hasSecrets: secrets !== undefined,
    secrets: secrets ?? { path: '', note: '' },
    hasConsoles: consoles.length > 0,
    firstConsole: consoles[0]?.com ?? '',
    consoles,
  };
}

/** `-D` and `-M`, which may stand among the letters of one word, and their keys; only the user's own words have them. */
function endsOf({ bhyve }: Plan): Pick<LauncherView, 'givesUp' | 'isMonitored'> {
  const has = (letter: string, key: string): boolean =>
    bhyve.words.some(({ pieces }) => new RegExp(`^-[A-Za-z]*${letter}|^(?:-o)?${key}=`).test(textOf(pieces)));
  const isMonitored = has('M', 'monitor');
  return { givesUp: !isMonitored && has('D', 'destroy_on_poweroff'), isMonitored };
}

function noteOf(origins: Origins): string {
  return `line ${String(lineOf(origins))}`;
}

function modulesOf(plan: Plan): Pick<LauncherView, 'modules' | 'moduleNotes' | 'moduleChoices'> {
  const moduleNotes = stepsOf(plan.steps, 'module').map(parts.module);
  const certain = moduleNotes.filter(({ names }) => names.length === 1);
  return {
    modules: certain.flatMap(({ names }) => names),
    moduleNotes,
    moduleChoices: moduleNotes.filter(({ names }) => names.length > 1),
  };
}

/** bhyve, and the program that loads the guest; timeout(1) before it is there always. */
function programsOf({ bhyve, loader }: Plan): LauncherView['programs'] {
  const own = { program: textOf(bhyve.program.pieces), isLoader: false, note: noteOf(bhyve.program.origins) };
  if (loader === null) return [own];
  // Both words name one loader: the line is that of the first one.
  const [first = loader.program] = limitWords(loader.limit);
  return [own, { program: textOf(loader.program.pieces), isLoader: true, note: noteOf(first.origins) }];
}

/** Ports that must be as they are all share one variable, which nobody reads. */
function portsOf(plan: Plan): LauncherView['ports'] {
  return stepsOf(plan.steps, 'port').map((step, i) => {
    return { variable: step.automatic ? `port_${String(i + 1)}` : 'port', ...parts.port(step) };
  });
}

function consolesOf({ consoles, origins }: Plan): LauncherView['consoles'] {
  return consoles.map((console) => {
    const command = console.kind === 'nmdm' ? ['cu', '-l', console.pair.user] : ['nc', console.host, console.service];
    return { com: String(console.com), command, note: noteOf(origins) };
  });
}
