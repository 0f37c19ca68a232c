/** `bhyvec plan`: what a build would change for each guest of an earlier build, and what that means. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { emitBuild } from '../../backends/emit.ts';
import { readPlan } from '../../backends/plan-file/read.ts';
import { manifestName, readManifest } from '../../backends/tree.ts';
import { changesOf, readPresent } from '../../build/folder.ts';
import { FolderProblem } from '../../build/problem.ts';
import { compareGuests, type GuestChange } from '../../changes/compare.ts';
import { markdownOf, objectOf, textOf } from '../../changes/show.ts';
import { checkGuests } from '../../compile.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import { compileTogether, createTally, printDiagnostics, settingsOf } from '../../documents/documents.ts';
import type { Plan } from '../../ir/plan.ts';
import { hiddenSecret } from '../../ir/words.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { PlanFlags } from '../options.ts';

/** Runs `bhyvec plan`. */
export async function runPlan(files: readonly string[], flags: PlanFlags, terminal: Terminal): Promise<ExitStatus> {
  const settings = await settingsOf(flags, terminal);
  if (settings === null) return exitStatus.mistakes;
  const tally = createTally();
  const plans: Plan[] = [];
  const { outcomes } = await compileTogether(files, settings, terminal);
  for (const outcome of outcomes) {
    tally.add(outcome);
    if (outcome.kind === 'problem') terminal.err(`bhyvec: ${outcome.problem}\n`);
    else {
      // Notes are for who builds.
      printDiagnostics(
        outcome.diagnostics.filter(({ severity }) => severity !== 'note'),
        terminal,
      );
      if (outcome.compilation?.plan != null) plans.push(outcome.compilation.plan);
    }
  }
  const findings = tally.errors === 0 ? checkGuests(plans, settings.options) : [];
  printDiagnostics(findings, terminal);
  tally.addFindings(findings);
  if (tally.errors > 0) {
    terminal.err(renderSummary(tally));
    return exitStatus.mistakes;
  }
  try {
    const guests = changesAgainst(flags.against, plans);
    await terminal.out(shown(guests, flags.format));
    return guests.every(({ kind }) => kind === 'unchanged') ? exitStatus.done : exitStatus.changes;
  } catch (error) {
    if (!(error instanceof FolderProblem)) throw error;
    terminal.err(`bhyvec: ${error.message}\n`);
    return exitStatus.mistakes;
  }
}

function shown(guests: readonly GuestChange[], format: PlanFlags['format']): string {
  if (format === 'json') return `${JSON.stringify(objectOf(guests), null, 2)}\n`;
  return format === 'markdown' ? markdownOf(guests) : textOf(guests);
}

/** What the guests become, from a build on. Throws a {@link FolderProblem}. */
function changesAgainst(folder: string, plans: readonly Plan[]): readonly GuestChange[] {
  const before = builtPlans(folder);
  const guests = compareGuests(before, new Map(plans.map((plan) => [plan.vmname, plan])));
  const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
  const { write } = changesOf(folder, emitBuild(plans, sha256), sha256);
  // What runs a guest may change though nothing that is told to bhyve does: another version of bhyvec, for one.
  const rewritten = new Set(write.map(({ file }) => file.path.split('/')[0]));
  return guests.map((one) => {
    if (one.kind !== 'unchanged' || !rewritten.has(one.guest)) return one;
    const change = { sign: '~', degree: 'host-only', text: 'its generated files change' } as const;
    return { ...one, kind: 'changed', degree: 'host-only', changes: [change] };
  });
}

/** The plans of a build; none where there is no build yet. */
function builtPlans(folder: string): ReadonlyMap<string, Plan> {
  const manifest = readPresent(folder, manifestName);
  if (manifest === null) return new Map();
  const known = readManifest(manifest.text);
  if ('problem' in known) throw new FolderProblem(`${path.join(folder, manifestName)}: ${known.problem}`);
  const files = known.files.filter((file) => file.path.endsWith('/plan.json'));
  return new Map(
    files.flatMap((file) => {
      const present = readPresent(folder, file.path);
      if (present === null) return [];
      const read = readPlan(present.text, () => hiddenSecret);
      if (!read.ok) throw new FolderProblem(`${path.join(folder, file.path)}: ${read.problem}`);
      return [[read.plan.vmname, read.plan] as const];
    }),
  );
}
