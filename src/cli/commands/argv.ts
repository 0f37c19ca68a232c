/** `bhyvec argv`: the command lines of each guest. Of a document with errors nothing is written to standard output. */
import { commandsOf } from '../../compile/compile.ts';
import { stagesOf } from '../../compile/stages.ts';
import type { CommandLine } from '../../backends/argv/emit.ts';
import { formatCommands, type ArgvFormat } from '../../backends/argv/format.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import { printable } from '../../diagnostics/printable.ts';
import { jsonLine } from '../../diagnostics/json.ts';
import type { Diagnostic } from '../../diagnostics/reporter.ts';
import { compileAll, printDiagnostics } from '../../documents/documents.ts';
import { createTally } from '../../documents/tally.ts';
import { jobsOf } from '../../documents/jobs.ts';
import { expandOperands } from '../../documents/inputs.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { ArgvFlags } from '../options.ts';

/** The text for one document; where there are several, a comment says whose it is, and for which host. */
function textOf(
  { host, name }: { readonly host: string | null; readonly name: string },
  commands: readonly CommandLine[],
  format: ArgvFormat,
  isOneOfMany: boolean,
): string {
  const text = formatCommands(commands, format);
  const where = host === null ? '' : `"host":${jsonLine(host)},`;
  if (format === 'json') return `{${where}"file":${jsonLine(name)},"commands":${text.trimEnd()}}\n`;
  const title = `# ${host === null ? '' : `${host}: `}${printable(name)}\n`;
  return isOneOfMany && format !== 'nul' ? `${title}${text}` : text;
}

/** Runs `bhyvec argv`. */
export async function runArgv(files: readonly string[], flags: ArgvFlags, terminal: Terminal): Promise<ExitStatus> {
  const found: Diagnostic[] = [];
  const work = await jobsOf(files, flags, terminal, found);
  printDiagnostics(found, terminal);
  if (work === null) return exitStatus.mistakes;
  const all = work.jobs.flatMap(({ operands }) => operands);
  const isOneOfMany = all.length > 1 || (await expandOperands(all)).length > 1;
  const tally = createTally();
  for (const { host, operands, settings } of work.jobs) {
    for await (const outcome of compileAll(operands, settings, terminal)) {
      tally.add(outcome);
      if (outcome.kind === 'problem') {
        terminal.err(`bhyvec: ${printable(outcome.problem)}\n`);
        continue;
      }
      printDiagnostics(outcome.diagnostics, terminal);
      // What is no guest has no command line.
      if (outcome.compilation === null || stagesOf(outcome.compilation) !== null) continue;
      const commands = commandsOf(outcome.compilation);
      const wanted = commands.filter(({ role }) => flags.only === undefined || role === flags.only);
      await terminal.out(textOf({ host, name: outcome.name }, wanted, flags.format, isOneOfMany));
    }
  }
  if (tally.errors > 0) terminal.err(renderSummary(tally));
  return tally.errors === 0 ? exitStatus.done : exitStatus.mistakes;
}
