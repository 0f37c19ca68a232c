/** Rows of the table of differences: firmware and loaders. */
import type { Difference } from '../difference.ts';

export const boot = {
  'acpi-tables': {
    libvirt: '`-A` if the XML has `<acpi/>`',
    bhyvec: '`-A` also for UEFI guests, on releases where tables are not the default',
    reason: 'UEFI guests do not work without ACPI; virt-install does not write `<acpi/>` for bhyve',
    effect: 'the guest has ACPI tables and can be powered off by signal',
  },
  'loader-and-bootloader': {
    libvirt: 'with both `<loader>` and `<bootloader>` neither is used',
    bhyvec: 'an error',
    reason: 'such a guest cannot boot',
    effect: 'none',
  },
  'loader-wired': {
    libvirt: 'the loader does not wire memory',
    bhyvec: '`-S` for bhyveload and grub-bhyve too',
    reason: 'passthrough needs it in the loader as in bhyve',
    effect: 'the guest starts',
  },
  'loader-timeout': {
    libvirt: '`timeout --foreground --verbose` around bhyveload',
    bhyvec: '`timeout --foreground` around every loader',
    reason: 'a loader that waits for a key would hang the start; not every timeout(1) knows --verbose',
    effect: 'none',
  },
  'grub-boot-dev': {
    libvirt: 'grub-bhyve boots a CD-ROM where there is one, whatever `<boot dev>` says',
    bhyvec: 'the kind that `<boot dev>` names first',
    reason: 'the XML says what to boot; both disks are in the device map',
    effect: 'a guest that is installed boots from its disk while the CD-ROM is still there',
  },
  'loader-last-disk': {
    libvirt: 'bhyveload gets the last disk where the boot order sits on another kind of device',
    bhyvec: 'an error, since that device is not tried first (BV1841); without a boot order the first disk',
    reason: "bhyveload loads from disks only; libvirt's own variable is called first_usable_disk_index",
    effect: 'none',
  },
  'loader-raw-arguments': {
    libvirt: '`<bootloader_args>` is cut at every blank; double blanks make empty words',
    bhyvec: 'it is cut at blanks of XML: space, tab, line feed, carriage return',
    reason: 'empty words are no arguments',
    effect: 'none',
  },
  'loader-own-arguments': {
    libvirt: '`<bootloader_args>` is not looked at',
    bhyvec: 'those of bhyveload and grub-bhyve are compared with the guest: name, memory, `-S`, disks, options',
    reason: 'bhyve cannot run a guest that its loader has made otherwise',
    effect: 'none',
  },
  'loader-bhyveload-by-path': {
    libvirt: 'bhyveload in `<bootloader>` needs `<bootloader_args>`',
    bhyvec: 'without them it is given the arguments that it has without the element',
    reason: 'it is the same program',
    effect: 'the guest boots',
  },
  'own-elements': {
    libvirt: '`<metadata>` holds data of other programs',
    bhyvec:
      '`<b:grub>`, `<b:hostbridge>` and `<b:cloud-init>` in it name words of grub-bhyve, the host bridge, a volume',
    reason: 'libvirt has no elements for them',
    effect: 'that of the words',
  },
  'os-type': {
    libvirt: '`<os><type>` is required',
    bhyvec: 'hvm where it is missing',
    reason: 'bhyve runs nothing else',
    effect: 'none',
  },
  'firmware-items': {
    libvirt: "`<sysinfo type='fwcfg'>` is dropped",
    bhyvec: '`-f name=NAME,string=TEXT` or `-f name=NAME,file=PATH`, and `fwcfg=qemu`',
    reason: 'the XML asks for it',
    effect: 'the guest reads the items: Ignition finds its configuration',
  },
  'firmware-rom-nvram': {
    libvirt: '`<nvram>` without a path has no effect unless the loader is a read-only pflash',
    bhyvec: 'the store is made whatever the type of the loader',
    reason: 'the XML asks for it, and to bhyve every firmware image is the same',
    effect: 'the firmware keeps its variables',
  },
  'firmware-stateless-nvram': {
    libvirt: 'a stateless loader is given the variable store of `<nvram>` if that has a path, else none',
    bhyvec: 'an error',
    reason:
      'the two contradict each other; whether libvirt 12 refuses them is not established, so its dialect accepts them',
    effect: 'none',
  },
  'firmware-fwcfg': {
    libvirt: '`fwcfg=qemu` for every UEFI guest',
    bhyvec: '`fwcfg=qemu` where a boot order asks for it and bhyve has it',
    reason: 'releases through 13 reject it',
    effect: 'none without a boot order',
  },
  'device-map-paths': {
    libvirt: 'any path in the device map',
    bhyvec: 'paths with white space are refused',
    reason: 'grub-bhyve ends a path at white space',
    effect: 'none',
  },
  'firmware-glued-nvram': {
    libvirt: 'a comma in the loader path is printed, and bhyve takes the rest for the variable store',
    bhyvec: 'such a path is taken apart, with a warning',
    reason: 'programs write it so',
    effect: 'none',
  },
  'firmware-explicit-path': {
    libvirt: "with firmware='efi' the path of `<loader>` is replaced by what the firmware directory holds",
    bhyvec: 'a written path counts',
    reason: 'the XML says which',
    effect: 'the guest boots that firmware',
  },
} as const satisfies Record<string, Difference>;
