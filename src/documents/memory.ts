/**
 * What one build of many keeps for the next: the guests, each under a hash of all that it follows from beside the lock and the other
 * guests (`compile/remember.ts`). It is in memory, for `build --watch`; nothing of it is written down.
 */
import { createHash } from 'node:crypto';
import type { Remembered, Trace } from '../compile/remember.ts';
import type { CompileOptions, Lowering } from '../compile/stages.ts';
import type { NamedFiles } from '../diagnostics/source.ts';
import type { GuestHardware, Hardware } from '../ir/hardware.ts';
import type { ReadInput } from './resources.ts';

/** A document as a key: what it is, and what it names. */
export interface Keyed {
  readonly key: string;
  readonly again: () => Lowering;
}

/** What all guests of a host follow from. */
export interface MemorySettings {
  readonly options: CompileOptions;
  /** Whether libxml2 is asked, too. */
  readonly xmllint: boolean;
}

/** The guests of one host in a build. */
export interface HostMemory<Kept> {
  keyOf(document: ReadInput, files: NamedFiles): string;
  /** The guest of that key; null where there is none, or the lock has something else of it now. */
  recall(keyed: Keyed): Remembered<Kept> | null;
  /** Keeps a guest without mistakes. */
  keep(key: string, trace: Trace, kept: Kept): void;
}

/** All guests, of all hosts. */
export interface Memory<Kept> {
  /** A build begins: what it does not ask for is forgotten when the one after it begins. */
  begin(): void;
  /** @param resources the documents that are no guests, which guests are on */
  host(settings: MemorySettings, resources: readonly ReadInput[], lock: Hardware): HostMemory<Kept>;
}

type Known<Kept> = Omit<Remembered<Kept>, 'again'>;

/** Makes one that knows nothing. */
export function createMemory<Kept>(): Memory<Kept> {
  let before = new Map<string, Known<Kept>>();
  let now = new Map<string, Known<Kept>>();
  return {
    begin() {
      // A build that came to no document has forgotten none.
      if (now.size > 0) before = now;
      now = new Map();
    },
    host(settings, resources, lock) {
      const common = hashOf([
        JSON.stringify([{ ...settings.options, lock: null }, settings.xmllint], plain),
        ...resources.flatMap(({ input, bytes }) => [input.name, bytes]),
      ]);
      return {
        keyOf: ({ input, bytes }, files) =>
          hashOf([common, input.name, bytes, ...[...files].flatMap(([name, content]) => [name, content])]),
        recall({ key, again }) {
          const known = now.get(key) ?? before.get(key);
          if (known === undefined || !isSame(lock.get(known.guest), known.hardware)) return null;
          now.set(key, known);
          return { ...known, again };
        },
        keep(key, trace, kept) {
          // A guest that was given something new has another lock the next time.
          if (isSame(lock.get(trace.guest), trace.hardware)) now.set(key, { ...trace, kept });
        },
      };
    },
  };
}

/** The order in which a lock has devices and their values says nothing. */
function isSame(one: GuestHardware | undefined, other: GuestHardware): boolean {
  return one !== undefined && textOf(one) === textOf(other);
}

function textOf(hardware: GuestHardware): string {
  const devices = [...hardware].map(([device, held]) => [device, Object.entries(held).toSorted(byName)] as const);
  return JSON.stringify(devices.toSorted(byName));
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** JSON of all that options hold. */
function plain(_key: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? Array.from<unknown>(value) : value;
}

/** Of parts that cannot run into each other. */
function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    hash.update(`${typeof part} ${String(bytes.length)}\n`).update(bytes);
  }
  return hash.digest('hex');
}
