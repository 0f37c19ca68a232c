/**
 * Values that only our dialect honours: libvirt drops them, and says nothing; those that it writes itself are for the note of the
 * document. What nobody uses in either dialect is
 * found by the account of the whole document (`frontend/accounts.ts`). Reports: BV0301, BV0302, BV0590.
 */
import type { DifferenceName } from '../../dialect/differences.ts';
import type { Span } from '../../diagnostics/source.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootsFirmware } from './firmware-order.ts';

/** Reports the values that the dialect drops. */
export function reportDropped(domain: CompleteDomain, { reporter, dialect, uses }: Context): void {
  const drop = (row: DifferenceName, at: Span | null | undefined, what: string): void => {
    if (at != null && !dialect.ours(row)) reporter.report('BV0590', at, { what, row });
  };
  const { uuid, vcpus, devices, sysinfo, os } = domain.domain;
  for (const { disk, bus } of domain.disks) {
    drop('disk-readonly', disk.device.value === 'cdrom' ? null : disk.readonly, '<readonly/>');
    drop('disk-cache', disk.driver.cache?.value === 'default' ? null : disk.driver.cache?.at, 'cache');
    drop('disk-discard', disk.driver.discard?.at, 'discard');
    for (const size of [disk.blockio.logical, disk.blockio.physical]) drop('disk-sector-size', size?.at, '<blockio>');
    drop('disk-identity', bus === 'virtio' ? disk.serial?.at : null, '<serial>');
    drop('disk-identity', disk.product?.at, '<product>');
  }
  if (uuid !== null && !dialect.ours('guest-uuid')) uses.leaveToLibvirt(uuid.at);
  if (bootsFirmware(domain)) {
    // This one libvirt writes where a document has no order.
    const [only, ...others] = os.bootDevs;
    const isUsual = only?.value === 'hd' && others.length === 0 && !dialect.ours('disk-bootindex-everywhere');
    if (isUsual) uses.leaveToLibvirt(only.at);
    else for (const dev of os.bootDevs) drop('disk-bootindex-everywhere', dev.at, '<boot dev>');
  }
  drop('cpu-affinity', vcpus.cpuset?.at, 'cpuset');
  const { cputune, memoryNodes } = domain.domain;
  const { ofVcpus, ofGuest, emulatorPin, scheds } = cputune;
  for (const { quota, period } of [ofVcpus, ofGuest])
    for (const [at, what] of [
      [quota?.at, 'the quota'],
      [period?.at, 'the period'],
    ] as const)
      drop('process-limits', at, what);
  for (const { disk } of domain.disks) drop('process-limits', disk.iotune?.at, '<iotune>');
  for (const { at, vcpus: named } of scheds)
    drop('process-priority', at, named === null ? '<emulatorsched>' : '<vcpusched>');
  drop('process-priority', emulatorPin?.at, '<emulatorpin>');
  drop('process-priority', memoryNodes?.at, '<memory> of <numatune>');
  drop('smbios-family', sysinfo.family?.value.at, 'the family of the system');
  for (const { at } of sysinfo.itemTypes) drop('firmware-items', at, '<sysinfo type="fwcfg">');
  for (const { mtu, targetDev, bootOrder, portForwards, isolated, link } of devices.interfaces) {
    drop('network-mtu', mtu?.at, '<mtu>');
    for (const forward of portForwards) drop('slirp-forwards', forward.at, '<portForward>');
    drop('network-port', isolated?.value === true ? isolated.at : null, 'isolated');
    drop('network-port', link?.value === 'down' ? link.at : null, "state='down' of the link");
    // Names that begin so are those that libvirt gave to a running guest.
    drop(
      'network-tap-name',
      targetDev?.value.startsWith('vnet') === true ? null : targetDev?.at,
      'the name of the tap',
    );
    drop('disk-bootindex-everywhere', bootOrder?.at, 'the boot order of an interface');
  }
  for (const { keymap } of devices.graphics) drop('vnc-keymap', keymap?.at, 'keymap');
  for (const { rom } of devices.hostdevs) drop('passthrough-rom', rom?.at, '<rom file>');
  for (const { at } of devices.tpms) drop('tpm', at, '<tpm>');
  const hasUsb = domain.controllers.some(({ type }) => type === 'usb');
  for (const { at } of devices.inputs) drop('tablet-controller', hasUsb ? null : at, '<input>');
  drop('loader-and-bootloader', os.loader === null ? null : os.bootloader?.at, '<bootloader>');
  drop('loader-and-bootloader', os.bootloader === null ? null : os.loader?.at, '<loader>');
}
