/** Rows of the table of differences: disks. */
import type { Difference } from '../difference.ts';

export const disks = {
  'disk-readonly': {
    libvirt: '`<readonly/>` is dropped',
    bhyvec: '`ro` for the disk',
    reason: 'the XML asks for it and every bhyve has the option',
    effect: 'the guest cannot write to the disk',
  },
  'disk-cache': {
    libvirt: "`<driver cache='...'>` is dropped",
    bhyvec: '`nocache` for none, `direct` for writethrough, both for directsync',
    reason: 'bhyve has the options since FreeBSD 10',
    effect: 'writes reach the disk when the guest believes so',
  },
  'disk-discard': {
    libvirt: "`<driver discard='ignore'>` is dropped",
    bhyvec: '`nodelete` for the disk, `dsm=disable` for nvme',
    reason: 'the XML asks for it',
    effect: 'TRIM requests of the guest do not free blocks of the image',
  },
  'disk-sector-size': {
    libvirt: '`<blockio>` is dropped',
    bhyvec: '`sectorsize=LOGICAL/PHYSICAL`, `sectsz=` for nvme',
    reason: 'guests align their partitions by it; virt-install writes it',
    effect: 'the guest sees the sector sizes of the XML',
  },
  'disk-identity': {
    libvirt: '`<serial>` of virtio disks and `<product>` are dropped',
    bhyvec: '`ser=` for virtio-blk, `model=` for ahci',
    reason: 'without them the serial number changes with the path of the image',
    effect: 'stable /dev/disk/by-id names in the guest',
  },
  'disk-block': {
    libvirt: "`<disk type='block'>` is refused on sata and virtio, accepted on nvme",
    bhyvec: 'block devices are accepted everywhere',
    reason: 'a zvol is a block device',
    effect: 'none',
  },
  'disk-volume-nvme': {
    libvirt: 'volumes are not looked up for nvme disks',
    bhyvec: 'volumes are looked up on every bus',
    reason: 'the path would be missing',
    effect: 'none',
  },
  'disk-bootindex-everywhere': {
    libvirt: '`bootindex=` for sata and virtio disks, whatever boots the guest',
    bhyvec:
      '`bootindex=` for disks of UEFI guests, from `<boot order>` or from `<boot dev>`; bhyve reads none of other devices ("Boot order" below)',
    reason: 'only UEFI firmware reads it; the other loaders have their own choice of a boot disk',
    effect: 'the firmware tries the devices in the order of the XML',
  },
  'disk-drive-units': {
    libvirt: 'controller and unit follow from the target name alone, and empty controllers before them are made',
    bhyvec: 'disks without an address fill the ahci controllers in order, 32 on each',
    reason:
      'a disk named sdaaa would need 22 empty controllers; bhyve numbers the ports of a controller in order anyway',
    effect: 'the same as with libvirt for disks named sda, sdb, ... without gaps',
  },
  'scsi-further-disks': {
    libvirt: 'all CTL disks of a SCSI controller but the first are dropped',
    bhyvec: 'a second one on the same controller is an error; on the development branch each is a target of its own',
    reason: 'a virtio-scsi device of bhyve has one CTL port, and targets on the development branch only',
    effect: 'none',
  },
  'virtio-scsi-target': {
    libvirt: 'the CTL port of a SCSI controller as a bare path',
    bhyvec: '`target=PATH` for each disk, and `target.0` in bhyve.conf, where the target wants it',
    reason: 'the development branch of FreeBSD has no key for a bare path any more',
    effect: 'the guest starts there',
  },
  'empty-cdrom': {
    libvirt: 'a CD-ROM drive without a medium is an error',
    bhyvec: 'it is left out, with a warning',
    reason: 'bhyve has no empty drives; libvirt itself leaves such drives in the XML after an installation',
    effect: 'the guest has no drive until a medium is named',
  },
} as const satisfies Record<string, Difference>;
