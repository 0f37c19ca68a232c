/** BV04: the parts of the domain do not fit together. Reported by `passes/complete`, in libvirt's words. */
import { entry, message } from '../message.ts';

export const domain = () => ({
  BV0401: entry({
    name: 'unknown-disk-name',
    severity: 'error',
    message: message`'${'target'}' is not the target name of a disk`,
    help: message`write a name such as ${'names'}`,
  }),
  BV0402: entry({
    name: 'wrong-disk-address',
    severity: 'error',
    message: message`a disk on bus ${'bus'} needs a drive address, not one of type '${'kind'}'`,
    help: message`write <address type='drive' controller='0' bus='0' target='0' unit='0'/>, or leave it out`,
  }),
  BV0403: entry({
    name: 'duplicate-disk-target',
    severity: 'error',
    message: message`two disks have the target name '${'target'}'`,
    label: message`second use`,
    help: message`give each disk a target name of its own`,
  }),
  BV0404: entry({
    name: 'duplicate-drive-address',
    severity: 'error',
    message: message`disks ${'other'} and ${'target'} have the same place: controller ${'controller'}, unit ${'unit'}`,
    help: message`give one of them another unit, or another target name`,
  }),
  BV0405: entry({
    name: 'not-an-nvme-name',
    severity: 'error',
    message: message`a disk on bus nvme needs a target name such as nvme0n1, not '${'target'}'`,
    help: message`write dev='nvme0n1': the first number is the controller, the second the namespace`,
  }),
  BV0406: entry({
    name: 'duplicate-controller',
    severity: 'error',
    message: message`two ${'type'} controllers have the index ${'index'}`,
    help: message`give each its own index, or leave it out and bhyvec picks a free one`,
  }),
  BV0407: entry({
    name: 'nvme-serial-conflict',
    severity: 'error',
    message: message`serial number '${'serial'}' differs from '${'other'}' of the disk's controller`,
    help: message`an NVMe controller and its disk share one serial number: remove one of the two`,
  }),
  BV0408: entry({
    name: 'channel-controller-full',
    severity: 'error',
    message: message`all ports of virtio-serial controller ${'controller'} are taken`,
    help: message`name another controller in the address, or leave the address out`,
  }),
  BV0410: entry({
    name: 'no-such-channel-port',
    severity: 'error',
    message: message`virtio-serial controller ${'controller'} has no port ${'port'}`,
    help: message`its ports are numbered up to ${'last'}; without an address bhyvec picks a free one`,
  }),
  BV0411: entry({
    name: 'channel-port-taken',
    severity: 'error',
    message: message`port ${'port'} of virtio-serial controller ${'controller'} is already taken`,
    help: message`leave the address out and bhyvec picks a free port`,
  }),
  BV0412: entry({
    name: 'second-serial-console',
    severity: 'error',
    message: message`only the first <console> can be a serial port`,
    help: message`write further serial ports as <serial>`,
  }),
  BV0413: entry({
    name: 'no-such-isa-port',
    severity: 'error',
    message: message`there is no ISA serial port ${'port'}: a PC has four, 0 to 3`,
    help: message`write a port from 0 to 3, or leave it out`,
  }),
  BV0414: entry({
    name: 'isa-port-taken',
    severity: 'error',
    message: message`ISA serial port ${'port'} is already taken`,
    help: message`leave the port out and bhyvec picks a free one`,
  }),
  BV0415: entry({
    name: 'duplicate-boot-order',
    severity: 'error',
    message: message`boot order ${'order'} is used for more than one device`,
    help: message`give each device its own number; 1 comes first`,
  }),
  BV0416: entry({
    name: 'two-boot-orders',
    severity: 'error',
    cannot: 'document',
    message: message`<boot dev> in <os> and <boot order> of devices cannot be used together`,
    help: message`keep one of the two`,
  }),
  BV0417: entry({
    name: 'foreign-arch',
    severity: 'error',
    message: message`the guest is for ${'arch'}, but ${'host'} runs ${'hostArch'} guests`,
    help: message`compile it for a target of that architecture, such as freebsd-15.1-arm64 for aarch64`,
  }),
  BV0418: entry({
    name: 'foreign-os-type',
    severity: 'error',
    message: message`bhyve runs guests of type hvm, not '${'type'}'`,
    help: message`write <type>hvm</type>`,
  }),
  BV0419: entry({
    name: 'second-primary-video',
    severity: 'error',
    message: message`only one video device can be the primary one`,
    help: message`keep primary='yes' in one of them`,
  }),
});
