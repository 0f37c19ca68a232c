/**
 * MAC addresses: the written one, that of the lock, or one that follows from the guest's name and that no other interface of
 * the host has. Reports: BV0551.
 */
import { derivedMac } from '../../ir/names.ts';
import type { Allocator } from './allocator.ts';

/** What libvirt's tests print for an interface without a MAC address; a real libvirt makes a random one. */
const macOfLibvirtTests = '52:54:00:00:00:00';

export const allocateMac: Allocator<'mac'> = (needs, machine, { dialect, isTaken, reporter }) => {
  const grants = new Map<string, string>();
  const known = [...machine.remembered.known.values()].flatMap(({ mac }) => mac?.toLowerCase() ?? []);
  const taken = new Set([...known, ...needs.flatMap(({ wanted }) => wanted?.toLowerCase() ?? [])]);
  for (const [place, need] of needs.entries()) {
    const given = need.wanted ?? need.held ?? (dialect.ours('network-mac') ? null : macOfLibvirtTests);
    if (given !== null) {
      grants.set(need.id, given);
      continue;
    }
    let mac = derivedMac(machine.name.value, place);
    for (let attempt = 1; taken.has(mac) || isTaken('mac', mac); attempt += 1) {
      mac = derivedMac(`${machine.name.value} ${String(attempt)}`, place);
    }
    taken.add(mac);
    grants.set(need.id, mac);
    reporter.report('BV0551', need.at, { mac });
  }
  return grants;
};
