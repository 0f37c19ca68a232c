/** What of a network decides what is made for it. */
import type { HostAddress } from '../../ir/network/network-plan.ts';

/** The modes of which something can be made; `none` has no `<forward>`. */
export type Mode = 'nat' | 'route' | 'open' | 'bridge' | 'none';

/** What the rules of pf and the settings of dnsmasq depend on. */
export interface Shape {
  readonly mode: Mode;
  readonly bridge: string;
  readonly addresses: readonly HostAddress[];
  /** What leads outside, where the document names it. */
  readonly uplink: string | null;
}
