/** BV05, first part: words, addresses and disks that bhyve cannot have. Reported by `passes/lower`. */
import { entry, message } from '../message.ts';

export const disks = {
  BV0501: entry({
    name: 'comma-in-word',
    severity: 'error',
    message: message`${'what'} contains a comma, at which bhyve cuts its arguments`,
    help: message`bhyve has no quoting for it: write it without a comma; a link can give a file another name`,
  }),
  BV0502: entry({
    name: 'percent-in-word',
    severity: 'error',
    message: message`${'what'} contains a percent sign that bhyve expands like a variable`,
    help: message`bhyve_config(5) has no safe way to write it: rename the file`,
  }),
  BV0503: entry({
    name: 'control-character',
    severity: 'error',
    message: message`${'what'} contains a control character`,
    help: message`remove the line break, tab or other control character`,
  }),
  BV0504: entry({
    name: 'relative-path',
    severity: 'error',
    message: message`${'what'} must be an absolute path, not '${'path'}'`,
    help: message`write the path from / on: nobody knows the directory that the guest will be started in`,
  }),
  BV0505: entry({
    name: 'wrong-device-address',
    severity: 'error',
    message: message`this device needs a PCI address, not one of type '${'kind'}'`,
    help: message`write <address type='pci' slot='...'/>, or leave it out and bhyvec picks a free slot`,
  }),
  BV0506: entry({
    name: 'pci-domain',
    severity: 'error',
    message: message`PCI address ${'address'} is in another domain than 0`,
    help: message`bhyve has domain 0 only: write domain='0x0000'`,
  }),
  BV0507: entry({
    name: 'pci-bus',
    severity: 'error',
    message: message`PCI address ${'address'} is on another bus than 0`,
    help: message`libvirt knows bus 0 only; without --compat libvirt buses 0 to 255 can be used`,
  }),
  BV0510: entry({
    name: 'boot-order-too-large',
    severity: 'error',
    message: message`boot order ${'order'} is greater than bhyve's maximum of ${'max'}`,
    help: message`number the devices 1, 2, 3, ...`,
  }),
  BV0511: entry({
    name: 'rotation-rate-bus',
    severity: 'error',
    message: message`a rotation rate is only possible on bus sata, not on ${'bus'}`,
    help: message`remove rotation_rate, or move the disk to bus='sata'`,
  }),
  BV0512: entry({
    name: 'queues-bus',
    severity: 'error',
    message: message`queues and queue_size are only possible on bus nvme, not on ${'bus'}`,
    help: message`remove them, or move the disk to bus='nvme'`,
  }),
  BV0513: entry({
    name: 'comma-in-serial',
    severity: 'error',
    message: message`the serial number contains a comma, at which bhyve cuts its arguments`,
    help: message`write a serial number without a comma`,
  }),
  BV0514: entry({
    name: 'image-format',
    severity: 'error',
    message: message`bhyve reads raw images only, not '${'format'}'`,
    help: message`convert the image, for example with qemu-img convert -O raw, and write type='raw'`,
  }),
  BV0515: entry({
    name: 'disk-type',
    severity: 'error',
    message: message`a disk on bus ${'bus'} cannot be of type '${'type'}'`,
    help: message`write type='${'accepted'}'`,
  }),
  BV0516: entry({
    name: 'disk-without-source',
    severity: 'error',
    message: message`disk ${'target'} has no source`,
    help: message`name its file or device in <source>`,
  }),
  BV0517: entry({
    name: 'sector-size',
    severity: 'error',
    message: message`a sector size is a power of two from 512 up, not ${'size'}`,
    help: message`write 512 or 4096`,
  }),
  BV0518: entry({
    name: 'sector-size-order',
    severity: 'error',
    message: message`the physical block size ${'physical'} is smaller than the logical one, ${'logical'}`,
  }),
  BV0519: entry({
    name: 'disk-bus',
    severity: 'error',
    message: message`bhyve has no disks on bus ${'bus'}`,
    help: message`use bus='virtio', bus='nvme' or bus='sata'`,
  }),
  BV0520: entry({
    name: 'disk-device',
    severity: 'error',
    message: message`bhyve cannot have a ${'device'} on bus ${'bus'}`,
    help: message`CD-ROMs sit on bus sata; disks on virtio, nvme, sata, and on scsi for CTL`,
  }),
  BV0521: entry({
    name: 'cdrom-without-source',
    severity: 'error',
    message: message`CD-ROM ${'target'} has no medium: libvirt's driver refuses it`,
    help: message`name an image in <source>, or remove the drive`,
  }),
  BV0522: entry({
    name: 'empty-cdrom',
    severity: 'warning',
    ignored: true,
    message: message`CD-ROM ${'target'} has no medium: bhyve has no empty drives, so the guest gets none`,
    label: message`left out`,
    help: message`name an image in <source>, or remove the drive`,
  }),
  BV0523: entry({
    name: 'second-nvme-disk',
    severity: 'error',
    message: message`NVMe controller ${'controller'} cannot have more than one disk`,
    help: message`number the disks nvme0n1, nvme1n1, ...: each has its own controller`,
  }),
  BV0524: entry({
    name: 'second-scsi-disk',
    severity: 'error',
    message: message`SCSI controller ${'controller'} cannot have more than one CTL port`,
    help: message`put it on another controller with <address type='drive' controller='1'/>`,
  }),
  BV0525: entry({
    name: 'too-many-sata-disks',
    severity: 'error',
    message: message`SATA controller ${'controller'} has more than ${'max'} disks`,
    help: message`put the disk on another controller, or leave the address out and bhyvec finds a place`,
  }),
  BV0526: entry({
    name: 'long-identity',
    severity: 'warning',
    message: message`only the first ${'max'} characters of ${'what'} count`,
  }),
} as const;
