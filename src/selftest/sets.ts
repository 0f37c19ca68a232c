/** The guests of the self-test, compiled: the files of each release, where they differ from those of the release before it. */
import { emitGuest } from '../backends/emit.ts';
import { compile } from '../compile/compile.ts';
import { invariant } from '../diagnostics/invariant.ts';
import type { HostProfile } from '../host/profile.ts';
import { releases, type Release } from '../host/releases.ts';
import { targetName, targetProfile } from '../host/targets.ts';
import { guests, supervised, type SelftestGuest } from './guests.ts';
import type { FileSet, PackedFile } from './pack.ts';

/** Files of a build that no host needs to run a guest; the rc.d script is for the guest that is a service. */
const forOthers = /^(?:argv|bhyve[.]conf|plan[.]json|rc[.]d\/.*)$/;

/**
 * One set for each release that has files of its own, oldest first: a host takes the newest that is not newer than itself.
 * @param wanted the releases; a host that is known needs its own alone
 */
export function releaseSets(wanted: readonly Release[] = releases): readonly FileSet[] {
  const sets: FileSet[] = [];
  for (const release of wanted) {
    const files = [...guests.flatMap((guest) => filesOf(guest, release)), documentOf(supervised)];
    const last = sets.at(-1);
    if (last === undefined || JSON.stringify(last.files) !== JSON.stringify(files)) sets.push({ name: release, files });
  }
  return sets;
}

/** Paths are those in the folder `guests` of a run. A guest that the host cannot have has no file. */
function filesOf(guest: SelftestGuest, release: Release): readonly PackedFile[] {
  const target = targetProfile(targetName(release, 'amd64'));
  invariant(target !== null, `${release} is a target`);
  if (!guest.needs.every((capability) => target.capabilities.has(capability))) return [];
  const host: HostProfile = {
    ...target,
    // The same name on all releases: their files then differ in what matters.
    name: 'the self-test',
    capabilities: new Set([...target.capabilities, 'rctl']),
    stateDirectory: guest.stateDirectory,
  };
  const source = { name: `${guest.name}.xml`, text: guest.xml };
  const { plan, diagnostics } = compile(source, { host, dialect: 'bhyvec', schema: 'error', strict: false });
  invariant(plan !== null, `${guest.name} on ${release}: ${diagnostics.map(({ code }) => code).join(' ')}`);
  return emitGuest(plan)
    .filter(({ path }) => !forOthers.test(path) || (guest.isService && path.startsWith('rc.d/')))
    .map(({ path, text }) => ({ path: `${guest.name}/${path.replace('rc.d/', '')}`, text }));
}

function documentOf({ name, xml }: SelftestGuest): PackedFile {
  return { path: `${name}.xml`, text: xml };
}
