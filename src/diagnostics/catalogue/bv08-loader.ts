/** BV18: what the user's own arguments say to a loader, and the kernel that it is to load. Reported by `passes/lower/loader-words.ts`, `loader.ts` and `kernel.ts`. */
import { entry, message } from '../message.ts';

export const loader = () => ({
  BV1842: entry({
    name: 'loader-without-name',
    severity: 'error',
    message: message`${'program'} is not told the name of the guest`,
    help: message`write ${'name'} at the end of <bootloader_args>`,
  }),
  BV1843: entry({
    name: 'loader-of-other-guest',
    severity: 'error',
    message: message`${'program'} would load '${'word'}', and bhyve would find no guest '${'name'}'`,
    help: message`write ${'name'} at the end of <bootloader_args>`,
  }),
  BV1844: entry({
    name: 'loader-other-memory',
    severity: 'error',
    message: message`${'program'} makes the guest with ${'size'} of memory, bhyve is to run it with ${'mib'} MiB`,
    help: message`write ${'cure'}`,
  }),
  BV1845: entry({
    name: 'loader-default-memory',
    severity: 'error',
    message: message`without a size ${'program'} makes the guest with ${'default'} MiB of memory, and it has ${'mib'} MiB`,
    help: message`add ${'cure'} to <bootloader_args>, before the name`,
  }),
  BV1846: entry({
    name: 'loader-memory-size',
    severity: 'error',
    message: message`'${'size'}' is no size that ${'program'} can read`,
    help: message`write ${'cure'}`,
  }),
  BV1847: entry({
    name: 'loader-not-wired',
    severity: 'error',
    message: message`the memory of the guest is wired, and ${'program'} is not told so`,
    help: message`add -S to <bootloader_args>, before the name`,
  }),
  BV1848: entry({
    name: 'loader-wired-alone',
    severity: 'error',
    message: message`${'program'} wires the memory, and bhyve is not told so: it would refuse the guest`,
    help: message`remove -S, or add <memoryBacking><locked/></memoryBacking>`,
  }),
  BV1849: entry({
    name: 'loader-without-map',
    severity: 'error',
    message: message`grub-bhyve finds no '${'root'}': it is given no device map`,
    help: message`add -m and the path of a device map, or remove <bootloader_args>: bhyvec then makes one`,
  }),
  BV1850: entry({
    name: 'loader-option-unknown',
    severity: 'error',
    cannot: 'loader',
    message: message`${'program'} has no option '${'option'}', and ends`,
    help: message`remove it`,
  }),
  BV1851: entry({
    name: 'loader-option-value',
    severity: 'error',
    message: message`'${'option'}' of ${'program'} needs a value, and no word follows`,
    help: message`add the value, or remove the option`,
  }),
  BV1852: entry({
    name: 'loader-further-word',
    severity: 'error',
    message: message`${'program'} takes one name, and '${'word'}' comes after '${'first'}'`,
    help: message`keep the name of the guest alone, as the last word`,
  }),
  BV1853: entry({
    name: 'loader-does-not-load',
    severity: 'error',
    message: message`with '${'option'}' ${'program'} ${'does'}: the guest never starts`,
    help: message`remove it`,
  }),
  BV1854: entry({
    name: 'grub-root-unknown',
    severity: 'error',
    message: message`grub finds no '${'disk'}' in this guest: its disks are ${'disks'}`,
    help: message`write one of them, as in root='${'cure'}'`,
  }),
  BV1855: entry({
    name: 'loader-without-disk',
    severity: 'error',
    message: message`bhyveload is given neither a disk nor a directory to load from`,
    help: message`add -d and the path of a disk, or -h and a directory of the host`,
  }),
  BV1856: entry({
    name: 'grub-words-alone',
    severity: 'error',
    message: message`grub-bhyve is given these words alone: no name of the guest, no memory, no device map`,
    help: message`write <b:grub xmlns:b='${'uri'}' ${'attributes'}/> into <metadata>, and remove <bootloader_args>`,
  }),
  BV1857: entry({
    name: 'firmware-of-qemu',
    severity: 'warning',
    message: message`'${'file'}' is firmware for QEMU, by its name, and bhyve needs firmware of its own`,
    help: message`write <os firmware='efi'> without <loader>, or the path of BHYVE_UEFI.fd of the port edk2-bhyve`,
  }),
  BV1880: entry({
    name: 'kernel-command-line',
    severity: 'error',
    message: message`GRUB puts a backslash before each ${'character'} of a command line, which the kernel then reads`,
    help: message`write it without quotes and backslashes, or boot what is on the disk with a grub.cfg of its own`,
  }),
  BV1881: entry({
    name: 'kernel-of-the-host',
    severity: 'note',
    message: message`grub-bhyve reads the kernel from the host: no manual says that each of its versions can`,
    label: message`read by grub-bhyve as a file of (host)`,
    help: message`nothing is to be done where the guest starts; else boot what is on its disk`,
  }),
});
