/**
 * `bhyvec check`: all findings, as text on standard error, or as JSON lines or SARIF on standard output. Several files are
 * the guests of one host, as for `bhyvec build`: what they cannot share is found, too.
 */
import { createHash } from 'node:crypto';
import { jsonLine, toJson } from '../../diagnostics/json.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import { sarifWriter } from '../../diagnostics/sarif.ts';
import type { Diagnostic } from '../../diagnostics/reporter.ts';
import { checkGuests } from '../../compile/compile.ts';
import type { CompileOptions } from '../../compile/stages.ts';
import { printDiagnostics } from '../../documents/documents.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { CheckFlags } from '../options.ts';
import { compileHosts, type Guests } from './compile-hosts.ts';

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
  { plans, networks, storage }: Guests,
  files: number,
  errors: number,
  options: CompileOptions,
): readonly Diagnostic[] {
  // A guest to start after may be one of those that have a mistake, or one that nobody asked about.
  const all = checkGuests(plans, options, networks, storage);
  return all.filter(({ code }) => code !== 'BV0906' || (files > 1 && errors === 0));
}

/** Runs `bhyvec check`. */
export async function runCheck(files: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitStatus> {
  if (flags.format !== 'text') terminal.progress = null;
  const sink = await sinkOf(flags.format, terminal);
  let isBegun = false;
  // Nothing is printed before the options are known to make sense.
  const begin = async (): Promise<void> => {
    if (!isBegun) await sink.begin();
    isBegun = true;
  };
  const { tally } = await compileHosts(files, flags, terminal, {
    async show(diagnostics) {
      await begin();
      await sink.show(diagnostics);
    },
    tell(problem) {
      terminal.err(`bhyvec: ${problem}\n`);
    },
    between: betweenGuests,
  });
  await begin();
  await sink.end();
  if (flags.format === 'text' && tally.files > 0) terminal.err(renderSummary(tally));
  return tally.errors === 0 ? exitStatus.done : exitStatus.mistakes;
}
