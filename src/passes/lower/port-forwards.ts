/** `<portForward>` to slirp's hostfwd (bhyve(8), "Network device backends"). Reports: BV0557 to BV0559. */
import type { Origins } from '../../diagnostics/source.ts';
import type { Interface } from '../../frontend/elements/interface.ts';
import type { PortForward } from '../../frontend/elements/port-forward.ts';
import type { HostForward } from '../../ir/emulations/network.ts';
import type { Context } from '../context.ts';
import { ipv4 } from './words.ts';

/** Each port is a rule of its own on the command line; whoever needs more wants a bridge. */
const most = 64;

/** Gives the ports that are passed on to the guest, in document order. */
export function forwardsOf({ portForwards }: Interface, { dialect, reporter, uses }: Context): readonly HostForward[] {
  if (!dialect.ours('slirp-forwards')) return [];
  const forwards = new Map<string, HostForward>();
  let room = most;
  for (const element of portForwards) {
    const address = element.address?.value.trim() ?? '0.0.0.0';
    if (element.address !== null && !ipv4.test(address)) {
      reporter.report('BV0557', element.address.at, { address });
      continue;
    }
    const asked = countOf(element);
    if (asked === 0 || asked > room) {
      reporter.report('BV0558', element.at, { most, count: asked === 0 ? 'all' : most - room + asked });
      continue;
    }
    room -= asked;
    uses.takeWhole(element);
    for (const range of element.ranges) uses.takeWhole(range);
    const { protocol, at } = element;
    const origins: Origins = [at];
    for (const { port, guestPort, at: place } of portsOf(element)) {
      const key = `${protocol} ${address} ${String(port)}`;
      const other = forwards.get(key);
      if (other === undefined) forwards.set(key, { protocol, address, port, guestPort, origins, at: place });
      else if (other.guestPort !== guestPort) reporter.report('BV0559', place, { port });
    }
  }
  return [...forwards.values()];
}

/** How many ports the ranges name, those that are left out again with them. */
function countOf({ ranges }: PortForward): number {
  return ranges.reduce((sum, { first, last, excluded }) => sum + (excluded ? 0 : last - first + 1), 0);
}

function portsOf({ ranges }: PortForward): readonly Pick<HostForward, 'port' | 'guestPort' | 'at'>[] {
  const excluded = ranges.filter((range) => range.excluded);
  return ranges
    .filter((range) => !range.excluded)
    .flatMap(({ first, last, to, firstAt: at }) =>
      Array.from({ length: last - first + 1 }, (_, i) => ({ port: first + i, guestPort: to + i, at })),
    )
    .filter(({ port }) => !excluded.some(({ first, last }) => port >= first && port <= last));
}
