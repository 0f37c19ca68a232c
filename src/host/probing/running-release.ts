/** What a host calls its release, `14.3-RELEASE-p2` or `16.0-CURRENT`, and which release of the table stands for it. */
import type { Arch } from '../profile.ts';
import { firstArm64Release, releases, runsOn, type Release } from '../releases.ts';

/** A release as two numbers. */
export interface Version {
  readonly major: number;
  readonly minor: number;
}

/** The release of the table that a host is taken for. */
export interface RunningRelease {
  readonly release: Release;
  /** Why it is not exactly that one; null where it is. */
  readonly note: string | null;
}

/** The numbers in front of what freebsd-version(1) and uname(1) print; null for anything else. */
export function versionOf(text: string): Version | null {
  const match = /^(\d{1,3})\.(\d{1,3})(?:-|$)/.exec(text.trim());
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Whether a version is a certain one or a later one. */
export function isAtLeast(version: Version, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

/** The architecture in FreeBSD's words from `uname -p`; null for one that bhyve does not run on. */
export function archOf(text: string): Arch | null {
  const word = text.trim();
  if (word === 'amd64') return 'amd64';
  return word === 'aarch64' || word === 'arm64' ? 'arm64' : null;
}

/**
 * The release of the table that has all that the host's release surely has: itself, else the newest older one of the
 * same branch; the development branch for what is newer than the table. A text says why a host cannot be described.
 */
export function runningRelease(text: string, arch: Arch): RunningRelease | string {
  const word = text.trim();
  const version = versionOf(word);
  if (version === null) return `the release of this system is not understood: ${JSON.stringify(word.slice(0, 60))}`;
  const found = nearestRelease(version);
  if (found === null) return `FreeBSD ${word} is older than ${releases[0]}, the oldest release that bhyvec knows`;
  if (!runsOn(found, arch)) return `FreeBSD ${word}: bhyve runs on arm64 from ${firstArm64Release}`;
  return { release: found, note: noteOf(word, found) };
}

function nearestRelease(version: Version): Release | null {
  const known = releases.flatMap((release) => {
    const at = versionOf(release);
    return at === null ? [] : [{ release, at }];
  });
  const newestMajor = Math.max(...known.map(({ at }) => at.major));
  if (version.major > newestMajor) return 'main';
  const older = known.filter(({ at }) => isAtLeast(version, at.major, at.minor));
  const same = older.filter(({ at }) => at.major === version.major);
  return (same.at(-1) ?? older.at(-1))?.release ?? null;
}

function noteOf(word: string, release: Release): string | null {
  if (release === 'main') {
    const isExpected = /^16\.0-CURRENT/.test(word);
    return isExpected
      ? null
      : `FreeBSD ${word} is newer than the releases that bhyvec knows: taken for main of mid-2026`;
  }
  if (new RegExp(`^${release.replace('.', '[.]')}(?:-RELEASE(?:-p\\d+)?)?$`).test(word)) return null;
  return `FreeBSD ${word} is not in the table of releases: taken for ${release}, corrected by what bhyve answers`;
}
