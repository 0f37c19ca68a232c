/** BV08: how the guest boots, runs and ends. Reported by `passes/lower`. */
import { entry, message } from '../message.ts';

export const boot = {
  BV0801: entry({
    name: 'loader-and-bootloader',
    severity: 'error',
    message: message`a guest boots by firmware or by a <bootloader>, not by both`,
    help: message`remove one of the two`,
  }),
  BV0802: entry({
    name: 'no-uboot',
    severity: 'error',
    message: message`an arm64 guest needs a loader, and U-Boot is not at ${'path'}`,
    help: message`install the package u-boot-bhyve-arm64, or name a loader in <loader>`,
  }),
  BV0803: entry({
    name: 'loader-format',
    severity: 'error',
    message: message`firmware for bhyve is raw, not '${'format'}'`,
  }),
  BV0804: entry({
    name: 'no-firmware',
    severity: 'error',
    message: message`no firmware was found in ${'directory'}`,
    help: message`install the package edk2-bhyve, or name the firmware in <loader>`,
  }),
  BV0805: entry({
    name: 'glued-nvram',
    severity: 'warning',
    message: message`the loader path holds two paths; it is read as firmware and variable store`,
    help: message`write <loader>${'path'}</loader><nvram>${'store'}</nvram>`,
  }),
  BV0806: entry({
    name: 'nvram-type',
    severity: 'error',
    message: message`the variable store must be a file, not of type '${'type'}'`,
  }),
  BV0807: entry({
    name: 'nvram-without-pflash',
    severity: 'warning',
    ignored: true,
    message: message`<nvram> has no effect: the loader is not a read-only pflash`,
    label: message`ignored`,
    help: message`write <loader readonly='yes' type='pflash'>`,
  }),
  BV0808: entry({
    name: 'bootloader-on-arm64',
    severity: 'error',
    message: message`arm64 guests boot by a boot ROM; there is no bootloader for them`,
    help: message`remove <bootloader>`,
  }),
  BV0809: entry({
    name: 'bootloader-without-arguments',
    severity: 'error',
    message: message`the bootloader '${'program'}' needs its arguments in <bootloader_args>`,
    help: message`write them, or use grub-bhyve, whose arguments bhyvec knows`,
  }),
  BV0810: entry({
    name: 'no-disk',
    severity: 'error',
    message: message`the guest has no disk to boot from`,
    help: message`add a <disk>, or boot by UEFI with <os firmware='efi'>`,
  }),
  BV0811: entry({
    name: 'second-boot-device',
    severity: 'error',
    message: message`bhyveload boots from one device only`,
    help: message`keep one of them`,
  }),
  BV0812: entry({
    name: 'boot-device-kind',
    severity: 'error',
    message: message`bhyveload cannot boot from '${'dev'}'`,
    help: message`write <boot dev='hd'/> or <boot dev='cdrom'/>`,
  }),
  BV0813: entry({
    name: 'no-boot-device',
    severity: 'error',
    message: message`the guest has no device of kind '${'dev'}' to boot from`,
    help: message`add one, or name another kind in <boot dev>`,
  }),
  BV0814: entry({
    name: 'blank-in-device-map',
    severity: 'error',
    message: message`grub-bhyve ends a path at white space`,
    help: message`rename the file, or use a link without white space in its name`,
  }),
  BV0815: entry({
    name: 'grub-console-type',
    severity: 'error',
    message: message`grub-bhyve talks to null-modem consoles only`,
    help: message`write <serial type='nmdm'/>`,
  }),
  BV0820: entry({
    name: 'individual-vcpus',
    severity: 'error',
    message: message`the states of single vCPUs cannot be set`,
    help: message`remove <vcpus> and write the number in <vcpu>`,
  }),
  BV0821: entry({
    name: 'too-many-vcpus',
    severity: 'error',
    message: message`bhyve on ${'host'} has up to ${'max'} vCPUs, not ${'count'}`,
  }),
  BV0822: entry({
    name: 'topology-level',
    severity: 'error',
    message: message`bhyve has one ${'what'}`,
  }),
  BV0823: entry({
    name: 'topology-product',
    severity: 'error',
    message: message`${'sockets'} x ${'cores'} x ${'threads'} is ${'product'}, but the guest has ${'count'} vCPUs`,
    help: message`sockets, cores and threads must multiply to the number of vCPUs`,
  }),
  BV0824: entry({
    name: 'memory-hotplug',
    severity: 'error',
    message: message`bhyve cannot add memory to a running guest: ${'what'} cannot be used`,
  }),
  BV0825: entry({
    name: 'too-many-numa-cells',
    severity: 'error',
    message: message`bhyve has up to ${'max'} NUMA domains`,
  }),
  BV0826: entry({
    name: 'numa-cpu-count',
    severity: 'error',
    message: message`the NUMA cells have ${'cpus'} CPUs, but the guest has ${'max'} vCPUs`,
  }),
  BV0827: entry({
    name: 'numa-without-cpus',
    severity: 'error',
    message: message`NUMA cell ${'id'} has no CPUs`,
    help: message`give it cpus='...', or remove it`,
  }),
  BV0828: entry({
    name: 'numa-cpu-range',
    severity: 'error',
    message: message`CPU ${'cpu'} of a NUMA cell does not exist: the guest has ${'max'} vCPUs, counted from 0`,
  }),
  BV0829: entry({
    name: 'numa-without-uefi',
    severity: 'error',
    message: message`NUMA domains need a guest that boots with UEFI`,
    help: message`write <os firmware='efi'>`,
  }),
  BV0840: entry({
    name: 'lifecycle-action',
    severity: 'error',
    message: message`${'element'} cannot be '${'action'}' here`,
    help: message`accepted: ${'accepted'}`,
  }),
  BV0841: entry({
    name: 'per-device-limit',
    severity: 'error',
    message: message`limits on block I/O hold for the whole guest, not for one device`,
    help: message`keep one <device> with <path>*</path>`,
  }),
  BV0842: entry({
    name: 'blkio-weight',
    severity: 'error',
    message: message`a weight makes no sense with path '*'`,
  }),
  BV0843: entry({
    name: 'memory-limit-kind',
    severity: 'error',
    message: message`bhyve knows a hard_limit on memory only, not ${'name'}`,
  }),
  BV0844: entry({
    name: 'unprivileged-limits',
    severity: 'error',
    message: message`an unprivileged bhyve cannot have resource limits`,
  }),
  BV0845: entry({
    name: 'unprivileged-loader',
    severity: 'error',
    message: message`an unprivileged bhyve cannot run a loader before it`,
    help: message`boot by UEFI: <os firmware='efi'>`,
  }),
  BV0846: entry({
    name: 'slash-in-name',
    severity: 'error',
    message: message`the guest's name '${'name'}' contains a slash`,
  }),
  BV0847: entry({
    name: 'guest-name',
    severity: 'error',
    message: message`'${'name'}' cannot be the name of a guest`,
    help: message`a name has letters, digits, dots, underscores and hyphens, and begins with a letter, digit or underscore`,
  }),
  BV0848: entry({
    name: 'long-guest-name',
    severity: 'error',
    message: message`the guest's name has ${'length'} characters; bhyve on ${'host'} takes ${'max'}`,
  }),
  BV0849: entry({
    name: 'keymap',
    severity: 'error',
    message: message`'${'keymap'}' is not the name of a keyboard layout`,
    help: message`the layouts are the files in /usr/share/bhyve/kbdlayout, such as de, fr or jp`,
  }),
  BV0850: entry({
    name: 'second-base-board',
    severity: 'error',
    message: message`bhyve has one base board in its SMBIOS tables`,
  }),
} as const;
