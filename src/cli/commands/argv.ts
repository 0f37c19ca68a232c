/** `bhyvec argv`: the command lines of each guest. Of a document with errors nothing is written to standard output. */
import { commandsOf } from '../../compile.ts';
import type { CommandLine } from '../../backends/argv/emit.ts';
import { formatCommands, type ArgvFormat } from '../../backends/argv/format.ts';
import { renderSummary } from '../../diagnostics/render.ts';
import { printable } from '../../diagnostics/printable.ts';
import { jsonLine } from '../../diagnostics/json.ts';
import { compileAll, createTally, printDiagnostics, settingsOf } from '../../documents/documents.ts';
import { expandOperands } from '../../documents/inputs.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { ArgvFlags } from '../options.ts';

/** The text for one document; where there are several, a comment says whose it is. */
function textOf(name: string, commands: readonly CommandLine[], format: ArgvFormat, isOneOfMany: boolean): string {
  const text = formatCommands(commands, format);
  if (format === 'json') return `{"file":${jsonLine(name)},"commands":${text.trimEnd()}}\n`;
  return isOneOfMany && format !== 'nul' ? `# ${printable(name)}\n${text}` : text;
}

/** Runs `bhyvec argv`. */
export async function runArgv(files: readonly string[], flags: ArgvFlags, terminal: Terminal): Promise<ExitStatus> {
  const settings = await settingsOf(flags, terminal);
  if (settings === null) return exitStatus.mistakes;
  const isOneOfMany = files.length > 1 || (await expandOperands(files)).length > 1;
  const tally = createTally();
  for await (const outcome of compileAll(files, settings, terminal)) {
    tally.add(outcome);
    if (outcome.kind === 'problem') {
      terminal.err(`bhyvec: ${printable(outcome.problem)}\n`);
      continue;
    }
    printDiagnostics(outcome.diagnostics, terminal);
    if (outcome.compilation === null) continue;
    const commands = commandsOf(outcome.compilation);
    const wanted = commands.filter(({ role }) => flags.only === undefined || role === flags.only);
    await terminal.out(textOf(outcome.name, wanted, flags.format, isOneOfMany));
  }
  if (tally.errors > 0) terminal.err(renderSummary(tally));
  return tally.errors === 0 ? exitStatus.done : exitStatus.mistakes;
}
