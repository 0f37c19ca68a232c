/** What of the needs of guests and networks the stand-in host has to have before they run: from the manifest, in words of its furnish.mjs. */
import path from 'node:path';
import type { RehearsalPart, Thing } from '../ir/steps/define.ts';
import { stepKinds, steps } from '../ir/steps/index.ts';
import { joinLists } from '../ir/steps/takes.ts';
import type { BuiltGuest, BuiltNetwork, BuiltVolume } from './manifest.ts';
import type { Unit } from './units.ts';

/** Programs that the stand-in host has, by the last part of their path. */
const knownPrograms = ['bhyve', 'bhyveload', 'grub-bhyve'];
/** What leads outside where no network of the host has it as a member. */
const usualUplink = 'em0';
/** Where the nodes of zvols are. */
export const zvolFolder = '/dev/zvol/';

const parts: readonly RehearsalPart[] = stepKinds.map((kind) => steps[kind].rehearsal);

/** Options for the host itself, `HostOptions` of the stand-in. */
export function hostOptions({ guests, networks }: Unit, release: string): object {
  const made = new Set(networks.map(({ bridge }) => bridge));
  const takes = guests.map((guest) => guest.takes);
  const [first] = takes;
  const lists = joinLists(takes);
  const all = first && {
    ...first,
    ...lists,
    // The script of a network makes its own.
    bridges: lists.bridges.filter((bridge) => !made.has(bridge)),
    vcpus: Math.max(...takes.map(({ vcpus }) => vcpus)),
    limits: takes.flatMap(({ limits }) => limits),
  };
  return {
    ...parts.reduce<object>((options, part) => ({ ...options, ...(all === undefined ? {} : part.host(all)) }), {}),
    ...(networks.length === 0 ? {} : networkOptions(networks)),
    release,
    arch: archOf(guests),
  };
}

/** The architecture of the host: networks work on each. */
export function archOf([first]: readonly BuiltGuest[]): BuiltGuest['arch'] {
  return first?.arch ?? 'amd64';
}

/** What docs/networks.md asks the administrator for: interfaces, members without an address, and main rules that ask the anchors. */
function networkOptions(networks: readonly BuiltNetwork[]): object {
  const members = networks.flatMap(({ takes: { member, vlan } }) => [
    ...(member === null ? [] : [member]),
    ...(vlan === undefined ? [] : [vlan.parent]),
  ]);
  const uplinks = networks.flatMap(({ takes: { uplink } }) => (uplink === null ? [] : [uplink]));
  const defaultRoute = members.includes(usualUplink) ? 'em99' : usualUplink;
  const nics = new Map([
    ...[...uplinks, defaultRoute].map((name, index) => [name, `${name}:198.51.100.${String(index + 1)}/24`] as const),
    ...members.map((name) => [name, name] as const),
  ]);
  return {
    nics: [...nics.values()],
    defaultRoute,
    pf: ['nat-anchor "bhyvec/*" all', 'rdr-anchor "bhyvec/*" all', 'anchor "bhyvec/*" all', 'pass all'],
  };
}

/** What has to be there; the fresh host has what the firmware packages install. */
export function neededThings({ name, takes }: BuiltGuest): readonly Thing[] {
  return [
    ...parts.flatMap((part) => part.needs(takes)),
    ...takes.programs.filter((program) => program.startsWith('/')).map(programThing),
  ];

  function programThing(program: string): Thing {
    if (knownPrograms.includes(path.basename(program))) return ['program', program];
    // A loader that nobody knows: what it does in the end is to load the guest.
    const wired = takes.wired ? ['-S'] : [];
    return ['program', program, 'bhyveload', '-m', `${String(takes.memoryMib)}M`, ...wired, name];
  }
}

/** Where volumes are to be made, and the images that nobody makes. */
export function thingsOfVolume({ path: place, how }: BuiltVolume): readonly Thing[] {
  const folder = path.posix.dirname(place);
  if (how === null) return [['disk', place]];
  if (place.startsWith(zvolFolder)) return [['dataset', folder.slice(zvolFolder.length)]];
  return folder === '/' ? [] : [['directory', folder]];
}

/** What the launcher makes itself, in words of furnish.mjs: files, folders with a slash at their end, interfaces. */
export function madeThings({ takes }: BuiltGuest): readonly string[] {
  return ['/var/run/bhyvec/', ...parts.flatMap((part) => part.makes(takes))];
}
