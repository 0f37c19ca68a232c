/** `bhyvec host validate`. */
import { findingsAsJson, renderFindings } from '../../host/validation/render.ts';
import { isFit, validateHost } from '../../host/validation/validate.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../output.ts';
import { identify } from './identity.ts';
import { observe } from './observe.ts';
import { openSystem } from './system.ts';

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
