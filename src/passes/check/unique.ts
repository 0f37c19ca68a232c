/**
 * Things of the host that a guest can use once only. Needs: a machine. Gives: no host device, unix socket, channel name or
 * port stands in it twice. Reports: BV0599.
 */
import type { Use } from '../../ir/emulations/define.ts';
import { emulationOf } from '../../ir/emulations/index.ts';
import { allDevices, type Machine } from '../../ir/machine.ts';
import { addressesMeet } from '../addresses.ts';
import type { Context } from '../context.ts';

/** What messages call each kind of thing. */
const nouns: { readonly [K in Use['kind']]: string } = {
  'host-device': 'host device',
  mac: 'the MAC address',
  socket: 'the unix socket',
  channel: 'the channel name',
  share: 'the name of a shared directory',
  'tcp-port': 'TCP port',
  'udp-port': 'UDP port',
};

/** Reports each second use. libvirt does not look. */
export function checkUnique(machine: Machine, { dialect, reporter }: Context): void {
  if (!dialect.ours('used-twice')) return;
  const seen = new Map<string, Use[]>();
  for (const use of allDevices(machine).flatMap((device) => emulationOf(device).uses(device))) {
    const what = `${nouns[use.kind]} ${use.name}`;
    const others = seen.get(what) ?? [];
    const first = others.find((other) => addressesMeet(use.address, other.address));
    if (first === undefined) seen.set(what, [...others, use]);
    else reporter.report('BV0599', use.at, { what }, { notes: [{ span: first.at, text: 'first use' }] });
  }
}
