/**
 * What the readers took and this machine has no use for: reported, like all that nobody reads. In the libvirt dialect
 * that is also what libvirt drops. Reports: BV0301, BV0302, BV0590.
 */
import type { DifferenceName } from '../../dialect/differences.ts';
import type { Span } from '../../diagnostics/source.ts';
import type { CompleteDisk, CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootsFirmware } from './firmware-order.ts';

/** Reports the parts of the domain that come to nothing. */
export function reportUnused(domain: CompleteDomain, context: Context): void {
  for (const disk of domain.disks) reportDisk(disk, context);
  reportDevices(domain, context);
  reportPlatform(domain, context);
  reportDropped(domain, context);
}

function reportDisk({ disk, bus }: CompleteDisk, { reporter, dialect }: Context): void {
  const element = (at: Span | undefined, name: string): void => {
    if (at !== undefined) reporter.report('BV0302', at, { element: name });
  };
  if (bus !== 'nvme') element(disk.wwn?.at, 'wwn');
  if (bus === 'virtio' && disk.address?.type === 'drive') element(disk.address.at, 'address');
  if (bus !== 'sata' && dialect.ours('disk-identity')) element(disk.product?.at, 'product');
  if (bus === 'scsi') element(disk.serial?.at, 'serial');
  if (disk.driver.cache?.value === 'unsafe' && dialect.ours('disk-cache')) {
    reporter.report('BV0301', disk.driver.cache.at, { attribute: "cache='unsafe'", element: 'driver' });
  }
}

/** Parts of the machine that the architecture or the way of booting has no use for. */
function reportPlatform({ domain, arch }: CompleteDomain, { reporter, dialect }: Context): void {
  const { acpi, clock, os } = domain;
  if (!dialect.ours('acpi-tables')) return;
  if (arch === 'arm64' && acpi !== null) reporter.report('BV0302', acpi, { element: 'acpi' });
  if (arch === 'arm64' && clock.value === 'localtime') {
    reporter.report('BV0301', clock.at, { attribute: "offset='localtime'", element: 'clock' });
  }
  if (os.firmware?.value === 'bios') {
    reporter.report('BV0301', os.firmware.at, { attribute: "firmware='bios'", element: 'os' });
  }
}

function reportDevices(domain: CompleteDomain, { reporter, dialect }: Context): void {
  const { devices } = domain.domain;
  for (const other of devices.others) {
    // A memory device is an error of its own.
    if (other.name !== 'memory') reporter.report('BV0302', other.at, { element: other.name });
  }
  const { vcpus, pins, msrs } = domain.domain;
  if (msrs !== null && domain.arch === 'arm64' && dialect.ours('capability-checks')) {
    reporter.report('BV0302', msrs.at, { element: 'msrs' });
  }
  for (const { vcpu, at } of pins)
    if (vcpu >= vcpus.current.value) reporter.report('BV0302', at, { element: 'vcpupin' });
  for (const { type, targetDev } of devices.interfaces) {
    if (type.value === 'user' && targetDev !== null) reporter.report('BV0302', targetDev.at, { element: 'target' });
  }
  for (const { listen } of devices.graphics) {
    if (listen?.type === 'network') reporter.report('BV0301', listen.at, { attribute: 'network', element: 'listen' });
  }
  for (const { video } of domain.videos) {
    const model = video.model?.value;
    if (video.model === null || model === 'vga' || model === 'gop' || model === 'default') continue;
    reporter.report('BV0301', video.model.at, { attribute: `type='${video.model.value}'`, element: 'model' });
  }
  if (!bootsFirmware(domain) && dialect.ours('disk-bootindex-everywhere')) {
    for (const { bootOrder } of [...devices.interfaces, ...devices.hostdevs]) {
      if (bootOrder !== null) reporter.report('BV0302', bootOrder.at, { element: 'boot' });
    }
  }
  for (const channel of devices.channels) {
    if (channel.targetType !== null && channel.targetType.value !== 'virtio') {
      reporter.report('BV0302', channel.at, { element: 'channel' });
    }
  }
  // A console that mirrors the first serial port is that port; further ones come to nothing.
  for (const [place, console] of devices.consoles.entries()) {
    const target = console.targetType?.value ?? 'serial';
    if (place > 0 || target !== 'serial') reporter.report('BV0302', console.at, { element: 'console' });
  }
}

/** The values that only bhyvec's own dialect honours. */
function reportDropped(domain: CompleteDomain, { reporter, dialect }: Context): void {
  const drop = (row: DifferenceName, at: Span | null | undefined, what: string): void => {
    if (at != null && !dialect.ours(row)) reporter.report('BV0590', at, { what, row });
  };
  const { uuid, vcpus, devices, sysinfo, os } = domain.domain;
  for (const { disk, bus } of domain.disks) {
    drop('disk-readonly', disk.device.value === 'cdrom' ? null : disk.readonly, '<readonly/>');
    drop('disk-cache', disk.driver.cache?.value === 'default' ? null : disk.driver.cache?.at, 'cache');
    drop('disk-discard', disk.driver.discard?.at, 'discard');
    drop('disk-sector-size', (disk.blockio.logical ?? disk.blockio.physical)?.at, '<blockio>');
    drop('disk-identity', bus === 'virtio' ? disk.serial?.at : null, '<serial>');
    drop('disk-identity', disk.product?.at, '<product>');
  }
  drop('guest-uuid', uuid?.at, '<uuid>');
  drop('disk-bootindex-everywhere', bootsFirmware(domain) ? os.bootDevs[0]?.at : null, '<boot dev>');
  drop('cpu-affinity', vcpus.cpuset?.at, 'cpuset');
  drop('smbios-family', sysinfo.family?.at, 'the family of the system');
  for (const { mtu, targetDev, bootOrder, portForwards } of devices.interfaces) {
    drop('network-mtu', mtu?.at, '<mtu>');
    drop('slirp-forwards', portForwards[0]?.at, '<portForward>');
    drop('network-tap-name', targetDev?.at, 'the name of the tap');
    drop('disk-bootindex-everywhere', bootOrder?.at, 'the boot order of an interface');
  }
  for (const { keymap } of devices.graphics) drop('vnc-keymap', keymap?.at, 'keymap');
  for (const { rom } of devices.hostdevs) drop('passthrough-rom', rom?.at, '<rom file>');
  for (const { at } of devices.tpms) drop('tpm', at, '<tpm>');
  const hasUsb = domain.controllers.some(({ type }) => type === 'usb');
  for (const { at } of devices.inputs) drop('tablet-controller', hasUsb ? null : at, '<input>');
  drop('loader-and-bootloader', os.loader === null ? null : os.bootloader?.at, '<bootloader>');
}
