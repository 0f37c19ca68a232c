/**
 * Controllers: indexes, list order, and those that other parts of the domain imply (libvirt-compile reference, sections
 * 1.2, 3.1, 3.3 and 4.1). Reports: BV0406, BV0407.
 */
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { Domain } from '../../frontend/domain.ts';
import type { Controller, ControllerType } from '../../frontend/elements/controller.ts';
import type { Context } from '../context.ts';
import type { CompleteController, CompleteDisk } from './complete-domain.ts';

/** Ports of a virtio-serial controller: those of bhyve, and those of one that libvirt's generic code adds. */
export const portsOfVirtioSerial = 16;
const portsOfGenericController = 31;

/** More implied controllers than a bus has slots: making them all would only take time. */
const enoughToFail = 40;

/** The growing list of controllers of one domain. */
export interface ControllerList {
  readonly controllers: readonly CompleteController[];
  has(type: ControllerType, index: number): boolean;
  lowestFreeIndex(type: ControllerType): number;
  /** Adds one that something else implies. */
  imply(
    type: ControllerType,
    index: number,
    origins: Origins,
    details?: { readonly model?: string; readonly ports?: number },
  ): void;
  /** Replaces the serial number of a controller that has none. */
  giveSerial(type: ControllerType, index: number, serial: Located<string>): void;
}

/** The controllers of the XML with their indexes, in list order. */
export function listControllers(domain: Domain, { reporter }: Context): ControllerList {
  const list: CompleteController[] = [];
  const taken = new Set(domain.devices.controllers.map(({ type, index }) => `${type} ${String(index?.value)}`));
  // Indexes are taken and never given back: below the lowest free one, none is free later.
  const lowest = new Map<ControllerType, number>();
  const lowestFree = (type: ControllerType): number => {
    let index = lowest.get(type) ?? 0;
    while (taken.has(`${type} ${String(index)}`)) index += 1;
    lowest.set(type, index);
    return index;
  };
  // libvirt numbers the controllers that have no index when all are in the list: until then they count as -1.
  const unnumbered = new Set<CompleteController>();
  /** The controllers by type and index, the first of those that share one. */
  const known = new Map<string, CompleteController>();
  const highest = new Map<ControllerType, number>();
  const insert = (controller: CompleteController): void => {
    const { type, index } = controller;
    const key = `${type} ${String(index)}`;
    if (!known.has(key)) known.set(key, controller);
    // Where all of the type have lower numbers, its place is behind the last of them.
    const isLast = unnumbered.size === 0 && index >= (highest.get(type) ?? -1);
    highest.set(type, Math.max(highest.get(type) ?? -1, index));
    const number = (one: CompleteController): number => (unnumbered.has(one) ? -1 : one.index);
    let at = -1;
    for (let i = list.length - 1; i >= 0; i--) {
      const current = list[i];
      if (current?.type !== controller.type) continue;
      if (!unnumbered.has(controller) && number(current) > controller.index) at = i;
      else if (at === -1) at = i + 1;
      if (isLast || unnumbered.has(controller)) break;
    }
    list.splice(at === -1 ? list.length : at, 0, controller);
  };
  for (const written of domain.devices.controllers) {
    const index = written.index?.value ?? lowestFree(written.type);
    taken.add(`${written.type} ${String(index)}`);
    reportDuplicate(written, index, known.get(`${written.type} ${String(index)}`), reporter);
    const controller = completeWritten(written, index);
    if (written.index === null) unnumbered.add(controller);
    insert(controller);
  }
  unnumbered.clear();
  return {
    controllers: list,
    has: (type, index) => known.has(`${type} ${String(index)}`),
    lowestFreeIndex: lowestFree,
    imply(type, index, origins, { model, ports = portsOfGenericController } = {}) {
      taken.add(`${type} ${String(index)}`);
      const named = model === undefined ? null : { value: model, at: origins[0] };
      const [at] = origins;
      const places = { type: at, index: at, ports: at };
      insert({ type, index, model: named, ports, serial: null, address: null, written: false, places, origins });
    },
    giveSerial(type, index, serial) {
      const place = list.findIndex((controller) => controller.type === type && controller.index === index);
      const controller = list[place];
      if (controller !== undefined) list[place] = { ...controller, serial };
    },
  };
}

