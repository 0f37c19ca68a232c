/**
 * Names of tap interfaces: `<target dev>`, that of the lock, or one that follows from the guest's name and the place of the
 * interface and that no other guest of the host has.
 * Reports: BV0704.
 */
import { derivedHex, tapName, type TapName } from '../../ir/names.ts';
import type { Allocator } from './allocator.ts';

/** Longest name of an interface, IFNAMSIZ less one. */
const longestName = 15;

export const allocateTap: Allocator<'tap'> = (needs, machine, { dialect, host, isTaken, reporter }) => {
  const grants = new Map<string, TapName>();
  if (!dialect.ours('network-tap-name')) {
    for (const need of needs) grants.set(need.id, need.held ?? tapName(host.nextTap));
    return grants;
  }
  const taken = new Map<string, (typeof needs)[number]>();
  const kept = new Set<string>();
  for (const need of needs) {
    if (need.wanted === null) continue;
    const other = taken.get(need.wanted.name);
    if (other !== undefined) {
      const notes = [{ span: other.at, text: 'taken here' }];
      reporter.report('BV0704', need.at, { tap: need.wanted.name, owner: other.owner }, { notes });
    }
    taken.set(need.wanted.name, need);
    grants.set(need.id, need.wanted);
  }
  for (const { tap } of machine.remembered.known.values()) if (tap !== undefined) kept.add(tap.name);
  for (const need of needs) {
    if (need.wanted !== null || need.held === null || taken.has(need.held.name)) continue;
    taken.set(need.held.name, need);
    grants.set(need.id, need.held);
  }
  for (const [place, need] of needs.entries()) {
    for (let attempt = 0; !grants.has(need.id); attempt++) {
      const name = derivedName(machine.name.value, place, attempt, host.capabilities.has('tuntap'));
      if (taken.has(name) || kept.has(name) || isTaken('tap', name)) continue;
      taken.set(name, need);
      grants.set(need.id, tapName(name));
    }
  }
  return grants;
};

/**
 * From FreeBSD 13.0 a renamed tap keeps its device node under the new name: a readable name then. Before, only tapN has
 * a node: a high number that follows from the name.
 */
function derivedName(guest: string, place: number, attempt: number, renamed: boolean): string {
  const seed = `bhyvec tap ${guest} ${String(place)} ${String(attempt)}`;
  if (!renamed) return `tap${String(1000 + (Number.parseInt(derivedHex(seed, 6), 16) % 31_000))}`;
  const readable = `tap${guest.replace(/[^A-Za-z0-9]/g, '').toLowerCase()}`;
  const hash = derivedHex(seed, 4);
  const suffix = `${hash}_${String(place)}`;
  return `${readable.slice(0, longestName - suffix.length)}${suffix}`;
}
