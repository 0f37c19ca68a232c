/**
 * Ports of virtio channels (libvirt-compile reference, section 6.9): written addresses first, then the first free port
 * from 1 up on the lowest controller that has one. Adds a controller where all are full. Reports: BV0408, BV0410, BV0411.
 */
import type { Span } from '../../diagnostics/source.ts';
import type { Channel, Console } from '../../frontend/elements/character.ts';
import type { Domain } from '../../frontend/domain.ts';
import type { Context } from '../context.ts';
import type { CompleteChannel } from './complete-domain.ts';
import type { ControllerList } from './controllers.ts';
import type { Recall } from './recall.ts';

/** Gives each virtio channel its controller and port. */
export function completeChannels(
  domain: Domain,
  list: ControllerList,
  recall: Recall,
  { reporter }: Context,
): readonly CompleteChannel[] {
  const taken = new Map<string, Span>();
  const reserved = new Set<string>();
  const virtio = (device: Channel | Console): boolean => device.targetType?.value === 'virtio';
  const users = [...domain.devices.channels.filter(virtio), ...domain.devices.consoles.filter(virtio)];
  const controllers = list.controllers
    .filter(({ type }) => type === 'virtio-serial')
    .toSorted((a, b) => a.index - b.index);
  const counts = new Map(controllers.toReversed().map(({ index, ports }) => [index, ports]));
  const portsOf = (index: number): number | null => counts.get(index) ?? null;
  // Ports are taken and never given back: below the lowest free one, none is free later.
  const lowest = new Map<number, number>();
  const freePort = (index: number): number | null => {
    const ports = portsOf(index) ?? 0;
    let port = lowest.get(index) ?? 1;
    while (port < ports && (taken.has(place(index, port)) || reserved.has(place(index, port)))) port += 1;
    lowest.set(index, port);
    return port < ports ? port : null;
  };
  /** The first controller that may have a free port. */
  let open = 0;
  for (const { address } of users) {
    if (address?.type !== 'virtio-serial' || address.port === 0) continue;
    const { controller, port, at, portAt } = address;
    const ports = portsOf(controller);
    const other = taken.get(place(controller, port));
    if (ports === null || port >= ports)
      reporter.report('BV0410', portAt, { controller, port, last: (ports ?? 1) - 1 });
    else if (other !== undefined) {
      reporter.report('BV0411', portAt, { controller, port }, { notes: [{ span: other, text: 'taken here' }] });
    } else taken.set(place(controller, port), at);
  }
  const kept = new Map<object, { readonly controller: number; readonly port: number }>();
  for (const user of domain.devices.channels.filter(virtio)) {
    const seat = recall.of(user).held.port;
    if (seat === undefined || user.address?.type === 'virtio-serial') continue;
    const { controller, unit: port } = seat;
    if (port >= (portsOf(controller) ?? 0) || taken.has(place(controller, port))) continue;
    taken.set(place(controller, port), user.at);
    kept.set(user, { controller, port });
  }
  for (const { port } of recall.others.values())
    if (port !== undefined) reserved.add(place(port.controller, port.unit));
  const grant = (user: Channel): { readonly controller: number; readonly port: number } => {
    const known = kept.get(user);
    if (known !== undefined) return known;
    const { address } = user;
    const named = address?.type === 'virtio-serial' ? address : null;
    if (named !== null && named.port !== 0) return { controller: named.controller, port: named.port };
    const search = (): number | null => {
      if (named !== null) return named.controller;
      while (open < controllers.length && freePort(controllers[open]?.index ?? 0) === null) open += 1;
      return controllers[open]?.index ?? null;
    };
    const index = search();
    const port = index === null ? null : freePort(index);
    if (index !== null && port !== null) {
      taken.set(place(index, port), user.at);
      return { controller: index, port };
    }
    if (named !== null) {
      reporter.report('BV0408', named.at, { controller: named.controller });
      return { controller: named.controller, port: 0 };
    }
    const added = list.lowestFreeIndex('virtio-serial');
    list.imply('virtio-serial', added, [user.at]);
    taken.set(place(added, 1), user.at);
    const made = list.controllers.find((one) => one.type === 'virtio-serial' && one.index === added);
    if (made !== undefined) {
      controllers.push(made);
      counts.set(added, made.ports);
    }
    return { controller: added, port: 1 };
  };
  // A console of type virtio keeps what it names, and is given nothing: bhyve is not told of it.
  return domain.devices.channels.filter(virtio).map((channel) => ({ channel, ...grant(channel) }));
}

function place(controller: number, port: number): string {
  return `${String(controller)}:${String(port)}`;
}
