/** What a guest takes from its host, for the manifest: all that has to be there, and all that it makes and holds. */
import type { Plan } from '../ir/plan.ts';
import { ofStep, type StepOf, type StepTable } from '../ir/steps.ts';
import { textOf } from '../ir/words.ts';

/** What a guest takes from the host; lists are in the order of the plan. */
export interface Takes {
  readonly memoryMib: number;
  readonly wired: boolean;
  readonly vcpus: number;
  /** The host CPUs that it may use, as cpuset(1) reads them. */
  readonly cpuset: string | null;
  /** The programs that run it: the loader's, where there is one, and bhyve. */
  readonly programs: readonly string[];
  /** Kernel modules; of each list the first one that loads will do. */
  readonly modules: readonly (readonly string[])[];
  readonly bridges: readonly string[];
  readonly taps: readonly Pick<StepOf<'tap'>, 'name' | 'bridge' | 'mtu'>[];
  /** TCP ports; with `last` above `port`, the first free one of that range. */
  readonly ports: readonly Pick<StepOf<'port'>, 'address' | 'port' | 'last'>[];
  readonly files: readonly Pick<StepOf<'file'>, 'path' | 'purpose' | 'access'>[];
  readonly directories: readonly Pick<StepOf<'directory'>, 'path' | 'access'>[];
  readonly nvram: readonly Pick<StepOf<'nvram'>, 'path' | 'template'>[];
  /** Host devices that have to be bound to ppt, as BUS/SLOT/FUNCTION. */
  readonly ppt: readonly string[];
  /** Host devices that the launcher binds to ppt and gives back, in the same form. */
  readonly managedPpt: readonly string[];
  readonly sockets: readonly string[];
  readonly nmdm: readonly StepOf<'nmdm'>['pair'][];
  /** Rules of rctl(8), which need kern.racct.enable. */
  readonly limits: readonly string[];
  readonly startAfter: readonly string[];
}

/** The lists that steps fill. */
type Lists = Pick<
  Takes,
  | 'modules'
  | 'bridges'
  | 'taps'
  | 'ports'
  | 'files'
  | 'directories'
  | 'nvram'
  | 'ppt'
  | 'managedPpt'
  | 'sockets'
  | 'nmdm'
>;

const taken: StepTable<Partial<Lists>> = {
  module: ({ names }) => ({ modules: [names] }),
  // The demand of the plan and its limits say it.
  racct: () => ({}),
  vcpus: () => ({}),
  file: ({ path, purpose, access }) => ({ files: [{ path, purpose, access }] }),
  directory: ({ path, access }) => ({ directories: [{ path, access }] }),
  ppt({ bus, slot, function: fn, managed }) {
    const device = [bus, slot, fn].join('/');
    return managed ? { managedPpt: [device] } : { ppt: [device] };
  },
  bridge: ({ name }) => ({ bridges: [name] }),
  port: ({ address, port, automatic, last }) => ({ ports: [{ address, port, last: automatic ? last : port }] }),
  nvram: ({ path, template }) => ({ nvram: [{ path, template }] }),
  socket: ({ path }) => ({ sockets: [path] }),
  tap: ({ name, bridge, mtu }) => ({ taps: [{ name, bridge, mtu }] }),
  nmdm: ({ pair }) => ({ nmdm: [pair] }),
  // Files of the run itself.
  'device-map': () => ({}),
  secrets: () => ({}),
};

/** Reads it off the plan. */
export function takesOf(plan: Plan): Takes {
  const found = plan.steps.map((step) => ofStep(taken, step));
  const { memoryMib, wired, vcpus } = plan.demand;
  return {
    memoryMib,
    wired,
    vcpus,
    cpuset: plan.cpuset,
    programs: programsOf(plan),
    modules: found.flatMap(({ modules }) => modules ?? []),
    bridges: found.flatMap(({ bridges }) => bridges ?? []),
    taps: found.flatMap(({ taps }) => taps ?? []),
    ports: found.flatMap(({ ports }) => ports ?? []),
    files: found.flatMap(({ files }) => files ?? []),
    directories: found.flatMap(({ directories }) => directories ?? []),
    nvram: found.flatMap(({ nvram }) => nvram ?? []),
    ppt: found.flatMap(({ ppt }) => ppt ?? []),
    managedPpt: found.flatMap(({ managedPpt }) => managedPpt ?? []),
    sockets: found.flatMap(({ sockets }) => sockets ?? []),
    nmdm: found.flatMap(({ nmdm }) => nmdm ?? []),
    limits: plan.limits.map(({ rule }) => rule),
    startAfter: plan.startAfter,
  };
}

/** timeout(1), which is always there, is left out. */
function programsOf({ loader, bhyve }: Plan): readonly string[] {
  return [loader, bhyve].flatMap((command) => (command === null ? [] : [textOf(command.program.pieces)]));
}
