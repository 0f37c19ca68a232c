/** What a guest takes from its host, for the manifest: all that has to be there, and all that it makes and holds. */
import type { HostStep, Plan } from '../ir/plan.ts';
import { textOf } from '../ir/words.ts';

type StepOf<K extends HostStep['kind']> = HostStep & { readonly kind: K };

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

/** Reads it off the plan. */
export function takesOf(plan: Plan): Takes {
  const all = <K extends HostStep['kind']>(kind: K): readonly StepOf<K>[] =>
    plan.steps.filter((step): step is StepOf<K> => step.kind === kind);
  const { memoryMib, wired, vcpus } = plan.demand;
  return {
    memoryMib,
    wired,
    vcpus,
    cpuset: plan.cpuset,
    programs: programsOf(plan),
    modules: all('module').map(({ names }) => names),
    bridges: all('bridge').map(({ name }) => name),
    taps: all('tap').map(({ name, bridge, mtu }) => ({ name, bridge, mtu })),
    ports: all('port').map(({ address, port, automatic, last }) => ({ address, port, last: automatic ? last : port })),
    files: all('file').map(({ path, purpose, access }) => ({ path, purpose, access })),
    directories: all('directory').map(({ path, access }) => ({ path, access })),
    nvram: all('nvram').map(({ path, template }) => ({ path, template })),
    ppt: pptOf(all('ppt').filter(({ managed }) => !managed)),
    managedPpt: pptOf(all('ppt').filter(({ managed }) => managed)),
    sockets: all('socket').map(({ path }) => path),
    nmdm: all('nmdm').map(({ pair }) => pair),
    limits: plan.limits.map(({ rule }) => rule),
    startAfter: plan.startAfter,
  };
}

function pptOf(steps: readonly StepOf<'ppt'>[]): readonly string[] {
  return steps.map(({ bus, slot, function: fn }) => [bus, slot, fn].join('/'));
}

/** timeout(1), which is always there, is left out. */
function programsOf({ loader, bhyve }: Plan): readonly string[] {
  return [loader, bhyve].flatMap((command) => (command === null ? [] : [textOf(command.program.pieces)]));
}
