/** What is known of one option of a command line: the keys that say the same, or why bhyve would not take it. */
import type { Capability } from '../../host/capabilities.ts';
import type { Arch } from '../../host/profile.ts';
import type { ConfigEntry } from '../settings.ts';
import type { PciAddress } from '../units.ts';

/** The meaning of one option. */
export type Reading =
  | {
      readonly kind: 'read';
      /** Null where only the command line can say it. */
      readonly entries: readonly ConfigEntry[] | null;
      /** The place of a PCI device, and its name in `-s`; null for all else. */
      readonly seat: { readonly address: PciAddress; readonly device: string } | null;
      /** What the host must be able to do, beside the option itself. */
      readonly capability: Capability | null;
      /** False for a device that no bhyve known here has. */
      readonly known: boolean;
    }
  | { /** bhyve ends with an error. */ readonly kind: 'wrong'; readonly why: string }
  | { /** bhyve prints something and ends. */ readonly kind: 'ends' };

/** What the meaning of an option hangs on. */
export interface Spelling {
  readonly arch: Arch;
  /** Top-level keys `bootrom` and `bootvars` instead of those below `lpc`. */
  readonly topLevelKeys: boolean;
  /** The disk of virtio-scsi is `target.0`, as on the development branch, instead of `dev`. */
  readonly scsiTargets: boolean;
}

/** An option that bhyve does not take. */
export function wrong(why: string): Reading {
  return { kind: 'wrong', why };
}

/** An option that says no more than keys. */
export function keys(entries: readonly ConfigEntry[] | null, capability: Capability | null = null): Reading {
  return { kind: 'read', entries, seat: null, capability, known: true };
}
