/** Host profiles as text: a file that `readHostProfile` reads back to an equal profile, and the list of targets. */
import type { Capability } from './capabilities.ts';
import { profileVersion } from './fields.ts';
import type { Arch, HostProfile, StoragePool } from './profile.ts';
import { capabilities, capabilitiesOf, doubtsOf, isRelease, type Release } from './releases.ts';
import { defaultTarget } from './default-target.ts';
import { builtInTargets } from './targets.ts';

/** One line of `bhyvec target list`. */
export interface TargetLine {
  readonly name: string;
  readonly release: Release;
  readonly arch: Arch;
  /** How many capabilities it has. */
  readonly capabilities: number;
  /** Those that the sources leave open; they count as absent. */
  readonly uncertain: readonly Capability[];
  /** What else is to be said: the default target, or how many facts are uncertain; empty for nothing. */
  readonly note: string;
}

/** All built-in targets, in their order. */
export function listTargets(): readonly TargetLine[] {
  return builtInTargets.map(({ name, release, arch }) => {
    const uncertain = doubtsOf(release, arch);
    const notes = [
      ...(name === defaultTarget ? ['default'] : []),
      ...(release === 'main' ? ['development branch of mid-2026'] : []),
      ...(uncertain.length === 0 ? [] : [`${String(uncertain.length)} uncertain: ${uncertain.join(', ')}`]),
    ];
    const line = { name, release, arch, capabilities: capabilitiesOf(release, arch).size, uncertain };
    return { ...line, note: notes.join('; ') };
  });
}

/**
 * Takes a profile; gives it as a host profile file with every field, so that a user can save it and change it.
 * Equal profiles give equal texts: maps are in the order of their keys, capabilities in the order of the table. Notes
 * are for readers of the file.
 */
export function showProfile(profile: HostProfile, notes: readonly string[] = []): string {
  const { firmware, loaderTimeout, vncPorts } = profile;
  const files = firmware.files === null ? [] : [`"files": ${words(firmware.files, '    ')}`];
  const release =
    profile.release === null || !isRelease(profile.release) ? [] : [`"release": ${JSON.stringify(profile.release)}`];
  const networks = sorted(profile.networks).map(([name, bridge]) => pair(name, JSON.stringify(bridge)));
  const pools = sorted(profile.pools).map(([name, pool]) => pair(name, shownPool(pool)));
  return `${block(
    [
      pair('version', String(profileVersion)),
      pair('name', JSON.stringify(profile.name)),
      ...(notes.length === 0 ? [] : [pair('notes', words(notes))]),
      ...release,
      pair('arch', JSON.stringify(profile.arch)),
      pair('capabilities', shownCapabilities(profile)),
      pair('privileged', String(profile.privileged)),
      pair(
        'firmware',
        block(
          [
            pair('directory', JSON.stringify(firmware.directory)),
            ...files,
            pair('uboot', JSON.stringify(firmware.uboot)),
            pair('ubootExists', String(firmware.ubootExists)),
          ],
          '  ',
        ),
      ),
      pair('nvramDirectory', JSON.stringify(profile.nvramDirectory)),
      pair('stateDirectory', JSON.stringify(profile.stateDirectory)),
      pair('runDirectory', JSON.stringify(profile.runDirectory)),
      pair('loaderTimeout', line({ seconds: loaderTimeout.seconds, killSeconds: loaderTimeout.killSeconds })),
      pair('networks', block(networks, '  ')),
      pair('pools', block(pools, '  ')),
      ...(profile.bridges === null ? [] : [pair('bridges', words(profile.bridges))]),
      ...(profile.memoryMib === null ? [] : [pair('memoryMib', String(profile.memoryMib))]),
      ...(profile.cpus === null ? [] : [pair('cpus', String(profile.cpus))]),
      pair('vncPorts', line({ first: vncPorts.first, last: vncPorts.last })),
    ],
    '',
  )}\n`;
}

/** What differs from the release, or all where there is no release. */
function shownCapabilities({ release, arch, capabilities: has }: HostProfile): string {
  if (release === null || !isRelease(release)) return words(capabilities.filter((capability) => has.has(capability)));
  const usual = capabilitiesOf(release, arch);
  const added = capabilities.filter((capability) => has.has(capability) && !usual.has(capability));
  const removed = capabilities.filter((capability) => !has.has(capability) && usual.has(capability));
  return block([pair('add', words(added, '    ')), pair('remove', words(removed, '    '))], '  ');
}

function shownPool(pool: StoragePool): string {
  return pool.type === 'zfs' ? line({ type: 'zfs', dataset: pool.target }) : line({ type: 'dir', path: pool.target });
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function pair(key: string, value: string): string {
  return `${JSON.stringify(key)}: ${value}`;
}

/** An object on lines of its own, by hand: JSON.stringify would put keys that look like numbers first. */
function block(members: readonly string[], indent: string): string {
  return members.length === 0 ? '{}' : `{\n${members.map((member) => `${indent}  ${member}`).join(',\n')}\n${indent}}`;
}

function line(object: Readonly<Record<string, string | number>>): string {
  const members = Object.entries(object).map(([key, value]) => pair(key, JSON.stringify(value)));
  return `{ ${members.join(', ')} }`;
}

/** A list on one line, or with one item on each line where that is too long. */
function words(items: readonly string[], indent = '  '): string {
  const quoted = items.map((item) => JSON.stringify(item));
  const short = `[${quoted.join(', ')}]`;
  return short.length <= 80 ? short : `[\n${quoted.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}]`;
}
