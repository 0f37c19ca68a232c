/** `bhyvec target list` and `bhyvec target show`: the hosts that are known by name. */
import { padEnd } from '../../diagnostics/printable.ts';
import { listTargets as targetLines, showProfile } from '../../host/show.ts';
import { targetNamed } from '../../documents/hosts.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** Runs `bhyvec target list`. */
export async function listTargets(terminal: Terminal): Promise<ExitStatus> {
  const lines = targetLines();
  const width = Math.max(...lines.map(({ name }) => name.length));
  await terminal.out(lines.map(({ name, note }) => `${padEnd(name, width)}  ${note}`.trimEnd() + '\n').join(''));
  return exitStatus.done;
}

/** Runs `bhyvec target show NAME`. */
export async function showTarget(name: string, terminal: Terminal): Promise<ExitStatus> {
  await terminal.out(showProfile(targetNamed(name, undefined)));
  return exitStatus.done;
}
