/** `bhyvec host probe`: prints the profile that `--host` takes. */
import { probedProfile } from '../../host/probing/probed-profile.ts';
import { showProfile } from '../../host/show.ts';
import { probe } from '../../survey/probe.ts';
import { openSystem } from '../../survey/system.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** Prints the profile, its notes in it, to standard output; on standard error the notes again, since output is redirected. */
export async function runProbe(terminal: Terminal): Promise<ExitStatus> {
  const system = openSystem(process.env);
  const probed = await probe(system);
  if (typeof probed === 'string') {
    terminal.err(`bhyvec: ${probed}\n`);
    return exitStatus.mistakes;
  }
  const { profile, notes } = probedProfile(probed);
  await terminal.out(showProfile(profile, notes));
  for (const note of notes) terminal.err(`bhyvec: note: ${note}\n`);
  return exitStatus.done;
}
