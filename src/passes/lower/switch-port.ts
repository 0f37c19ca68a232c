/**
 * Interfaces of type ethernet whose target is a switch of the host: a port of vale(4), which its name says, or a node of
 * netgraph(4), which an element of ours gives. Reports: BV1304, BV1578, BV1579.
 */
import { sayingOf } from '../../diagnostics/sayings.ts';
import type { Interface } from '../../frontend/elements/interface.ts';
import type { SwitchBackend } from '../../ir/emulations/network.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';

/** vale(4): a switch and a port, in the length of an interface name. */
const valePort = /^vale[0-9A-Za-z_]*:[0-9A-Za-z_]+$/;
const longest = 15;

/** The backend; null for an interface that is on none. */
export function switchPortOf(element: Interface, { domain }: CompleteDomain, context: Context): SwitchBackend | null {
  const { targetDev, managed, hostIps } = element;
  const { dialect, reporter, uses } = context;
  if (targetDev === null || !dialect.ours('network-switches')) return null;
  const netgraph = domain.netgraphs.find(({ dev }) => dev.value === targetDev.value);
  const isVale = /^vale.*:/.test(targetDev.value);
  if (netgraph === undefined && !isVale) return null;
  uses.take(targetDev);
  uses.take(managed);
  if (managed?.value === true) {
    const help = "write managed='no', or leave it out: bhyve makes a port of a switch by itself";
    const what = 'attribute managed of <target>';
    reporter.report('BV1304', managed.at, { what, ...sayingOf('used', { notYet: false, help }) });
  }
  for (const { at } of hostIps) {
    const what = netgraph === undefined ? 'a port of vale(4)' : 'a hook of netgraph(4)';
    reporter.report('BV1579', at, { what });
    uses.leaveOut(at);
  }
  if (netgraph !== undefined) {
    uses.takeWhole(netgraph);
    const { path, peerhook, hook, socket } = netgraph;
    return { kind: 'netgraph', path, peerhook, hook, socket };
  }
  if (!valePort.test(targetDev.value) || targetDev.value.length > longest)
    reporter.report('BV1578', targetDev.at, { name: targetDev.value, longest });
  return { kind: 'vale', port: targetDev };
}
