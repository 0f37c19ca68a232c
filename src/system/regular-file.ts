/**
 * Reading a file that may be something else by now: nothing that blocks is waited for (a FIFO, a device), no link is
 * followed, and no more is read than anybody wants.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { errorCode } from './trouble.ts';

/** What stands at a path. */
export type RegularFile =
  | { readonly kind: 'file'; readonly text: string; readonly bytes: Uint8Array; readonly mode: number }
  /** No regular file. */
  | { readonly kind: 'other' }
  /** A file of more bytes than were wanted. */
  | { readonly kind: 'large' };

/** ELOOP and EMLINK are what Linux and FreeBSD say of a link, ENXIO and EOPNOTSUPP what they say of a socket. */
const others = ['ELOOP', 'EMLINK', 'ENXIO', 'EOPNOTSUPP'];

/** Reads it. Throws the system's error where there is nothing, or where it may not be read. */
export function readRegular(file: string, largest: number): RegularFile {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    if (others.includes(errorCode(error) ?? '')) return { kind: 'other' };
    throw error;
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) return { kind: 'other' };
    if (status.size > largest) return { kind: 'large' };
    const bytes = readFileSync(descriptor);
    // What is no text is not made one until somebody asks.
    return {
      kind: 'file',
      bytes,
      mode: status.mode & 0o7777,
      get text() {
        return bytes.toString('utf8');
      },
    };
  } finally {
    closeSync(descriptor);
  }
}
