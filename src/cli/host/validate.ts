/** `bhyvec host validate`. */
import { findingsAsJson, renderFindings } from '../../host/validation/render.ts';
import { isFit, validateHost } from '../../host/validation/validate.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { identify } from '../../survey/identity.ts';
import { observe } from '../../survey/observe.ts';
import { openSystem } from '../../survey/system.ts';

/** Options of `bhyvec host validate`. */
export interface ValidateFlags {
  readonly format: 'text' | 'json';
}

/** Runs all checks; 1 when one of them fails, and on a system that is no FreeBSD. */
export async function runValidate(flags: ValidateFlags, terminal: Terminal): Promise<ExitStatus> {
  const system = openSystem(process.env);
  const identity = await identify(system);
  if (typeof identity === 'string') {
    terminal.err(`bhyvec: ${identity}\n`);
    return exitStatus.mistakes;
  }
  const observed = await observe(system, identity);
  const findings = validateHost(observed);
  const isJson = flags.format === 'json';
  await terminal.out(isJson ? findingsAsJson(observed, findings) : renderFindings(findings, terminal.outPalette));
  return isFit(findings) ? exitStatus.done : exitStatus.mistakes;
}
