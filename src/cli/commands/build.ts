/** `bhyvec build`: a folder for each guest with all that runs it; with --check a diff of what would change. */
import { createHash } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import type { Artefact } from '../../backends/backend.ts';
import { backends, backendNames } from '../../backends/index.ts';
import { buildTree, filesOfManifest, manifestName, type KnownFile } from '../../backends/tree.ts';
import { createReporter, inSourceOrder } from '../../diagnostics/reporter.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import type { Plan } from '../../ir/plan.ts';
import { checkFleet } from '../../passes/fleet/index.ts';
import { compileAll, createTally, hasErrors, printDiagnostics, settingsOf } from '../documents.ts';
import { isCurrent, readPresent, removeFile, writeAll } from '../folder.ts';
import type { BuildFlags } from '../options.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../output.ts';
import { readPasswords } from '../passwords.ts';

/** What is to change in the folder of a build. */
interface Changes {
  readonly write: readonly Artefact[];
  /** Files of an earlier build that no guest has any more. */
  readonly remove: readonly KnownFile[];
  /** Such files that somebody has changed since. */
  readonly keep: readonly string[];
}

/** Runs `bhyvec build`. */
export async function runBuild(files: readonly string[], flags: BuildFlags, terminal: Terminal): Promise<ExitStatus> {
  const chosen = chooseBackends(flags.backend);
  const settings = await settingsOf(flags, terminal);
  const passwords =
    flags.secretsFrom === undefined ? new Map<string, string>() : readPasswords(flags.secretsFrom, terminal);
  if (settings === null || passwords === null) return exitStatus.mistakes;
  const plans = await compilePlans(files, { ...settings, options: { ...settings.options, passwords } }, terminal);
  if (plans === null) return exitStatus.mistakes;
  const tree = buildTree(plans, chosen, sha256);
  const changes = changesOf(flags.output, tree.files);
  if (flags.check === true) return await showChanges(flags.output, changes, terminal);
  terminal.doing = `writing ${flags.output}`;
  writeAll(flags.output, changes.write);
  for (const { path } of changes.remove) removeFile(flags.output, path);
  for (const file of changes.keep) {
    terminal.err(`bhyvec: ${flags.output}/${file} belongs to no guest any more, but was changed by hand: it stays\n`);
  }
  const count = changes.write.length + changes.remove.length;
  terminal.err(`${String(plans.length)} guests in ${flags.output}, ${String(count)} files changed\n`);
  return exitStatus.done;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function chooseBackends(list: string | undefined): typeof backends {
  if (list === undefined) return backends;
  const names = list.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !backendNames.includes(name));
  if (wrong !== undefined) throw new UsageError(`there is no backend '${wrong}'; there are ${backendNames.join(', ')}`);
  return backends.filter(({ name }) => names.includes(name));
}

/** The plans of all guests; null after an error, which has been shown. */
async function compilePlans(
  files: readonly string[],
  settings: NonNullable<Awaited<ReturnType<typeof settingsOf>>>,
  terminal: Terminal,
): Promise<readonly Plan[] | null> {
  const tally = createTally();
  const plans: Plan[] = [];
  for await (const outcome of compileAll(files, settings, terminal)) {
    tally.add(outcome);
    if (outcome.kind === 'problem') terminal.err(`bhyvec: ${outcome.problem}\n`);
    else {
      printDiagnostics(outcome.diagnostics, terminal);
      if (outcome.compilation?.plan != null) plans.push(outcome.compilation.plan);
    }
  }
  const reporter = createReporter({ strict: settings.options.strict });
  if (tally.errors === 0) checkFleet(plans, reporter);
  printDiagnostics(inSourceOrder(reporter.diagnostics), terminal);
  if (tally.errors === 0 && !hasErrors(reporter.diagnostics)) return plans;
  terminal.err(renderSummary(tally));
  terminal.err('bhyvec: nothing was written\n');
  return null;
}

function changesOf(folder: string, files: readonly Artefact[]): Changes {
  const write = files.filter((file) => !isCurrent(readPresent(folder, file.path), file));
  const wanted = new Set(files.map(({ path }) => path));
  const known = filesOfManifest(readPresent(folder, manifestName)?.text ?? '');
  const stale = known.flatMap(({ path, sha256: hash }) => {
    const present = wanted.has(path) ? null : readPresent(folder, path);
    if (present === null) return [];
    return [{ file: { path, sha256: hash }, isOurs: hash === null || sha256(present.text) === hash }];
  });
  return {
    write,
    remove: stale.filter(({ isOurs }) => isOurs).map(({ file }) => file),
    keep: stale.filter(({ isOurs }) => !isOurs).map(({ file }) => file.path),
  };
}

async function showChanges(folder: string, changes: Changes, terminal: Terminal): Promise<ExitStatus> {
  for (const file of changes.write) await terminal.out(patchOf(folder, file));
  for (const { path, sha256: hash } of changes.remove) {
    // A file without a hash holds a secret.
    const text = hash === null ? null : readPresent(folder, path)?.text;
    await terminal.out(text == null ? `${path}: would be removed\n` : patch(path, text, ''));
  }
  return changes.write.length + changes.remove.length === 0 ? exitStatus.done : exitStatus.mistakes;
}

function patchOf(folder: string, file: Artefact): string {
  const present = readPresent(folder, file.path);
  const modes =
    present !== null && present.mode !== file.mode
      ? `${file.path}: mode ${present.mode.toString(8)} would become ${file.mode.toString(8)}\n`
      : '';
  if (present?.text === file.text) return modes;
  if (file.secret) return `${modes}${file.path}: holds a secret and would change\n`;
  return `${modes}${patch(file.path, present?.text ?? '', file.text)}`;
}

function patch(file: string, before: string, after: string): string {
  return createTwoFilesPatch(
    before === '' ? '/dev/null' : `a/${file}`,
    after === '' ? '/dev/null' : `b/${file}`,
    before,
    after,
  )
    .split('\n')
    .slice(1)
    .join('\n');
}
