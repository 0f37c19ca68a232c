/**
 * Ports of VNC servers: the written one, that of the lock, or the first of the host's range that no other guest has. Where
 * all are given away guests share the first one: the launcher looks for a free one when a guest starts.
 */
import type { Allocator } from './allocator.ts';

export const allocateVncPort: Allocator<'vnc-port'> = (needs, _machine, { host, isTaken }) => {
  const { first, last } = host.vncPorts;
  const free = (): number => {
    for (let port = first; port <= last; port += 1) if (!isTaken('vnc-port', String(port))) return port;
    return first;
  };
  // An automatic port gives way to one that another guest names.
  const stays = (held: number | null): number | null =>
    held === null || isTaken('vnc-port', String(held)) ? null : held;
  return new Map(needs.map((need) => [need.id, need.wanted ?? stays(need.held) ?? free()]));
};
