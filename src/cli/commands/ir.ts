/** `bhyvec ir`: what the compiler knows of the guest after one of its stages. */
import { printable } from '../../diagnostics/printable.ts';
import { stageNames } from '../../compile/stages.ts';
import { printIr } from '../../ir/print.ts';
import type { Diagnostic } from '../../diagnostics/reporter.ts';
import { compileAll, printDiagnostics } from '../../documents/documents.ts';
import { onlyJob } from '../../documents/jobs.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { IrFlags } from '../options.ts';

/** Runs `bhyvec ir`. */
export async function runIr(file: string, flags: IrFlags, terminal: Terminal): Promise<ExitStatus> {
  const stage = stageNames.find((name) => name === flags.after);
  if (stage === undefined) {
    throw new UsageError(`there is no pass '${flags.after}'; the passes are ${stageNames.join(', ')}`);
  }
  const found: Diagnostic[] = [];
  const job = await onlyJob([file], flags, terminal, found);
  printDiagnostics(found, terminal);
  if (job === null) return exitStatus.mistakes;
  let status: ExitStatus = exitStatus.done;
  for await (const outcome of compileAll(job.operands, job.settings, terminal)) {
    if (outcome.kind === 'problem') {
      terminal.err(`bhyvec: ${printable(outcome.problem)}\n`);
      status = exitStatus.mistakes;
      continue;
    }
    printDiagnostics(outcome.diagnostics, terminal);
    const { stages, network } = outcome.partial;
    const result =
      network === null || stage === 'parse' ? stages[stage] : stage === 'read' ? network.read : network.plan;
    if (result !== null) await terminal.out(printIr(result));
    if (outcome.compilation === null) status = exitStatus.mistakes;
  }
  return status;
}
