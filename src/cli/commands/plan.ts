/** `bhyvec plan`: what a build would change for each guest of an earlier build, or for those that run, and what that means. */
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { emitBuild } from '../../backends/emit.ts';
import { changesOf } from '../../build/folder.ts';
import { beyondGit } from '../../build/show-changes.ts';
import { FolderProblem } from '../../build/problem.ts';
import { compareRunning, type RunningGuest } from '../../changes/running.ts';
import { isChanged, markdownOf, objectOf, textOf, type Become, type HostChange } from '../../changes/show.ts';
import { printable } from '../../diagnostics/printable.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import { printDiagnostics } from '../../documents/documents.ts';
import { hasPassword } from '../../documents/passwords.ts';
import { inProject, openProject } from '../../documents/project.ts';
import { projectName } from '../../project/fields.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { Trouble } from '../../system/trouble.ts';
import type { PlanFlags } from '../options.ts';
import { compileHosts, type CompiledHost } from './compile-hosts.ts';
import { guestChanges, guestsWithPassword } from './guest-changes.ts';
import { networkChanges } from './network-changes.ts';
import { volumeChanges } from './volume-changes.ts';

/** Runs `bhyvec plan`. */
export async function runPlan(
  files: readonly string[],
  flags: PlanFlags,
  terminal: Terminal,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ExitStatus> {
  if (flags.connect !== undefined && flags.againstRunning !== true)
    throw new UsageError('-c has a meaning for plan only with --against-running');
  try {
    return await plan(files, flags, terminal, environment);
  } catch (error) {
    if (!(error instanceof FolderProblem) && !(error instanceof Trouble)) throw error;
    terminal.err(`bhyvec: ${printable(error.message)}\n`);
    return exitStatus.mistakes;
  }
}

async function plan(
  files: readonly string[],
  flags: PlanFlags,
  terminal: Terminal,
  environment: NodeJS.ProcessEnv,
): Promise<ExitStatus> {
  if (flags.format === 'json') terminal.progress = null;
  const isRunning = flags.againstRunning === true;
  let running: readonly RunningGuest[] = [];
  const { tally, hosts } = await compileHosts(files, flags, terminal, {
    demand(jobs) {
      if (isRunning && jobs.length > 1) throw new UsageError('--against-running is for one host: name it with --host');
      if (!isRunning && flags.against === undefined && jobs.some(({ output }) => output === null))
        throw new UsageError("compare with what? Name the folder of a build with '--against'");
    },
    async passwordsOf({ host, output, settings }) {
      if (!isRunning) return guestsWithPassword(await baseOf(host, output, 1, flags));
      // Loaded here: who compares with a build has no use for a client.
      const { runningGuests } = await import('./running-guests.ts');
      running = await runningGuests(settings.options, flags.connect, environment, terminal);
      return new Set(
        running.flatMap(({ guest, plan: known }) => (known !== null && hasPassword(known) ? [guest] : [])),
      );
    },
    async show(diagnostics) {
      // Notes are for who builds.
      printDiagnostics(
        diagnostics.filter(({ severity }) => severity !== 'note'),
        terminal,
      );
      await Promise.resolve();
    },
    tell(problem) {
      terminal.err(`bhyvec: ${problem}\n`);
    },
  });
  if (tally.errors > 0) {
    if (tally.files > 0) terminal.err(renderSummary(tally));
    return exitStatus.mistakes;
  }
  const changes: HostChange[] = [];
  for (const host of hosts) {
    const { job, plans } = host;
    // What runs are guests: a network that is up is told by its own script.
    const become = isRunning
      ? { guests: compareRunning(running, new Map(plans.map((one) => [one.vmname, one]))), networks: [] }
      : changesAgainst(await baseOf(job.host, job.output, hosts.length, flags), host);
    changes.push({ host: job.host, ...become });
  }
  await terminal.out(shown(changes, flags.format));
  return changes.some(isChanged) ? exitStatus.changes : exitStatus.done;
}

/** The build that a host is compared with: that of the project, that of another checkout of it, or the folder that was named. */
async function baseOf(host: string | null, output: string | null, count: number, flags: PlanFlags): Promise<string> {
  const { against } = flags;
  if (against === undefined) return output ?? '';
  if (host !== null && existsSync(path.join(against, projectName))) {
    const opened = await openProject({ project: against });
    if (opened.kind !== 'project')
      throw new FolderProblem(`${path.join(against, projectName)}: is not a project that can be read`);
    const there = opened.project.hosts.find(({ name }) => name === host);
    // A host that is new is compared with nothing.
    return inProject(opened.project, there?.output ?? `guests/${host}`);
  }
  if (count > 1)
    throw new UsageError('--against is for one host: name it with --host, or name the folder of a project');
  return against;
}

function shown(hosts: readonly HostChange[], format: PlanFlags['format']): string {
  if (format === 'json') return `${JSON.stringify(objectOf(hosts), null, 2)}\n`;
  if (format === 'markdown') return markdownOf(hosts);
  const isOne = hosts.length === 1;
  return hosts.map((one) => `${isOne ? '' : `${one.host ?? ''}:\n`}${textOf(one)}`).join('\n');
}

/** What the guests, networks and volumes of a host become, from a build on. Throws a {@link FolderProblem}. */
function changesAgainst(folder: string, { plans, together, assumed }: CompiledHost): Become {
  const sha256 = (content: string | Uint8Array): string => hash('sha256', content);
  const files = emitBuild(plans, sha256, undefined, together.networks, together.storage);
  const changes = beyondGit(changesOf(folder, files, sha256), assumed);
  return {
    guests: guestChanges(folder, plans, changes, true),
    networks: networkChanges(together.networks, changes),
    volumes: volumeChanges(changes),
  };
}
