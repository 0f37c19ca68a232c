/** What `check`, `build` and `plan` have in common: all documents of all hosts are compiled, and all findings shown. */
import { checkGuests } from '../../compile/compile.ts';
import type { CompileOptions } from '../../compile/stages.ts';
import { printable } from '../../diagnostics/printable.ts';
import type { Diagnostic } from '../../diagnostics/reporter.ts';
import { compileTogether, type Guest, type RunSettings, type Together } from '../../documents/documents.ts';
import type { CompileFlags } from '../../documents/flags.ts';
import { jobsOf, type Job } from '../../documents/jobs.ts';
import type { Memory } from '../../documents/memory.ts';
import { unusedVariables, type OpenProject } from '../../documents/project.ts';
import { hasPassword } from '../../documents/passwords.ts';
import { createTally, type RunTally } from '../../documents/tally.ts';
import type { NetworkPlan } from '../../ir/network/network-plan.ts';
import type { Plan } from '../../ir/plan.ts';
import type { StoragePlans } from '../../ir/storage/storage-plan.ts';
import type { Terminal } from '../../system/terminal.ts';

/** The guests of one host. */
export interface CompiledHost {
  readonly job: Job;
  readonly together: Together;
  /** Those without errors, in the order of their documents. */
  readonly plans: readonly Plan[];
  /** Guests whose passwords nobody has given, and that have stand-ins for them. */
  readonly assumed: ReadonlySet<string>;
}

/** What is compared with each other. */
export interface Guests {
  readonly plans: readonly Plan[];
  readonly networks: readonly NetworkPlan[];
  readonly storage: StoragePlans;
}

/** All hosts of a command. */
export interface CompiledHosts {
  readonly tally: RunTally;
  readonly hosts: readonly CompiledHost[];
  readonly project: OpenProject | null;
}

/** What the commands do in ways of their own. */
export interface CompileWays {
  /** Guests of earlier builds. */
  readonly memory?: Memory<Guest> | null;
  /** What of a compilation is not in the options of the command line. */
  readonly options?: Partial<CompileOptions>;
  /** Looks whether the options make sense for what is to be done. Throws a UsageError. */
  demand?(jobs: readonly Job[]): void;
  /** Guests that are known to have a password, whoever has it. */
  passwordsOf?(job: Job): Promise<ReadonlySet<string>>;
  /** Shows findings. */
  show(diagnostics: readonly Diagnostic[]): Promise<void>;
  /** Tells of a file that cannot be read. */
  tell(problem: string): void;
  /** What is wrong between the guests of a host; all that there is, and only where nothing else is wrong, where it is left out. */
  between?(together: Guests, files: number, errors: number, options: CompileOptions): readonly Diagnostic[];
}

/** Compiles all that the operands stand for. */
export async function compileHosts(
  operands: readonly string[],
  flags: CompileFlags,
  terminal: Terminal,
  ways: CompileWays,
): Promise<CompiledHosts> {
  const tally = createTally();
  const told = new Set<string>();
  let isOneHost = true;
  const found: Diagnostic[] = [];
  const work = await jobsOf(operands, flags, terminal, found);
  if (work !== null) ways.demand?.(work.jobs);
  await tell(found);
  if (work === null) tally.fail();
  const { jobs = [], project = null } = work ?? {};
  isOneHost = jobs.length < 2;
  const hosts: CompiledHost[] = [];
  for (const { settings: given, ...job } of jobs) {
    const settings = { ...given, options: { ...given.options, ...ways.options } };
    const known = (await ways.passwordsOf?.({ ...job, settings })) ?? new Set();
    const { together, assumed } = await compileAssuming(known, job.operands, settings, terminal, ways.memory);
    const plans: Plan[] = [];
    const before = { ...tally };
    for (const outcome of together.outcomes) {
      if (outcome.kind === 'problem') {
        tally.add(outcome);
        ways.tell(printable(outcome.problem));
      } else {
        const diagnostics = fresh(outcome.diagnostics);
        tally.add({ ...outcome, diagnostics });
        await ways.show(diagnostics);
        if (outcome.plan !== null) plans.push(outcome.plan);
      }
    }
    const errors = tally.errors - before.errors;
    const files = tally.files - before.files;
    const { options } = settings;
    const { networks, storage } = together;
    const own = ways.between?.({ plans, networks, storage }, files, errors, options);
    const between = own ?? (errors === 0 ? checkGuests(plans, options, networks, storage) : []);
    await tell(between);
    hosts.push({ job: { ...job, settings }, together, plans, assumed });
  }
  if (project !== null && tally.errors === 0 && jobs.every(({ settings }) => settings.isWhole === true))
    await tell(
      unusedVariables(project, new Map(hosts.map(({ job, together }) => [job.host ?? '', together.variables]))),
    );
  return { tally, hosts, project };

  async function tell(diagnostics: readonly Diagnostic[]): Promise<void> {
    const all = fresh(diagnostics);
    tally.addFindings(all);
    await ways.show(all);
  }

  /** A document of two hosts is told of once, unless they differ. */
  function fresh(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    if (isOneHost) return diagnostics;
    return diagnostics.filter(({ code, span, message }) => {
      const key = JSON.stringify([code, span.source.name, span.start, span.end, message]);
      const isNew = !told.has(key);
      told.add(key);
      return isNew;
    });
  }
}

/** As long as VNC takes; whoever sees it has seen nothing. */
const standIn = 'stand-in';

/** Compiles the guests of a host; those that are known to have a password, and are given none, have a stand-in. */
async function compileAssuming(
  known: ReadonlySet<string>,
  operands: readonly string[],
  settings: RunSettings,
  terminal: Terminal,
  memory?: Memory<Guest> | null,
): Promise<{ readonly together: Together; readonly assumed: ReadonlySet<string> }> {
  const together = await compileTogether(operands, settings, terminal, memory);
  const plans = together.outcomes.flatMap((one) => (one.kind === 'document' ? (one.plan ?? []) : []));
  const bare = plans.filter((plan) => known.has(plan.vmname) && !hasPassword(plan)).map(({ vmname }) => vmname);
  if (bare.length === 0) return { together, assumed: new Set() };
  const passwords = new Map(bare.map((guest) => [guest, standIn]));
  const options = { ...settings.options, passwords };
  return { together: await compileTogether(operands, { ...settings, options }, terminal), assumed: new Set(bare) };
}
