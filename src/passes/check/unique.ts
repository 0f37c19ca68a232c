/**
 * Things of the host that a guest can use once only. Needs: a machine. Gives: no host device, unix socket, channel name or
 * TCP port stands in it twice. Reports: BV0599.
 */
import type { Span } from '../../diagnostics/source.ts';
import type { Use } from '../../ir/emulations/define.ts';
import { emulationOf } from '../../ir/emulations/index.ts';
import { allDevices, type Machine } from '../../ir/machine.ts';
import type { Context } from '../context.ts';

/** What messages call each kind of thing. */
const nouns: { readonly [K in Use['kind']]: string } = {
  'host-device': 'host device',
  mac: 'the MAC address',
  socket: 'the unix socket',
  channel: 'the channel name',
  'tcp-port': 'TCP port',
};

/** Reports each second use. libvirt does not look. */
export function checkUnique(machine: Machine, { dialect, reporter }: Context): void {
  if (!dialect.ours('capability-checks')) return;
  const seen = new Map<string, Span>();
  for (const { kind, name, at } of allDevices(machine).flatMap((device) => emulationOf(device).uses(device))) {
    const what = `${nouns[kind]} ${name}`;
    const first = seen.get(what);
    if (first === undefined) seen.set(what, at);
    else reporter.report('BV0599', at, { what }, { notes: [{ span: first, text: 'first use' }] });
  }
}
