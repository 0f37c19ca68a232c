/** BV25: documents of pools and volumes, and disks that are in them. Reported by `passes/storage` and where disks are lowered. */
import { entry, message } from '../message.ts';

export const storage = () => ({
  BV2552: entry({
    name: 'pool-type',
    severity: 'error',
    cannot: 'bhyvec',
    message: message`bhyvec has no pools of type '${'type'}'`,
    help: message`${'help'}`,
  }),
  BV2553: entry({
    name: 'pool-lacks',
    severity: 'error',
    message: message`a pool of type '${'type'}' needs ${'part'}`,
    help: message`write ${'example'}`,
  }),
  BV2554: entry({
    name: 'storage-name',
    severity: 'error',
    cannot: 'document',
    message: message`${'what'} cannot be '${'value'}'`,
    help: message`write ${'accepted'}`,
  }),
  BV2555: entry({
    name: 'storage-part-idle',
    severity: 'warning',
    ignored: true,
    message: message`${'what'} has no effect: ${'reason'}`,
    label: message`no effect`,
    help: message`remove it`,
  }),
  BV2556: entry({
    name: 'volume-without-pool',
    severity: 'error',
    message: message`the volume '${'name'}' belongs to no pool: ${'problem'}`,
    help: message`${'help'}`,
  }),
  BV2557: entry({
    name: 'volume-outside',
    severity: 'error',
    message: message`the volume '${'name'}' cannot be at ${'path'}: in its pool it is ${'expected'}`,
    cannot: 'document',
    help: message`remove <path>, which follows from pool and name, or name the pool that the path is in`,
  }),
  BV2558: entry({
    name: 'volume-format',
    severity: 'error',
    cannot: 'bhyve',
    message: message`a volume of format '${'format'}' is no disk that bhyve can read`,
    help: message`write <format type='raw'/>; qemu-img convert -O raw makes one of an image that is there`,
  }),
  BV2559: entry({
    name: 'volume-empty',
    severity: 'error',
    message: message`a volume has at least one sector`,
    help: message`write its size, as in <capacity unit='GiB'>20</capacity>`,
  }),
  BV2560: entry({
    name: 'volume-rounded',
    severity: 'warning',
    message: message`${'size'} bytes are no multiple of ${'block'}: the volume becomes ${'rounded'} bytes`,
    help: message`write that number, or use a binary unit such as GiB`,
  }),
  BV2561: entry({
    name: 'volume-not-reserved',
    severity: 'warning',
    ignored: true,
    message: message`nothing is reserved for a file: it takes of the disk what has been written`,
    label: message`no effect`,
    help: message`remove <allocation> or write 0, or use a pool of type 'zfs', whose volumes can be reserved`,
  }),
  BV2562: entry({
    name: 'pool-two-places',
    severity: 'error',
    message: message`the pool '${'pool'}' is ${'document'} by its document, ${'profile'} by the host profile`,
    help: message`name the same place in the profile, or remove the pool from it`,
  }),
  BV2563: entry({
    name: 'unknown-volume',
    severity: 'error',
    message: message`the pool '${'pool'}' has no volume '${'volume'}'`,
    help: message`${'known'}`,
  }),
  BV2564: entry({
    name: 'volume-blocks',
    severity: 'error',
    message: message`a zvol has no blocks of ${'size'} bytes`,
    help: message`write a power of two from 512 to 131072, as in <b:volblocksize unit='KiB'>64</b:volblocksize>`,
  }),
});