function completeWritten(written: Controller, index: number): CompleteController {
  const { type, model, serial, address, places, at } = written;
  const ports = written.ports?.value ?? portsOfVirtioSerial;
  return { type, index, model, ports, serial, address, written: true, places, origins: [at] };
}

function reportDuplicate(
  written: Controller,
  index: number,
  other: CompleteController | undefined,
  reporter: Context['reporter'],
): void {
  if (other === undefined || written.type === 'usb') return;
  const notes = [{ span: other.origins[0], text: 'the other one' }];
  reporter.report('BV0406', written.index?.at ?? written.at, { type: written.type, index }, { notes });
}

/** Adds the controllers that libvirt's bhyve driver adds: PCI root, ISA, and virtio-serial for the channels. */
export function implyDriverControllers(list: ControllerList, domain: Domain, needsIsa: Origins | null): void {
  if (!list.has('pci', 0)) list.imply('pci', 0, [domain.at], { model: 'pci-root' });
  if (needsIsa !== null && !list.has('isa', 0)) list.imply('isa', 0, needsIsa);
  const channels = domain.devices.channels.filter(({ targetType }) => targetType?.value === 'virtio');
  const needed = Math.ceil(channels.length / portsOfVirtioSerial);
  const present = list.controllers.filter(({ type }) => type === 'virtio-serial').length;
  for (let i = present; i < needed; i++) {
    const channel = channels[i * portsOfVirtioSerial];
    list.imply('virtio-serial', list.lowestFreeIndex('virtio-serial'), [channel?.at ?? domain.at], {
      ports: portsOfVirtioSerial,
    });
  }
}

/** Adds the controllers that disks, channels and consoles imply. */
export function implyGenericControllers(
  list: ControllerList,
  disks: readonly CompleteDisk[],
  domain: Domain,
  { dialect, reporter }: Context,
): void {
  for (const bus of ['scsi', 'fdc', 'ide', 'sata', 'nvme'] as const) {
    const onBus = disks.filter((disk) => disk.bus === bus);
    const used = new Map(onBus.map(({ controller, disk }) => [controller ?? 0, disk.target.at]));
    const first = onBus[0];
    if (first === undefined) continue;
    const highest = Math.max(...used.keys());
    const all = Array.from({ length: Math.min(highest + 1, enoughToFail) }, (_, index) => index);
    // All up to the highest keep their slots when a disk goes; that costs nothing where names have no gaps.
    const wanted =
      dialect.ours('disk-drive-units') && bus !== 'nvme' ? [...used.keys()].toSorted((a, b) => a - b) : all;
    for (const index of wanted.slice(0, enoughToFail)) {
      if (!list.has(bus, index)) list.imply(bus, index, [used.get(index) ?? first.disk.target.at]);
    }
  }
  shareNvmeSerials(list, disks, reporter);
  const ports = dialect.ours('disk-drive-units') ? portsOfVirtioSerial : portsOfGenericController;
  for (const user of [...domain.devices.channels, ...domain.devices.consoles]) {
    if (user.targetType?.value !== 'virtio') continue;
    const index = user.address?.type === 'virtio-serial' ? user.address.controller : 0;
    if (!list.has('virtio-serial', index)) list.imply('virtio-serial', index, [user.address?.at ?? user.at], { ports });
  }
}

/** The serial number of an NVMe disk belongs to its controller. */
function shareNvmeSerials(list: ControllerList, disks: readonly CompleteDisk[], reporter: Context['reporter']): void {
  for (const { disk, bus, controller } of disks) {
    if (bus !== 'nvme' || disk.serial === null || controller === null) continue;
    const known = list.controllers.find((one) => one.type === 'nvme' && one.index === controller)?.serial ?? null;
    if (known === null) list.giveSerial('nvme', controller, disk.serial);
    else if (known.value !== disk.serial.value) {
      const notes = [{ span: known.at, text: 'the serial number of its controller' }];
      reporter.report('BV0407', disk.serial.at, { serial: disk.serial.value, other: known.value }, { notes });
    }
  }
}
