/** Which system this is: both commands need FreeBSD and say so anywhere else. */
import { archOf, versionOf, type Version } from '../host/probing/running-release.ts';
import type { Arch } from '../host/profile.ts';
import type { System } from './system.ts';

/** A FreeBSD host. */
export interface Identity {
  /** In the words of freebsd-version(1). */
  readonly release: string;
  readonly version: Version;
  readonly arch: Arch;
}

/** The host, or a sentence that says why it is none. bhyve is of the userland, so its version counts. */
export async function identify(system: System): Promise<Identity | string> {
  const kind = (await system.ask('uname', '-s')).out.trim();
  if (kind !== 'FreeBSD') {
    const found = /^[\w.-]{1,40}$/.test(kind) ? `this system is ${kind}, not FreeBSD` : 'this system is not FreeBSD';
    return `${found}: run this on the host that the guests will run on`;
  }
  const userland = await system.ask('freebsd-version', '-u');
  const release = (userland.status === 0 ? userland : await system.ask('uname', '-r')).out.trim();
  const version = versionOf(release);
  if (version === null) return `the release of this system is not understood: ${JSON.stringify(release.slice(0, 60))}`;
  const processor = (await system.ask('uname', '-p')).out.trim();
  const arch = archOf(processor);
  if (arch === null) return `bhyve runs on amd64 and arm64, this host is ${JSON.stringify(processor.slice(0, 40))}`;
  return { release, version, arch };
}
