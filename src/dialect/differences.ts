/**
 * The two dialects, and the one table of all that differs between them. A pass asks `dialect.ours(row)`; nothing else in
 * the compiler knows which dialect is wanted. `docs/dialects.md` is generated from this table.
 */

/** One difference: what libvirt 12 prints, what bhyvec prints, why, and what the guest sees of it. */
interface Difference {
  readonly libvirt: string;
  readonly bhyvec: string;
  readonly reason: string;
  readonly effect: string;
}

export const differences = {
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
    bhyvec: '`bootindex=` for disks, interfaces and host devices of UEFI guests, from `<boot order>` or from `<boot dev>`',
    reason: 'only UEFI firmware reads it; the other loaders have their own choice of a boot disk',
    effect: 'the firmware tries the devices in the order of the XML',
  },
  'disk-drive-units': {
    libvirt: 'controller and unit follow from the target name alone, and empty controllers before them are made',
    bhyvec: 'disks without an address fill the ahci controllers in order, 32 on each',
    reason: 'a disk named sdaaa would need 22 empty controllers; bhyve numbers the ports of a controller in order anyway',
    effect: 'the same as with libvirt for disks named sda, sdb, ... without gaps',
  },
  'scsi-further-disks': {
    libvirt: 'all CTL disks of a SCSI controller but the first are dropped',
    bhyvec: 'a second one on the same controller is an error',
    reason: 'a virtio-scsi device of bhyve has one CTL port',
    effect: 'none',
  },
  'guest-uuid': {
    libvirt: '`<uuid>` is dropped',
    bhyvec: '`-U UUID`',
    reason: 'without it the UUID in the SMBIOS tables follows from host and guest name',
    effect: 'the guest keeps its UUID when it is renamed or moved',
  },
  'pci-function': {
    libvirt: 'the function of explicit addresses is printed as 0 for ahci, virtio, e1000, nvme and lpc',
    bhyvec: 'the function is printed',
    reason: 'two devices on functions of one slot would collide',
    effect: 'devices sit where the XML says',
  },
  'pci-bus': {
    libvirt: 'buses other than 0 are refused',
    bhyvec: 'buses 0 to 255, with `-Y` (no MP table) as bhyve asks',
    reason: 'bhyve has them',
    effect: 'more than 31 slots',
  },
  'pci-model-zero': {
    libvirt: "scsi model 'auto', virtio-serial model 'virtio' and USB controllers other than nec-xhci get no slot and are printed on slot 0",
    bhyvec: 'they get a slot like any other controller',
    reason: 'slot 0 belongs to the host bridge; bhyve would not start',
    effect: 'the guest starts',
  },
  'acpi-tables': {
    libvirt: '`-A` if the XML has `<acpi/>`',
    bhyvec: '`-A` also for UEFI guests, on releases where tables are not the default',
    reason: 'UEFI guests do not work without ACPI; virt-install does not write `<acpi/>` for bhyve',
    effect: 'the guest has ACPI tables and can be powered off by signal',
  },
  'memory-suffix': {
    libvirt: '`-m 1024`',
    bhyvec: '`-m 1024M`',
    reason: 'a bare number of 1048576 or more is taken for bytes',
    effect: 'none below one tebibyte',
  },
  'cpu-topology-form': {
    libvirt: '`-c 2` without a topology',
    bhyvec: '`-c cpus=2,sockets=2,cores=1,threads=1`',
    reason: 'the rule for values that are left out differs between releases of bhyve',
    effect: 'none',
  },
  'numa-cpu-lists': {
    libvirt: '`-n id=0,size=1024,cpus=0-1,4`, whose second range bhyve takes for another option',
    bhyvec: '`-n id=0,size=1024M,cpus=0-1`, and `-o domains.0.cpus=...` for more than one range',
    reason: 'a comma ends the value',
    effect: 'all CPUs are in the domain',
  },
  'network-mtu': {
    libvirt: '`<mtu>` is dropped',
    bhyvec: '`mtu=` for virtio-net, and the tap has it too',
    reason: 'the XML asks for it',
    effect: 'the guest is told the MTU',
  },
  'network-model': {
    libvirt: 'an interface without model is an error',
    bhyvec: 'it is virtio',
    reason: 'virtio is what every guest of bhyve can use',
    effect: 'none',
  },
  'network-tap-name': {
    libvirt: '`tap0` for every interface in a dry run',
    bhyvec: 'a name of its own for each interface, from guest name and place, or `<target dev>`',
    reason: 'the launcher makes the tap under that name and knows it again after a crash',
    effect: 'none',
  },
  'network-mac': {
    libvirt: 'a random MAC address where the XML has none (52:54:00:00:00:00 in its tests and here)',
    bhyvec: 'one that follows from guest name and place of the interface',
    reason: 'the same input gives the same output',
    effect: 'the guest keeps its MAC address',
  },
  'slirp-open': {
    libvirt: '`slirp,...,open` for every bhyve',
    bhyvec: '`open` only where bhyve knows it',
    reason: 'older slirp backends reject or ignore it',
    effect: 'without it the guest cannot open connections; a warning says so',
  },
  'sound-direction': {
    libvirt: 'the input device becomes `play=`, the output device `rec=`',
    bhyvec: 'the output device becomes `play=`, the input device `rec=`',
    reason: 'what the guest plays goes out',
    effect: 'sound works with two different devices',
  },
  'sound-model': {
    libvirt: 'only model ich7',
    bhyvec: 'ich6, ich7 and ich9',
    reason: 'all three are HD audio controllers, which is what bhyve emulates',
    effect: 'none',
  },
  'vnc-listen': {
    libvirt: '`tcp=:PORT` without a listen address',
    bhyvec: '`tcp=127.0.0.1:PORT`',
    reason: 'an empty address means 127.0.0.1 to bhyve: we write what happens',
    effect: 'none',
  },
  'vnc-unix': {
    libvirt: 'unix sockets are refused',
    bhyvec: '`rfb=unix:PATH`',
    reason: 'bhyve has them since FreeBSD 15.1',
    effect: 'none',
  },
  'vnc-keymap': {
    libvirt: '`keymap` is dropped',
    bhyvec: '`-K LAYOUT`',
    reason: 'the XML asks for it',
    effect: 'keys typed over VNC are the right ones',
  },
  'vnc-password': {
    libvirt: 'the VNC password stands in the command line',
    bhyvec: 'it stands in a file of mode 0600 that `-k` names, where bhyve has `-k`',
    reason: 'every user of the host can read command lines',
    effect: 'none',
  },
  'tablet-controller': {
    libvirt: 'a tablet without a USB controller is dropped',
    bhyvec: 'it gets an xhci controller',
    reason: 'virt-install writes it so',
    effect: 'the guest has the tablet',
  },
  'input-legacy': {
    libvirt: 'with a USB controller, a PS/2 keyboard or mouse is an error; a controller without a tablet is one too',
    bhyvec: 'PS/2 keyboard and mouse are there anyway; a controller without devices is fine',
    reason: 'amd64 guests of bhyve always have both',
    effect: 'none',
  },
  'rng-backend': {
    libvirt: 'only the random backend on /dev/random',
    bhyvec: 'the builtin backend and /dev/urandom too',
    reason: 'bhyve takes the random numbers of the host in every case',
    effect: 'none',
  },
  tpm: {
    libvirt: '`<tpm>` is dropped',
    bhyvec: '`-l tpm,...` for passthrough and external backends',
    reason: 'bhyve has it since FreeBSD 14',
    effect: 'the guest has a TPM',
  },
  'smbios-family': {
    libvirt: 'the family of the system is dropped',
    bhyvec: '`-o system.family_name=...`',
    reason: 'the XML asks for it',
    effect: 'the guest sees it in its SMBIOS tables',
  },
  'passthrough-wired': {
    libvirt: 'a host device without `<locked/>` is an error',
    bhyvec: 'it wires the memory by itself, with a warning',
    reason: 'bhyve cannot pass a device through otherwise',
    effect: 'guest memory is wired',
  },
  'passthrough-rom': {
    libvirt: '`<rom file>` is dropped',
    bhyvec: '`rom=FILE`',
    reason: 'the XML asks for it',
    effect: 'the guest runs the option ROM',
  },
  'cpu-affinity': {
    libvirt: '`<vcpu cpuset>` is dropped',
    bhyvec: 'the launcher runs bhyve under cpuset(1)',
    reason: 'the XML asks for it',
    effect: 'the guest stays on those CPUs of the host',
  },
  lifecycle: {
    libvirt: 'only restart and destroy, and on_crash only destroy',
    bhyvec: 'restart, destroy and preserve for all three',
    reason: 'the launcher can do it',
    effect: 'a crashed guest can start again',
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
  'loader-last-disk': {
    libvirt: 'bhyveload gets the last disk where the boot order sits on another kind of device',
    bhyvec: 'the first disk',
    reason: "libvirt's own variable is called first_usable_disk_index",
    effect: 'the guest boots from its first disk',
  },
  'loader-raw-arguments': {
    libvirt: '`<bootloader_args>` is cut at every blank; double blanks make empty words',
    bhyvec: 'it is cut at white space',
    reason: 'empty words are no arguments',
    effect: 'none',
  },
  'os-type': {
    libvirt: '`<os><type>` is required',
    bhyvec: 'hvm where it is missing',
    reason: 'bhyve runs nothing else',
    effect: 'none',
  },
  'nmdm-unique': {
    libvirt: 'all serial ports without a path share one null-modem pair',
    bhyvec: 'each has its own',
    reason: 'a terminal can be opened once',
    effect: 'all ports work',
  },
  'firmware-fwcfg': {
    libvirt: '`fwcfg=qemu` for every UEFI guest',
    bhyvec: '`fwcfg=qemu` where a boot order asks for it and bhyve has it',
    reason: 'releases through 13 reject it',
    effect: 'none without a boot order',
  },
  'capability-checks': {
    libvirt: 'bhyve is asked for nine capabilities; the others are taken for granted',
    bhyvec: 'all that the guest needs is compared with the target',
    reason: 'bhyve ignores unknown keys in silence since FreeBSD 13.1',
    effect: 'an error at build time instead of a guest without its device',
  },
  'guest-name': {
    libvirt: 'every name without a slash',
    bhyvec: 'letters, digits, and . _ - inside, as long as the target allows',
    reason: 'the name becomes a device node and a part of file names',
    effect: 'none',
  },
  'device-map-paths': {
    libvirt: 'any path in the device map',
    bhyvec: 'paths with white space are refused',
    reason: 'grub-bhyve ends a path at white space',
    effect: 'none',
  },
  'empty-cdrom': {
    libvirt: 'a CD-ROM drive without a medium is an error',
    bhyvec: 'it is left out, with a warning',
    reason: 'bhyve has no empty drives; libvirt itself leaves such drives in the XML after an installation',
    effect: 'the guest has no drive until a medium is named',
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
  'raw-arguments': {
    libvirt: '`<bhyve:arg>` words are not looked at',
    bhyvec: 'slots that they use are kept free, and known traps are reported',
    reason: 'bhyve does not start when two devices share a slot',
    effect: 'the guest starts',
  },
  'vnc-port-range': {
    libvirt: 'VNC ports below 5900 are refused',
    bhyvec: 'every TCP port',
    reason: 'bhyve has no such rule',
    effect: 'none',
  },
  'word-separators': {
    libvirt: 'commas in paths and names are printed',
    bhyvec: 'they are an error',
    reason: 'bhyve cuts the word at them; there is no quoting',
    effect: 'none',
  },
} as const satisfies Record<string, Difference>;

/** The name of a row. */
export type DifferenceName = keyof typeof differences;

/** Which of the two outputs is wanted: all that bhyve can do, or byte for byte what libvirt prints. */
export type DialectName = 'bhyvec' | 'libvirt';

/** A dialect, as passes see it. */
export interface Dialect {
  readonly name: DialectName;
  /** True where the row is to come out as bhyvec does it. */
  ours(row: DifferenceName): boolean;
}

/** Gives the dialect of that name. */
export function dialectOf(name: DialectName): Dialect {
  return { name, ours: () => name === 'bhyvec' };
}
