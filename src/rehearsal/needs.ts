/** What of a guest's needs the stand-in host has to have before the guest runs: from the manifest, in words of its furnish.mjs. */
import path from 'node:path';
import type { RehearsalPart, Thing } from '../ir/steps/define.ts';
import { stepKinds, steps } from '../ir/steps/index.ts';
import type { BuiltGuest } from './manifest.ts';

/** Programs that the stand-in host has, by the last part of their path. */
const knownPrograms = ['bhyve', 'bhyveload', 'grub-bhyve'];

const parts: readonly RehearsalPart[] = stepKinds.map((kind) => steps[kind].rehearsal);

/** Options for the host itself, `HostOptions` of the stand-in. */
export function hostOptions({ arch, takes }: BuiltGuest, release: string): object {
  return parts.reduce<object>((options, part) => ({ ...options, ...part.host(takes) }), { release, arch });
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

/** What the launcher makes itself, in words of furnish.mjs: files, folders with a slash at their end, interfaces. */
export function madeThings({ takes }: BuiltGuest): readonly string[] {
  return ['/var/run/bhyvec/', ...parts.flatMap((part) => part.makes(takes))];
}
