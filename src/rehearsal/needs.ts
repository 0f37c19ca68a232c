/** What of a guest's needs the stand-in host has to have before the guest runs: from the manifest, in words of its furnish.mjs. */
import path from 'node:path';
import type { BuiltGuest } from './manifest.ts';

/** A kind, a path or name, and what else is needed to make it. */
export type Thing = readonly [kind: string, what: string, ...more: string[]];

/** Programs that the stand-in host has, by the last part of their path. */
const knownPrograms = ['bhyve', 'bhyveload', 'grub-bhyve'];
/** Enough for any pinning: the rehearsal is not about the size of the host. */
const hostCpus = 256;

/** Options for the host itself, `HostOptions` of the stand-in. */
export function hostOptions({ arch, takes }: BuiltGuest, release: string): object {
  return {
    release,
    arch,
    cpus: Math.max(hostCpus, takes.vcpus),
    bridges: bridgesOf(takes),
    ppt: [...new Set(takes.ppt)],
    pci: [...new Set(takes.managedPpt)].map((device) => `${device}=igb0`),
    sysctls: takes.limits.length > 0 ? { 'kern.racct.enable': '1' } : {},
  };
}

/** Each bridge once; where taps need an MTU it is that of the bridge, as `NAME:MTU`. */
function bridgesOf({ bridges, taps }: BuiltGuest['takes']): readonly string[] {
  return [...new Set(bridges)].map((name) => {
    const mtu = taps.find((tap) => tap.bridge === name && tap.mtu !== null)?.mtu ?? null;
    return mtu === null ? name : `${name}:${String(mtu)}`;
  });
}

/** What has to be there; the fresh host has what the firmware packages install. */
export function neededThings({ name, takes }: BuiltGuest): readonly Thing[] {
  const isPackaged = (file: string): boolean => file.startsWith('/usr/local/share/');
  const kindOf = (file: string, purpose: string): string => {
    // Nobody listens on the socket of a software TPM: bhyve looks only whether it is there.
    if (purpose === 'tpm') return file.startsWith('/dev/') ? 'file' : 'peer';
    if (file.startsWith('/dev/zvol/')) return 'disk';
    return isPackaged(file) || file.startsWith('/dev/') ? 'file' : 'disk';
  };
  return [
    ...takes.directories.map((one): Thing => ['directory', one.path]),
    ...takes.sockets.map((socket): Thing => ['parent', socket]),
    ...takes.files.map((one): Thing => [kindOf(one.path, one.purpose), one.path]),
    // A store without a template has to be there.
    ...takes.nvram.map((one): Thing => ['file', one.template ?? one.path]),
    ...takes.programs.filter((program) => program.startsWith('/')).map(programThing),
  ];

  function programThing(program: string): Thing {
    if (knownPrograms.includes(path.basename(program))) return ['program', program];
    // A loader that nobody knows: what it does in the end is to load the guest.
    const wired = takes.wired ? ['-S'] : [];
    return ['program', program, 'bhyveload', '-m', `${String(takes.memoryMib)}M`, ...wired, name];
  }
}

/** What the launcher makes itself, in words of furnish.mjs: files, folders with a slash at their end, interfaces. */
export function madeThings({ takes }: BuiltGuest): readonly string[] {
  return [
    '/var/run/bhyvec/',
    ...takes.taps.map((tap) => tap.name),
    ...takes.sockets,
    ...takes.nvram.filter(({ template }) => template !== null).map((store) => store.path),
  ];
}
