/** Rows of the table of differences: other devices. */
import type { Difference } from '../difference.ts';

export const devices = {
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
  'pci-functions': {
    libvirt: 'more devices than slots are an error',
    bhyvec: 'the last ones get functions 1 to 7 of slots that disks have',
    reason: 'guests and firmware find functions; that firmware sees a bus beyond 0 is not known',
    effect: 'more than 31 devices without an `<address>`',
  },
  'pci-model-zero': {
    libvirt:
      "scsi model 'auto', virtio-serial model 'virtio' and USB controllers other than nec-xhci get no slot and are printed on slot 0",
    bhyvec: 'they get a slot like any other controller',
    reason: 'slot 0 belongs to the host bridge; bhyve would not start',
    effect: 'the guest starts',
  },
  'rng-backend': {
    libvirt: 'only the random backend on /dev/random',
    bhyvec: 'the builtin backend and /dev/urandom too',
    reason: 'bhyve takes the random numbers of the host in every case',
    effect: 'none',
  },
  tpm: {
    libvirt: '`<tpm>` is dropped',
    bhyvec: '`-l tpm,...`; for an emulator the launcher runs swtpm',
    reason: 'bhyve has it since FreeBSD 14',
    effect: 'the guest has a TPM',
  },
  'passthrough-wired': {
    libvirt: 'a host device without `<locked/>` is an error',
    bhyvec: 'it wires the memory by itself, with a warning',
    reason: 'bhyve cannot pass a device through otherwise',
    effect: 'guest memory is wired',
  },
  'passthrough-managed': {
    libvirt: "`managed='yes'` of a host device has no effect",
    bhyvec: 'the launcher binds the device to ppt and gives it back to its driver at the end',
    reason: 'the XML asks for it',
    effect: 'the guest starts on a host that has not set the device aside',
  },
  'passthrough-ari': {
    libvirt: 'a function above 7 is an error',
    bhyvec: 'on slot 0 it is one up to 255: `passthru,179/0/9`',
    reason: 'virtual functions of SR-IOV have such numbers (ARI), and bhyve takes them',
    effect: 'none',
  },
  'passthrough-rom': {
    libvirt: '`<rom file>` is dropped',
    bhyvec: '`rom=FILE`',
    reason: 'the XML asks for it',
    effect: 'the guest runs the option ROM',
  },
  'nmdm-unique': {
    libvirt: 'all serial ports without a path share one null-modem pair',
    bhyvec: 'each has its own',
    reason: 'a terminal can be opened once',
    effect: 'all ports work',
  },
} as const satisfies Record<string, Difference>;
