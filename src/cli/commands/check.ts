/**
 * `bhyvec check`: all findings, as text on standard error, or as JSON lines or SARIF on standard output. Several files are
 * the guests of one host, as for `bhyvec build`: what they cannot share is found, too.
 */
import { createHash } from 'node:crypto';
import { printable } from '../../diagnostics/printable.ts';
import { jsonLine, toJson } from '../../diagnostics/json.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import { sarifWriter } from '../../diagnostics/sarif.ts';
import type { Diagnostic } from '../../diagnostics/reporter.ts';
import { checkGuests, type CompileOptions } from '../../compile.ts';
import type { Plan } from '../../ir/plan.ts';
import {
  compileTogether,
  createTally,
  printDiagnostics,
  settingsOf,
  type RunTally,
} from '../../documents/documents.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { CheckFlags } from '../options.ts';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** How one format shows the findings of a run. */
interface Sink {
  begin(): Promise<void>;
  show(diagnostics: readonly Diagnostic[]): Promise<void>;
  end(): Promise<void>;
}

const nothing = async (): Promise<void> => {
  await Promise.resolve();
};

async function sinkOf(format: CheckFlags['format'], terminal: Terminal): Promise<Sink> {
  if (format === 'text') {
    const show = async (diagnostics: readonly Diagnostic[]): Promise<void> => {
      printDiagnostics(diagnostics, terminal);
      await nothing();
    };
    return { begin: nothing, show, end: nothing };
  }
  if (format === 'json') {
    const show = async (diagnostics: readonly Diagnostic[]): Promise<void> => {
      for (const diagnostic of diagnostics) await terminal.out(`${jsonLine(toJson(diagnostic))}\n`);
    };
    return { begin: nothing, show, end: nothing };
  }
  const { pages } = await import('../../diagnostics/explain.ts');
  const writer = sarifWriter({ version: BHYVEC_VERSION, pages, folder: process.cwd(), sha256 });
  return {
    begin: () => terminal.out(writer.begin()),
    async show(diagnostics) {
      for (const diagnostic of diagnostics) await terminal.out(writer.result(diagnostic));
    },
    end: () => terminal.out(writer.end()),
  };
}

/** What is wrong between the guests that have no mistake of their own. */
function betweenGuests(
  plans: readonly Plan[],
  { files, errors }: RunTally,
  options: CompileOptions,
): readonly Diagnostic[] {
  // A guest to start after may be one of those that have a mistake, or one that nobody asked about.
  return checkGuests(plans, options).filter(({ code }) => code !== 'BV0906' || (files > 1 && errors === 0));
}

/** Runs `bhyvec check`. */
export async function runCheck(files: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitStatus> {
  const settings = await settingsOf(flags, terminal);
  if (settings === null) return exitStatus.mistakes;
  const sink = await sinkOf(flags.format, terminal);
  const tally = createTally();
  const plans: Plan[] = [];
  await sink.begin();
  const { outcomes } = await compileTogether(files, settings, terminal);
  for (const outcome of outcomes) {
    tally.add(outcome);
    if (outcome.kind === 'problem') terminal.err(`bhyvec: ${printable(outcome.problem)}\n`);
    else await sink.show(outcome.diagnostics);
    if (outcome.kind === 'document' && outcome.compilation?.plan != null) plans.push(outcome.compilation.plan);
  }
  const findings = betweenGuests(plans, tally, settings.options);
  tally.addFindings(findings);
  await sink.show(findings);
  await sink.end();
  if (flags.format === 'text') terminal.err(renderSummary(tally));
  return tally.errors === 0 ? exitStatus.done : exitStatus.mistakes;
}
