/** What a pass is told, by the options of a compilation. */
import { dialectOf } from '../dialect/dialect.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { GuestHardware } from '../ir/hardware.ts';
import { noStorage } from '../ir/storage/storage-plan.ts';
import type { Context } from '../passes/context.ts';
import { createUses } from '../passes/uses.ts';
import type { CompileOptions } from './stages.ts';

/**
 * The context of the passes for one guest.
 * @param hardware what the lock has of it
 */
export function contextOf(options: CompileOptions, reporter: Reporter, hardware: GuestHardware = new Map()): Context {
  const {
    host,
    passwords = new Map<string, string>(),
    networks = new Map<never, never>(),
    storage = noStorage,
  } = options;
  const isTaken = (): boolean => false;
  const dialect = dialectOf(options.dialect);
  return { host, dialect, passwords, networks, storage, hardware, isTaken, reporter, uses: createUses() };
}
