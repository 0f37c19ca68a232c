/**
 * What the findings of BV13 say of a part by its degree (`frontend/relaxng/degree.ts`): who it is that cannot, and what a
 * reader can do. The grammar says more of single parts.
 */

/** What is said of each degree where the grammar says nothing of the part itself. */
const sayings = {
  used: {
    cannot: 'not used',
    notYet: 'not used',
    help: 'bhyvec acts on it in other guests, but nothing of this one follows from it: remove it',
  },
  tuning: {
    cannot: 'FreeBSD has no such setting',
    notYet: 'bhyvec cannot set it yet',
    help: 'remove it: the guest runs without it, maybe slower',
  },
  device: {
    cannot: 'bhyve',
    notYet: 'bhyvec',
    help: 'software that looks for it will not find it; remove it where nobody misses it',
  },
  limit: {
    cannot: 'not enforced',
    notYet: 'bhyvec cannot set it yet',
    help: 'set the limit by other means of the host, and remove it here',
  },
  content: {
    cannot: 'bhyve',
    notYet: 'bhyvec',
    help: 'remove it if the guest may run without it; docs/domain-xml.md says what bhyve can do',
  },
  refused: {
    cannot: 'bhyve',
    notYet: 'bhyvec',
    help: 'write what bhyve can do in its place: docs/domain-xml.md has it',
  },
} as const;

/** What is said of an element of our own namespace that comes to nothing, by dialect; null for what the grammar says. */
export const ownElementHelp = {
  bhyvec: null,
  libvirt: 'libvirt has no such element: compile without --compat libvirt, or remove it',
} as const;

/** What the grammar says of a part itself. */
interface OwnWords {
  readonly notYet: boolean;
  readonly help: string | null;
}

/** The words for a finding. @param own those of the grammar for the part, where it has any */
export function sayingOf(
  degree: keyof typeof sayings,
  own?: OwnWords,
): { readonly who: string; readonly cure: string } {
  const { cannot, notYet, help } = sayings[degree];
  return { who: own?.notYet === true ? notYet : cannot, cure: own?.help ?? help };
}
