/**
 * What a bhyve, its loaders and its kernel may be able to do, and since which FreeBSD release.
 * (The table of releases stands in `releases.ts`.)
 */

/** The capabilities that libvirt 12 probes for, by our name; the value is libvirt's flag. */
export const libvirtFlags = {
  'rtc-utc': 'BHYVE_CAP_RTC_UTC',
  'ahci-ports': 'BHYVE_CAP_AHCI32SLOT',
  e1000: 'BHYVE_CAP_NET_E1000',
  bootrom: 'BHYVE_CAP_LPC_BOOTROM',
  fbuf: 'BHYVE_CAP_FBUF',
  xhci: 'BHYVE_CAP_XHCI',
  'cpu-topology': 'BHYVE_CAP_CPUTOPOLOGY',
  hda: 'BHYVE_CAP_SOUND_HDA',
  'vnc-password': 'BHYVE_CAP_VNC_PASSWORD',
  'virtio-9p': 'BHYVE_CAP_VIRTIO_9P',
  'virtio-rnd': 'BHYVE_CAP_VIRTIO_RND',
  nvme: 'BHYVE_CAP_NVME',
  /** `-A` makes a difference: the guest has no ACPI tables without it (through FreeBSD 14). */
  'acpi-option': 'BHYVE_CAP_ACPI',
  numa: 'BHYVE_CAP_NUMA',
  rctl: 'BHYVE_CAP_RCTL',
  'grub-cons-dev': 'BHYVE_GRUB_CAP_CONSDEV',
} as const;

/** The capabilities that libvirt takes for granted. */
export const furtherCapabilities = [
  'acpi-default', // ACPI tables without -A
  'wired-memory', // -S
  'vcpu-pinning', // -p
  'many-vcpus', // more than 16 vCPUs
  'long-names', // VM names of more than 31 characters
  'config-file', // -k
  'config-option', // -o
  'keyboard-layout', // -K
  'destroy-on-poweroff', // -D
  'monitor', // -M
  'error-exit-status', // errors exit with 4, not with 1
  'bootvars', // -l bootrom,CODE,VARS
  'bootrom-keys', // top-level bootrom= and bootvars= keys instead of lpc.*
  'fwcfg', // -l bootrom,...,fwcfg=qemu
  'bootindex', // of disks
  'xhci-empty', // xhci without a device
  'com3', // com3 and com4
  'tcp-console',
  'tpm-passthru',
  'tpm-swtpm',
  'passthru',
  'passthru-rom', // rom=FILE
  'virtio-net-mtu',
  'slirp',
  'slirp-open',
  'netgraph', // network backend netgraph
  'virtio-blk-serial',
  'block-sectorsize',
  'block-nodelete',
  'ahci-identity', // nmrr=, ser=, rev=, model=
  'nvme-dsm',
  'nvme-block-options', // nocache, direct and ro of an NVMe disk
  'virtio-scsi',
  'virtio-scsi-targets', // target=[ID:]PATH in the place of the path of a CTL port
  'virtio-console',
  'virtio-input',
  'fbuf-vga',
  'fbuf-large', // above 1920x1200
  'vnc-unix', // rfb=unix:PATH
  'smbios', // bios.*, system.*, board.*, chassis.* keys
  'memory-domains', // cpuset -n
  'tuntap', // if_tuntap.ko, and device aliases of renamed taps
  'bridge-vlans', // VLANs of bridge members: ifconfig BRIDGE untagged, tagged
  'bridge-member-addresses', // bridge members may carry addresses
] as const;

/** One thing that a host can or cannot do. */
export type Capability = keyof typeof libvirtFlags | (typeof furtherCapabilities)[number];
