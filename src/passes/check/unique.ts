/**
 * Things of the host that a guest can use once only. Needs: a machine. Gives: no host device, unix socket, channel name or
 * TCP port stands in it twice. Reports: BV0599.
 */
import type { Span } from '../../diagnostics/source.ts';
import type { Device } from '../../ir/emulations/index.ts';
import { allDevices, type Machine } from '../../ir/machine.ts';
import type { Context } from '../context.ts';

interface Use {
  readonly what: string;
  readonly at: Span;
}

/** Reports each second use. libvirt does not look. */
export function checkUnique(machine: Machine, { dialect, reporter }: Context): void {
  if (!dialect.ours('capability-checks')) return;
  const seen = new Map<string, Span>();
  for (const { what, at } of allDevices(machine).flatMap(usesOf)) {
    const first = seen.get(what);
    if (first === undefined) seen.set(what, at);
    else reporter.report('BV0599', at, { what }, { notes: [{ span: first, text: 'first use' }] });
  }
}

function usesOf(device: Device): readonly Use[] {
  const at = device.origins[0];
  switch (device.kind) {
    case 'passthru': {
      const { bus, slot, function: fn } = device.host;
      return [{ what: `host device ${[bus, slot, fn].join('/')}`, at }];
    }
    case 'virtio-console': {
      // The first origins are those of the controller; each channel has one, in the order of the ports.
      const channels = device.origins.slice(-device.ports.length);
      return device.ports.flatMap(({ name, path }, i) => [
        { what: `the channel name ${name}`, at: channels[i] ?? at },
        { what: `the unix socket ${path}`, at: channels[i] ?? at },
      ]);
    }
    case 'virtio-net':
    case 'e1000':
      return [{ what: `the MAC address ${device.mac}`, at }];
    case 'uart':
      return device.backend.kind === 'tcp' ? [{ what: `TCP port ${device.backend.service}`, at }] : [];
    case 'fbuf': {
      const { listen } = device;
      if (listen.kind === 'unix') return [{ what: `the unix socket ${listen.path}`, at }];
      return listen.port.wanted === null ? [] : [{ what: `TCP port ${String(listen.port.wanted)}`, at }];
    }
    default:
      return [];
  }
}
