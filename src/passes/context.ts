/** What every pass is given beside its input. */
import type { Dialect } from '../dialect/dialect.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { HostProfile } from '../host/profile.ts';
import type { GuestHardware, HostWideKind } from '../ir/hardware.ts';
import type { NetworkPlan } from '../ir/network/network-plan.ts';
import type { Storage } from '../ir/storage/storage-plan.ts';
import type { Uses } from './uses.ts';

/** The networks of a host by name; null for one whose document has a mistake. */
export type Networks = ReadonlyMap<string, NetworkPlan | null>;

/** The surroundings of a pass: the host, the dialect, and where findings go. */
export interface Context {
  readonly host: HostProfile;
  readonly dialect: Dialect;
  /** VNC passwords by guest, from outside the XML. */
  readonly passwords: ReadonlyMap<string, string>;
  /** Those whose documents are compiled with this one. */
  readonly networks: Networks;
  /** Pools and volumes, the same. */
  readonly storage: Storage;
  readonly reporter: Reporter;
  /** What the lock remembers of this guest; empty where there is none. */
  readonly hardware: GuestHardware;
  /** Whether another guest of the host has it, or is to have it. */
  readonly isTaken: (kind: HostWideKind, value: string) => boolean;
  /** What has been used of the document. */
  readonly uses: Uses;
}
