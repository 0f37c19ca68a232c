/**
 * Storage pools and volumes in libvirt's words, as the user wrote them (formatstorage): typed values with their places,
 * nothing filled in. What they are on a host is the business of `passes/storage`.
 */
import type { Located, Span } from '../../diagnostics/source.ts';

/** Types of pools that bhyvec has. */
export const poolTypes = ['dir', 'zfs'] as const;

/** Those that it has not. */
export const otherPoolTypes = [
  ...['fs', 'netfs', 'logical', 'disk', 'iscsi', 'iscsi-direct', 'scsi', 'mpath', 'rbd', 'sheepdog', 'gluster'],
  'vstorage',
] as const;

export type PoolType = (typeof poolTypes)[number] | (typeof otherPoolTypes)[number];

/** `<pool>`. */
export interface Pool {
  readonly at: Span;
  readonly name: Located<string>;
  /** Null where it is not understood, which has been reported. */
  readonly type: Located<PoolType> | null;
  readonly uuid: Located<string> | null;
  /** In bytes. */
  readonly capacity: Located<bigint> | null;
  readonly source: { readonly at: Span; readonly name: Located<string> | null } | null;
  readonly path: Located<string> | null;
}

/** `<permissions>` of a volume. */
export interface Permissions {
  readonly at: Span;
  readonly mode: Located<number> | null;
  /** Null for whoever makes it. */
  readonly owner: Located<number> | null;
  readonly group: Located<number> | null;
}

/** `<volume>`. Sizes are in bytes. */
export interface Volume {
  readonly at: Span;
  readonly name: Located<string>;
  readonly capacity: Located<bigint> | null;
  readonly allocation: Located<bigint> | null;
  readonly path: Located<string> | null;
  readonly format: Located<string> | null;
  readonly permissions: Permissions | null;
  /** Our own `<pool name>`. */
  readonly pool: Located<string> | null;
  /** Our own `<volblocksize>`. */
  readonly blockSize: Located<bigint> | null;
}
