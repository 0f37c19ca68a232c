/** `bhyvec ir`: what the compiler knows of the guest after one of its stages. */
import { stageNames, stagesOf } from '../../compile/stages.ts';
import { printIr } from '../../ir/print.ts';
import { UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { IrFlags } from '../options.ts';
import { showFile } from './one-file.ts';

/** Runs `bhyvec ir`. */
export async function runIr(file: string, flags: IrFlags, terminal: Terminal): Promise<ExitStatus> {
  const stage = stageNames.find((name) => name === flags.after);
  if (stage === undefined) {
    throw new UsageError(`there is no pass '${flags.after}'; the passes are ${stageNames.join(', ')}`);
  }
  return await showFile(file, flags, terminal, ({ partial }) => {
    const other = stagesOf(partial);
    const result =
      other === null || stage === 'parse' ? partial.stages[stage] : other[stage === 'read' ? 'read' : 'plan'];
    return result === null ? null : printIr(result);
  });
}
