/** The host that a run compiles for: a target by name, or a profile in a file. */
import { printable } from '../diagnostics/printable.ts';
import type { Diagnostic } from '../diagnostics/reporter.ts';
import { defaultTarget } from '../host/default-target.ts';
import type { HostProfile } from '../host/profile.ts';
import { suggestTarget, targetProfile } from '../host/targets.ts';
import { readInput } from './inputs.ts';
import type { CompileFlags } from './flags.ts';
import { UsageError, type Terminal } from '../system/terminal.ts';

/** The profile of a target; a wrong name is wrong usage. */
export function targetNamed(name: string, dialect: CompileFlags['compat']): HostProfile {
  const profile = targetProfile(name, dialect ?? 'bhyvec');
  if (profile !== null) return profile;
  const near = suggestTarget(name);
  const hint = near === null ? "'bhyvec target list' lists them" : `did you mean '${near}'?`;
  throw new UsageError(`there is no target '${name}'; ${hint}`);
}

/** The host that the options name; null where its file cannot be used, which `show` has been told. */
export async function hostOf(
  flags: CompileFlags,
  terminal: Terminal,
  show: (diagnostics: readonly Diagnostic[]) => void,
): Promise<HostProfile | null> {
  if (flags.host !== undefined && flags.target !== undefined)
    throw new UsageError('--target cannot be used with --host, unless that is a host of the project');
  if (flags.host === undefined) return targetNamed(flags.target ?? defaultTarget, flags.compat);
  const isStandardInput = flags.host === '-';
  const name = isStandardInput ? '<stdin>' : flags.host;
  const bytes = await readInput({ name, path: isStandardInput ? null : flags.host });
  if ('problem' in bytes) {
    terminal.err(`bhyvec: ${printable(bytes.problem)}\n`);
    return null;
  }
  const { readHost } = await import('../host/read.ts');
  const { profile, diagnostics } = readHost({ name, text: new TextDecoder().decode(bytes) }, flags.compat);
  show(diagnostics);
  return profile;
}
