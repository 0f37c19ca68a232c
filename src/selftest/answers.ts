/**
 * What a report says of the table of releases: which doubts it ends, and which rows it contradicts. Pure. A fact is one with a release
 * and a probe, so nothing is said where the release is not one, or where the guest without anything did not run either.
 */
import { availability, capabilities, isRelease, type Release } from '../host/releases.ts';
import type { Capability } from '../host/capabilities.ts';
import type { Fact, SelftestReport } from './report-shape.ts';

/** What a report says of a capability. */
export interface Answer {
  readonly capability: Capability;
  /** Null where the report says nothing of it. */
  readonly host: 'there' | 'absent' | null;
  /** In the report's words; null where nobody asked. */
  readonly said: string | null;
  readonly table: 'yes' | 'no' | 'unknown';
  /** A doubt is settled or left open; else host and table agree or not. */
  readonly verdict: 'settled' | 'open' | 'agrees' | 'contrary' | 'says nothing';
}

/** What a report says. */
export interface Reading {
  /** Null where the table has no such release, such as a stable branch between two. */
  readonly release: Release | null;
  /** One for each capability that the report or a doubt of its release is about, in the order of the table. */
  readonly answers: readonly Answer[];
  /** Answers of probes that are no capabilities, with what hangs on them. */
  readonly others: readonly Fact[];
}

/** Options and keys of a device, which bhyve passes over from 13.1 on where it does not know them: that it runs says nothing then. */
const keys: ReadonlySet<Capability> = new Set([
  ...(['vnc-password', 'fbuf-vga', 'ahci-identity', 'block-nodelete', 'nvme-block-options'] as const),
  ...(['nvme-dsm', 'virtio-net-mtu'] as const),
]);

/** How bhyve ends where it does not take a word: an error by its release, or wrong usage. */
const refusals: readonly (string | undefined)[] = ['1', '4', '64'];

/** Reads it; what it says is held against the table for amd64, which is where the self-test runs. */
export function readAnswers({ facts }: SelftestReport): Reading {
  const valueOf = (name: string): string | null => facts.find((fact) => fact.name === name)?.value ?? null;
  const release = releaseOf(valueOf('release') ?? '');
  const isSound = valueOf('without-capabilities') === 'runs';
  const answers = capabilities.flatMap((capability): readonly Answer[] => {
    const said = saidOf(capability, valueOf);
    const table = release === null ? 'unknown' : availability(capability, release, 'amd64');
    if (said === null && (release === null || table !== 'unknown')) return [];
    const host = release === null || said === null || !isSound ? null : meaning(capability, release, said);
    return [{ capability, host, said, table, verdict: verdictOf(host, table, release) }];
  });
  const others = facts.filter(({ name, place }) => place !== null && !name.startsWith('capability-'));
  return { release, answers, others };
}

/** `14.3-RELEASE-p5` is 14.3; the development branch is main; STABLE, BETA and RC are no releases. */
function releaseOf(text: string): Release | null {
  if (/^\d+\.\d+-CURRENT/.test(text)) return 'main';
  const name = /^(\d+\.\d+)-RELEASE(?:-p\d+)?$/.exec(text)?.[1] ?? '';
  return isRelease(name) ? name : null;
}

function saidOf(capability: Capability, valueOf: (name: string) => string | null): string | null {
  if (capability === 'tuntap') return valueOf('modules');
  if (capability === 'virtio-scsi') return valueOf('devices');
  return valueOf(`capability-${capability}`);
}

function meaning(capability: Capability, release: Release, said: string): Answer['host'] {
  const words = said.split(' ');
  // Neither is loaded on a host whose kernel has them: then nothing is said.
  if (capability === 'tuntap')
    return words.includes('if_tuntap') ? 'there' : words.includes('if_tap') ? 'absent' : null;
  if (capability === 'virtio-scsi') return words.includes('virtio-scsi') ? 'there' : words.length > 1 ? 'absent' : null;
  const status = /^refused with (\d+)$/.exec(said)?.[1];
  if (capability === 'error-exit-status') return status === '4' ? 'there' : status === '1' ? 'absent' : null;
  if (said === 'runs') {
    const passesOver = availability('config-file', release, 'amd64') === 'yes';
    return passesOver && keys.has(capability) ? null : 'there';
  }
  // An empty controller made bhyve crash.
  const isCrash = capability === 'xhci-empty' && Number(status) > 128;
  return refusals.includes(status) || isCrash ? 'absent' : null;
}

function verdictOf(host: Answer['host'], table: Answer['table'], release: Release | null): Answer['verdict'] {
  if (table === 'unknown') return host === null ? (release === null ? 'says nothing' : 'open') : 'settled';
  if (host === null) return 'says nothing';
  return (host === 'there') === (table === 'yes') ? 'agrees' : 'contrary';
}
