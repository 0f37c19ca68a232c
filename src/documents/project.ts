/** The project that a command is run in: bhyvec.json in the working folder or above, and which documents are of which host. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../diagnostics/nearest.ts';
import { createReporter, inSourceOrder, type Diagnostic } from '../diagnostics/reporter.ts';
import type { Span } from '../diagnostics/source.ts';
import { projectName } from '../project/fields.ts';
import { isProfileFile, type Project, type ProjectHost } from '../project/project.ts';
import { problemOf } from '../system/file-problems.ts';
import { nearestAbove } from '../system/upwards.ts';
import type { CompileFlags } from './flags.ts';
import { expandOperands, keyOf, readInput } from './inputs.ts';

/** A project with the place of its file. */
export interface OpenProject extends Project {
  /** The folder of the file, as people would write it; empty for the working folder. */
  readonly folder: string;
}

/** What became of the project file: none is there, or it has errors. */
export type FoundProject =
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'faulty'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'project'; readonly project: OpenProject; readonly diagnostics: readonly Diagnostic[] };

/** Where the project file is, whatever is in it; null for none. */
export function projectFileOf({ project }: Pick<CompileFlags, 'project'>, from = '.'): string | null {
  if (project === false) return null;
  return typeof project === 'string' ? fileIn(project) : nearestFile(from);
}

/** The file of the project that the options name, or the nearest one from a folder upwards. */
export async function openProject(flags: Pick<CompileFlags, 'project'>, from = '.'): Promise<FoundProject> {
  const file = projectFileOf(flags, from);
  if (file === null) return { kind: 'none' };
  const bytes = await readInput({ name: file, path: file });
  if ('problem' in bytes) return { kind: 'problem', ...bytes };
  const { readProject } = await import('../project/read.ts');
  const read = readProject({ name: file, text: new TextDecoder().decode(bytes) });
  const { diagnostics } = read;
  if (read.project === null) return { kind: 'faulty', diagnostics };
  const folder = path.dirname(file);
  return { kind: 'project', project: { ...read.project, folder: folder === '.' ? '' : folder }, diagnostics };
}

/** `--project` may name the folder. */
function fileIn(name: string): string {
  const isFolder = statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? path.join(name, projectName) : name;
}

function nearestFile(from: string): string | null {
  const file = nearestAbove(projectName, from);
  return file === null ? null : shownPath(file);
}

/** As people would write it: from the working folder. */
function shownPath(file: string): string {
  return path.relative('.', file);
}

/** A name in the project file as people in the working folder would write it. */
export function inProject({ folder }: OpenProject, name: string): string {
  return path.isAbsolute(name) ? name : path.join(folder, name);
}

/** The files of a host, in the order of the project file, and what it names that is not there. */
export async function documentsOf(
  project: OpenProject,
  { domains, profile }: ProjectHost,
): Promise<{ readonly files: readonly string[]; readonly diagnostics: readonly Diagnostic[] }> {
  const reporter = createReporter({ strict: false });
  const report = (at: Span, problem: string): void => {
    reporter.report('BV1056', at, { problem });
  };
  if (isProfileFile(profile.value)) {
    const file = inProject(project, profile.value);
    try {
      statSync(file);
    } catch (error) {
      report(profile.at, problemOf(file, error).problem);
    }
  }
  const excluded = new Set<string>();
  for (const { value, at } of domains.filter((one) => one.value.startsWith('!'))) {
    for (const input of await expandOperands([inProject(project, value.slice(1))])) {
      if ('problem' in input) report(at, input.problem);
      else if (input.path !== null) excluded.add(keyOf(input.path));
    }
  }
  const files = new Map<string, string>();
  for (const { value, at } of domains.filter((one) => !one.value.startsWith('!'))) {
    for (const input of await expandOperands([inProject(project, value)])) {
      if ('problem' in input) report(at, input.problem);
      else if (input.path !== null) {
        const real = keyOf(input.path);
        if (!excluded.has(real) && !files.has(real)) files.set(real, input.path);
      }
    }
  }
  return { files: [...files.values()], diagnostics: inSourceOrder(reporter.diagnostics) };
}

/** What is said of variables that no domain uses: those of the hosts that were compiled, and of the project where all were. */
export function unusedVariables(
  project: OpenProject,
  used: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Diagnostic[] {
  const reporter = createReporter({ strict: false });
  const declared = new Map<number, { readonly name: string; readonly at: Span; readonly hosts: ProjectHost[] }>();
  for (const host of project.hosts) {
    for (const [name, { keyAt }] of host.variables) {
      const known = declared.get(keyAt.start) ?? { name, at: keyAt, hosts: [] };
      known.hosts.push(host);
      declared.set(keyAt.start, known);
    }
  }
  const names = new Set([...declared.values()].map(({ name }) => name));
  for (const { name, at, hosts } of declared.values()) {
    const isOwn = hosts.some((host) => at.start > host.at.start && hosts.length === 1);
    const users = hosts.map((host) => used.get(host.name));
    if (users.some((names) => names === undefined || names.has(name))) continue;
    const [first] = hosts;
    const where = isOwn && project.hosts.length > 1 ? `host ${first?.name ?? ''}` : 'the project';
    const near = nearest(
      name,
      [...names].filter((other) => other !== name),
    );
    const remedy = near === null ? `write \${${name}} where it is meant, or remove it` : `did you mean "${near}"?`;
    reporter.report('BV1052', at, { name: `"${name}"`, where, remedy });
  }
  return reporter.diagnostics;
}
