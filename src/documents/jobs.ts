/** What a command has to do: the documents of each host, and how they are compiled, as operands, options and project say. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../diagnostics/nearest.ts';
import type { Diagnostic } from '../diagnostics/reporter.ts';
import { projectName } from '../project/fields.ts';
import { isProfileFile, type ProjectHost } from '../project/project.ts';
import { UsageError, type Terminal } from '../system/terminal.ts';
import { settingsOf, type RunSettings } from './documents.ts';
import type { CompileFlags } from './flags.ts';
import { expandOperands, keyOf } from './inputs.ts';
import { documentsOf, inProject, openProject, projectFileOf, type OpenProject } from './project.ts';

/** The documents of one host. */
export interface Job {
  /** Its name in the project; null outside of one. */
  readonly host: string | null;
  readonly operands: readonly string[];
  readonly settings: RunSettings;
  /** Where the project has its builds. */
  readonly output: string | null;
}

/** All that a command has to do. */
export interface Jobs {
  readonly jobs: readonly Job[];
  /** Null outside of a project, and where documents of no host are meant. */
  readonly project: OpenProject | null;
}

/**
 * Finds out what to do. Without operands that is all of the project, or one host of it.
 * @param found takes findings about the project file and host profiles
 * @returns null where nothing can be done, which has been told, or is among what was found. Throws a {@link UsageError}.
 */
export async function jobsOf(
  given: readonly string[],
  flags: CompileFlags,
  terminal: Terminal,
  found: Diagnostic[],
): Promise<Jobs | null> {
  const folder = projectIn(given, flags);
  const operands = folder === null ? given : [];
  const opened = await openProject(folder === null ? flags : { project: folder });
  if (opened.kind === 'problem') {
    terminal.err(`bhyvec: ${opened.problem}\n`);
    return null;
  }
  if (opened.kind !== 'none') found.push(...opened.diagnostics);
  if (opened.kind === 'faulty') return null;
  const project = opened.kind === 'project' ? opened.project : null;
  if (operands.length === 0 && project === null) {
    throw new UsageError(`which files? There is no ${projectName} here or above; 'bhyvec init' writes one`);
  }
  const hosts = project === null ? [] : await hostsFor(operands, project, flags);
  if (project === null || hosts.length === 0) {
    const settings = await settingsOf(flags, terminal, found);
    return settings === null ? null : { jobs: [{ host: null, operands, settings, output: null }], project: null };
  }
  if (hosts.length > 1 && typeof flags.lock === 'string')
    throw new UsageError('--lock is for one host: name it with --host');
  const jobs: Job[] = [];
  let isFaulty = false;
  for (const host of hosts) {
    const { files, diagnostics } = await documentsOf(project, host);
    if (operands.length === 0) found.push(...diagnostics);
    isFaulty ||= operands.length === 0 && diagnostics.length > 0;
    const settings: RunSettings | null = isFaulty
      ? null
      : await settingsOf(flagsOf(host, project, flags), terminal, found);
    isFaulty ||= settings === null;
    if (settings === null) continue;
    const options = { ...settings.options, variables: host.variables };
    jobs.push({
      host: host.name,
      operands: operands.length === 0 ? files : operands,
      settings: { ...settings, options, isWhole: operands.length === 0, beside: operands.length === 0 ? [] : files },
      output: inProject(project, host.output),
    });
  }
  return isFaulty ? null : { jobs, project };
}

/** What the jobs of a command are made of, without reading the documents. */
export interface Sources {
  /** The project file and those of host profiles. */
  readonly files: readonly string[];
  /** The documents of each host, with its lock as in {@link RunSettings}. */
  readonly groups: readonly Pick<RunSettings & Job, 'operands' | 'lock'>[];
}

/** Finds out what {@link jobsOf} would read; as far as that can be known where it would give no jobs. */
export async function sourcesOf(given: readonly string[], flags: CompileFlags): Promise<Sources> {
  const folder = projectIn(given, flags);
  const asked = folder === null ? flags : { project: folder };
  const operands = folder === null ? given : [];
  const file = projectFileOf(asked);
  const opened = await openProject(asked);
  const hosts = opened.kind === 'project' ? await hostsIfKnown(operands, opened.project, flags) : [];
  const files = file === null ? [] : [file];
  const groups: Sources['groups'][number][] = [];
  const add = (own: CompileFlags, documents: readonly string[]): void => {
    if (own.host !== undefined) files.push(own.host);
    groups.push({ operands: documents, lock: own.lock === true || own.lock === undefined ? null : own.lock });
  };
  if (opened.kind !== 'project' || hosts.length === 0) add(flags, operands);
  else
    for (const host of hosts) {
      // Guests that are built alone are on the networks and volumes of the others.
      const { files: all } = await documentsOf(opened.project, host);
      add(flagsOf(host, opened.project, flags), [...operands, ...all]);
    }
  return { files, groups };
}

