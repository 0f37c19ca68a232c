/**
 * Allocation as register allocation: a device holds needs, virtual resources with what the user pinned or null; the
 * allocators answer with grants. Devices are never rewritten.
 */
import type { Origins, Span } from '../diagnostics/source.ts';
import type { TapName } from './names.ts';
import type { NmdmPair, PciAddress } from './units.ts';

/** What each kind of need is granted. A new kind is one line here and one allocator. */
export interface GrantOf {
  /** A function on the guest's PCI bus. */
  readonly pci: PciAddress;
  readonly tap: TapName;
  /** TCP port of a VNC server. */
  readonly 'vnc-port': number;
  readonly nmdm: NmdmPair;
  /** Address of a network device, six bytes with colons. */
  readonly mac: string;
  /** Serial port of the LPC bridge, 1 to 4. */
  readonly com: number;
}

/**
 * What a device does with the other functions of its slot where no slot is free: `shared` lets others have them, `alone` neither
 * does that nor joins another slot. A device without a word joins others, and is joined by none once a guest knows it: Linux
 * calls an interface otherwise where its slot has several functions.
 */
export type SlotUse = 'shared' | 'alone';

export type ResourceKind = keyof GrantOf;

/** One resource that something needs. */
export interface Need<K extends ResourceKind = ResourceKind> {
  readonly kind: K;
  /** Unique in the machine. */
  readonly id: string;
  /** Who needs it, in the user's words: `disk vda`. */
  readonly owner: string;
  /** The device in the lock; null where it is not remembered, because the user's own words place it. */
  readonly key: string | null;
  /** What the user pinned. */
  readonly wanted: GrantOf[K] | null;
  /** What the lock remembers of it: it stays where it is unless the user pins it elsewhere. */
  readonly held: GrantOf[K] | null;
  /** What it is granted where nobody has pinned that. */
  readonly prefers?: GrantOf[K];
  /** Of a PCI function. */
  readonly slot?: SlotUse;
  /** Where the user pinned it: in an `<address>`, or in words of his own. */
  readonly cure?: 'arg';
  readonly origins: Origins;
  /** What findings about it point at: the value that pins it, else who needs it. */
  readonly at: Span;
}

/** The answers to all needs of one machine. */
export interface Grants {
  of<K extends ResourceKind>(need: Need<K>): GrantOf[K];
}
