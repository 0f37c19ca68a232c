/** The commands that show what the compiler makes of one operand: what is wrong is said, what there is to see is printed. */
import { printable } from '../../diagnostics/printable.ts';
import type { Diagnostic } from '../../diagnostics/reporter.ts';
import { compileAll, printDiagnostics, type Outcome } from '../../documents/documents.ts';
import type { CompileFlags } from '../../documents/flags.ts';
import { onlyJob } from '../../documents/jobs.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/**
 * Compiles what an operand stands for.
 * @param show what is printed of a document; null where nothing of it can be shown
 */
export async function showFile(
  file: string,
  flags: CompileFlags,
  terminal: Terminal,
  show: (document: Extract<Outcome, { readonly kind: 'document' }>) => string | null,
): Promise<ExitStatus> {
  const found: Diagnostic[] = [];
  const job = await onlyJob([file], flags, terminal, found);
  printDiagnostics(found, terminal);
  if (job === null) return exitStatus.mistakes;
  let status: ExitStatus = exitStatus.done;
  for await (const outcome of compileAll(job.operands, job.settings, terminal)) {
    if (outcome.kind === 'problem' || outcome.compilation === null) status = exitStatus.mistakes;
    if (outcome.kind === 'problem') {
      terminal.err(`bhyvec: ${printable(outcome.problem)}\n`);
      continue;
    }
    printDiagnostics(outcome.diagnostics, terminal);
    const text = show(outcome);
    if (text !== null) await terminal.out(text);
  }
  return status;
}
