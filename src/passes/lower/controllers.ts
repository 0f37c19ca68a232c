/** Controllers to the devices that stand for them (libvirt-compile reference, sections 4.2, 5.1 and 6.9, 6.10). */
import { sayingOf } from '../../diagnostics/sayings.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { Place } from '../../ir/emulations/define.ts';
import type { CompleteController, CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { lowerNvme, lowerSata } from './disks.ts';
import { lowerScsi } from './scsi.ts';
import { placeOf } from './place.ts';
import { lowerUsb } from './usb.ts';
import { checkAbsolute, checkEquals, checkSocket, checkText } from './words.ts';

/** Ports of a virtio-console device of bhyve. */
const portsOfVirtioConsole = 16;

/** Where libvirt puts the LPC bridge unless another device is pinned there. */
const lpcAddress = { bus: 0, slot: 1, function: 0 };

/** Gives the devices of all controllers, in list order. */
export function lowerControllers(domain: CompleteDomain, context: Context): readonly Device[] {
  for (const { targetType, at } of domain.domain.devices.channels)
    if (targetType?.value !== 'virtio')
      context.reporter.report('BV1301', at, { what: '<channel>', ...sayingOf('device') });
  return domain.controllers.flatMap((controller) => lowerController(controller, domain, context));
}

function lowerController(controller: CompleteController, domain: CompleteDomain, context: Context): readonly Device[] {
  const { reporter } = context;
  const { type, index, model, origins } = controller;
  const place = controllerPlace(controller, domain, context);
  if (controller.written) context.uses.takeWhole(origins[0]);
  switch (type) {
    case 'pci':
      return lowerPci(controller, context);
    case 'sata':
      return [lowerSata(controller, place, domain, context)];
    case 'scsi':
      return [lowerScsi(controller, place, domain, context)];
    case 'nvme':
      return lowerNvme(controller, place, domain, context);
    case 'virtio-serial':
      return [lowerVirtioSerial(controller, place, domain, context)];
    case 'usb':
      return lowerUsb(controller, place, domain, context);
    case 'isa': {
      if (index !== 0) reporter.report('BV0530', controller.places.index, {});
      if (controller.address?.type === 'pci' && controller.address.bus !== 0) {
        reporter.report('BV0531', controller.address.places.bus, { bus: controller.address.bus });
      }
      if (domain.arch === 'arm64' && context.dialect.ours('capability-checks'))
        reporter.report('BV0532', origins[0], {});
      return [{ kind: 'lpc', place, origins }];
    }
    default:
      // One that a disk implies is told at the disk.
      if (controller.written) reporter.report('BV0533', model?.at ?? controller.places.type, { type });
      return [];
  }
}

function lowerPci({ model, index, places, origins }: CompleteController, { reporter }: Context): readonly Device[] {
  const isRoot = model?.value === 'pci-root' || model?.value === 'pcie-root';
  if (isRoot && index !== 0) reporter.report('BV0534', places.index, { model: model.value });
  if (model?.value !== 'pci-root')
    reporter.report('BV0535', model?.at ?? origins[0], { model: model?.value ?? 'none' });
  return [];
}

/** libvirt compares model numbers of all kinds of controllers with that of pci-root, which is 0. */
const modelsOfNumberZero: Partial<Record<CompleteController['type'], string>> = {
  scsi: 'auto',
  'virtio-serial': 'virtio',
};

function controllerPlace(controller: CompleteController, domain: CompleteDomain, context: Context): Place {
  const { type, index, model, address, origins } = controller;
  const owner = type === 'isa' ? 'LPC bridge' : `${type} controller ${String(index)}`;
  const onSlotZero =
    !context.dialect.ours('pci-model-zero') &&
    (type === 'usb' ? model?.value !== 'nec-xhci' : model !== null && modelsOfNumberZero[type] === model.value);
  if (onSlotZero && (address === null || address.type !== 'pci' || address.slot === 0)) {
    return { kind: 'fixed', address: { bus: 0, slot: 0, function: 0 } };
  }
  const remembered = domain.recall.named(owner);
  const request = { owner, remembered, address, origins, libvirtPrintsFunction: type === 'usb' };
  return placeOf(type === 'isa' ? { ...request, prefers: lpcAddress } : request, context);
}

function lowerVirtioSerial(
  controller: CompleteController,
  place: Place,
  domain: CompleteDomain,
  context: Context,
): Device {
  const { reporter, dialect } = context;
  if (controller.written && controller.ports > portsOfVirtioConsole) {
    reporter.report('BV0536', controller.places.ports, { ports: controller.ports });
  }
  const onIt = domain.channels.filter((one) => one.controller === controller.index);
  // Once they were placed, their order is that of their ports.
  const isKnown = onIt.some(({ channel }) => domain.recall.of(channel).held.port !== undefined);
  const channels = isKnown ? onIt.toSorted((one, other) => one.port - other.port) : onIt;
  const usable = channels.flatMap(({ channel }) => {
    const { source, name } = channel;
    if (source.type.value !== 'unix') {
      reporter.report('BV0537', source.type.at, { type: source.type.value });
      context.uses.leaveOut(channel.at);
      return [];
    }
    if (name?.value.includes(',') === true) reporter.report('BV0538', name.at, { what: 'the name of a channel' });
    if (source.path?.value.includes(',') === true) {
      reporter.report('BV0538', source.path.at, { what: 'the path of a unix socket' });
    }
    if (dialect.ours('word-separators')) {
      if (name === null) reporter.report('BV0310', channel.at, { element: 'channel', part: 'target name' });
      else {
        checkText(name, 'the name of a channel', context);
        checkEquals(name, 'the name of a channel', context);
      }
      if (source.path !== null) {
        checkAbsolute(source.path, 'the path of a unix socket', context);
        checkSocket(source.path, context);
      }
    }
    if (source.path === null) reporter.report('BV0310', source.at, { element: 'channel', part: 'socket path' });
    const { uses } = context;
    for (const part of [source.type, source.path, name, channel.targetType]) uses.take(part);
    uses.take(source.mode);
    if (source.mode?.value === 'connect') {
      const severity = dialect.ours('word-separators') ? 'error' : 'warning';
      reporter.report('BV1512', source.mode.at, {}, { severity });
    }
    if (channel.address?.type === 'virtio-serial') uses.takeWhole(channel.address);
    const nothing = { value: '', at: channel.at };
    return [{ name: name ?? nothing, path: source.path ?? nothing, at: channel.at }];
  });
  const origins = [...controller.origins, ...usable.map(({ at }) => at)] as const;
  if (usable.length === 0) return { kind: 'empty-slot', place, origins };
  return { kind: 'virtio-console', place, ports: usable.map(({ name, path }) => ({ name, path })), origins };
}