async function hostsIfKnown(
  operands: readonly string[],
  project: OpenProject,
  flags: CompileFlags,
): Promise<readonly ProjectHost[]> {
  try {
    return await hostsFor(operands, project, flags);
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

/** The folder of a project as the only operand is all of that project. */
function projectIn([folder, ...others]: readonly string[], { project }: CompileFlags): string | null {
  const isOne = folder !== undefined && folder !== '' && others.length === 0 && project === undefined;
  return isOne && existsSync(path.join(folder, projectName)) ? folder : null;
}

/** The one job of a command that takes one host only. */
export async function onlyJob(
  operands: readonly string[],
  flags: CompileFlags,
  terminal: Terminal,
  found: Diagnostic[],
): Promise<Job | null> {
  const work = await jobsOf(operands, flags, terminal, found);
  if (work === null) return null;
  const [first, ...others] = work.jobs;
  if (others.length > 0)
    throw new UsageError(`this is for one host: ${choice(work.jobs.map(({ host }) => host ?? ''))}`);
  return first ?? null;
}

/** What the options say comes before what the project says. */
function flagsOf(host: ProjectHost, project: OpenProject, flags: CompileFlags): CompileFlags {
  const { host: given, target, lock, ...others } = flags;
  const isNamed = given === undefined || given === host.name;
  const { value } = host.profile;
  const profile = isProfileFile(value) ? { host: inProject(project, value) } : { target: value };
  return {
    ...others,
    ...(isNamed ? (target === undefined ? profile : { target }) : { host: given }),
    lock: lock === undefined || lock === true ? inProject(project, host.lock) : lock,
  };
}

/** The hosts that are meant: the one of `--host`, all without operands, else the one whose documents the operands are. */
async function hostsFor(
  operands: readonly string[],
  project: OpenProject,
  { host: given }: CompileFlags,
): Promise<readonly ProjectHost[]> {
  const named = project.hosts.filter(({ name }) => name === given);
  if (named.length > 0) return named;
  if (given !== undefined && !isProfileFile(given) && !existsSync(given))
    throw new UsageError(unknownHost(given, project));
  if (operands.length === 0) return project.hosts;
  const asked = (await expandOperands(operands)).flatMap((input) =>
    'problem' in input || input.path === null ? [] : keyOf(input.path),
  );
  const owners = new Map<string, readonly ProjectHost[]>(asked.map((file) => [file, []]));
  for (const host of project.hosts) {
    const { files } = await documentsOf(project, host);
    for (const file of files.map(keyOf)) {
      const known = owners.get(file);
      if (known !== undefined) owners.set(file, [...known, host]);
    }
  }
  const owned = [...owners.values()].filter((hosts) => hosts.length > 0);
  const all = project.hosts.filter((host) => owned.length > 0 && owned.every((hosts) => hosts.includes(host)));
  if (owned.length > 0 && all.length !== 1) {
    const names = project.hosts.filter((host) => owned.some((hosts) => hosts.includes(host))).map(({ name }) => name);
    throw new UsageError(`these files are of several hosts: ${choice(names)}`);
  }
  return all;
}

/** The host of that name, or the only one. Throws a {@link UsageError}. */
export function hostNamed(project: OpenProject, name: string | undefined): ProjectHost {
  const [first, ...others] = project.hosts.filter((host) => name === undefined || host.name === name);
  if (first === undefined) throw new UsageError(unknownHost(name ?? '', project));
  if (others.length > 0) throw new UsageError(`which host? ${choice(project.hosts.map((host) => host.name))}`);
  return first;
}

function choice(names: readonly string[]): string {
  return `choose one with --host: ${names.join(', ')}`;
}

function unknownHost(given: string, { hosts, folder }: OpenProject): string {
  const names = hosts.map(({ name }) => name);
  const near = nearest(given, names);
  const hint = near === null ? `it has ${names.join(', ')}` : `did you mean '${near}'?`;
  return `${path.join(folder, projectName)} has no host '${given}'; ${hint}`;
}
