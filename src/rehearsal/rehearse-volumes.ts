/**
 * The rehearsal of the script that makes volumes, on a host that has their directories, datasets and images and nothing more: it
 * says what it would do, makes them, and runs again where all are there.
 */
import type { BuiltVolume, BuiltVolumes } from './manifest.ts';
import { zvolFolder } from './needs.ts';
import type { EndedRun, Outcome, Stage, VolumesVerb } from './stage.ts';
import { stateDiff } from './state.ts';

/** Runs it. What changes but for what is to be made in the second run, and what was not made there, is its fault. */
export async function runVolumes({ name, all }: BuiltVolumes, { host, look }: Stage): Promise<Outcome> {
  const ask = async (verb: VolumesVerb): Promise<EndedRun> => {
    return { verb, ...(await host.ask(name, verb, verb === 'dry' ? ['-n'] : [])) };
  };
  const before = await look();
  const dry = await ask('dry');
  const empty = await look();
  const make = await ask('make');
  const full = await look();
  const again = await ask('again');
  const made = faultsOfMaking(stateDiff(empty, full), all.filter(({ how }) => how !== null)); // prettier-ignore
  const changes = [...stateDiff(before, empty), ...made, ...stateDiff(full, await look())];
  return { ended: [dry, make, again], changes: changes.map(withoutProcess) };
}

/**
 * What of a difference is not the making of these volumes, and the volumes that are not made by it.
 * @param changes lines of a diff
 */
export function faultsOfMaking(changes: readonly string[], volumes: readonly BuiltVolume[]): readonly string[] {
  const others = new Set(changes);
  const missing = volumes.filter((volume) => {
    const lines = changes.filter((line) => isOf(volume, line));
    for (const line of lines) others.delete(line);
    // A zvol has its record and its node.
    return lines.length < (volume.path.startsWith(zvolFolder) ? 2 : 1);
  });
  return [...others, ...missing.map(({ path, bytes }) => `-${path} of ${bytes} bytes`)];
}

/** Drafts of volumes are named after the process that makes them. */
function withoutProcess(line: string): string {
  return line.replace(/([.]bhyvec-new)[.]\d+ /, '$1.PID ');
}

/** Whether a line of the state of a host is that of the volume as it is to be. */
function isOf({ path, bytes }: BuiltVolume, line: string): boolean {
  if (!path.startsWith(zvolFolder)) return line.startsWith(`+${path.slice(1)} `) && line.split(' ').at(-2) === bytes;
  const dataset = path.slice(zvolFolder.length);
  return line === `+${dataset} volume ${bytes} dev` || line === `+${path.slice(1)} -> /dev/null`;
}
