/**
 * What the passes have used of a document. A value counts as used when a pass says so at the place where something of
 * the machine follows from it; looking at a value to refuse it, or to choose between devices that never come, is no use.
 * What is left in the end is reported (`frontend/left-over.ts`).
 */
import type { Span } from '../diagnostics/source.ts';

/** A value with its place, or a place. */
type Used = { readonly at: Span } | Span | null | undefined;

/** The places that are in use; a place is told by where it begins and ends. */
export interface Uses {
  /** Marks a value, or an element by its start tag, as used, and gives it back. */
  take<T extends Used>(part: T): T;
  /** Marks an element with all its attributes as used. */
  takeWhole<T extends Used>(part: T): T;
  /** A finding says that the element comes to nothing: its parts need none of their own. */
  leaveOut(at: Span): void;
  /** The value means nothing here, and libvirt writes it into each document by itself: one note tells of all of them. */
  leaveToLibvirt(at: Span): void;
  has(at: Span): boolean;
  hasWhole(at: Span): boolean;
  isLeftOut(at: Span): boolean;
  isLibvirts(at: Span): boolean;
}

/** Makes an account in which nothing is used. */
export function createUses(): Uses {
  const taken = new Set<number>();
  const whole = new Set<number>();
  const out = new Set<number>();
  const libvirts = new Set<number>();
  const mark = <T extends Used>(part: T, ...sets: readonly Set<number>[]): T => {
    if (part != null) for (const set of sets) set.add(keyOf(placeOf(part)));
    return part;
  };
  return {
    take: (part) => mark(part, taken),
    takeWhole: (part) => mark(part, taken, whole),
    leaveOut: (at) => void mark(at, out),
    leaveToLibvirt: (at) => void mark(at, libvirts),
    has: (at) => taken.has(keyOf(at)),
    hasWhole: (at) => whole.has(keyOf(at)),
    isLeftOut: (at) => out.has(keyOf(at)),
    isLibvirts: (at) => libvirts.has(keyOf(at)),
  };
}

function placeOf(part: { readonly at: Span } | Span): Span {
  return 'at' in part ? part.at : part;
}

/** One number for both ends: there is no text of 2^26 characters. */
function keyOf({ start, end }: Span): number {
  return start * 2 ** 26 + end;
}

/** Marks all places that a value of the IR names as its origins. */
export function takeOrigins(value: unknown, uses: Uses): void {
  if (typeof value !== 'object' || value === null) return;
  if (isSpan(value)) uses.take(value);
  else for (const part of Object.values(value)) takeOrigins(part, uses);
}

function isSpan(value: object): value is Span {
  return 'source' in value && 'start' in value && 'end' in value;
}
