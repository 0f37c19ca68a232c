/** Ports of VNC servers: the written one, or the first of the host's range. */
import type { Allocator } from './allocator.ts';

export const allocateVncPort: Allocator<'vnc-port'> = (needs, _machine, { host }) =>
  new Map(needs.map((need) => [need.id, need.wanted ?? host.vncPorts.first]));
