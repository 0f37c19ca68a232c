/** Rows of the table of differences: the guest as a whole. */
import type { Difference } from '../difference.ts';

export const guest = {
  'guest-uuid': {
    libvirt: '`<uuid>` is dropped',
    bhyvec: '`-U UUID`',
    reason: 'without it the UUID in the SMBIOS tables follows from host and guest name',
    effect: 'the guest keeps its UUID when it is renamed or moved',
  },
  'memory-default': {
    libvirt: 'a domain without a memory size is an error',
    bhyvec: "it gets 256 MiB, bhyve's own default, with a warning",
    reason: 'bhyve runs such a guest',
    effect: 'none',
  },
  'boot-disk-in-raw-words': {
    libvirt: 'a guest without disks is an error for bhyveload',
    bhyvec: 'a warning where `<bhyve:arg>` words may hold the disks',
    reason: 'programs write all disks so; bhyveload is then given none',
    effect: 'the loader finds its kernel only if it needs no disk',
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
  'smbios-family': {
    libvirt: 'the family of the system is dropped',
    bhyvec: '`-o system.family_name=...`',
    reason: 'the XML asks for it',
    effect: 'the guest sees it in its SMBIOS tables',
  },
  'cpu-affinity': {
    libvirt: '`<vcpu cpuset>` is dropped',
    bhyvec: 'the launcher runs bhyve under cpuset(1)',
    reason: 'the XML asks for it',
    effect: 'the guest stays on those CPUs of the host',
  },
  'process-limits': {
    libvirt: 'quotas of `<cputune>` and `<iotune>` are dropped; `<blkiotune>` knows the path `*` alone',
    bhyvec: 'rules of rctl(8) where they limit the process of bhyve exactly, or vCPUs together',
    reason: 'the XML asks for it, and bhyve is one process',
    effect: 'the guest has the limits that the host is to enforce',
  },
  'process-priority': {
    libvirt: '`<vcpusched>`, `<emulatorsched>`, `<emulatorpin>` and `<numatune>` are dropped',
    bhyvec: 'rtprio(1), idprio(1) and cpuset(1) run bhyve, where all vCPUs are to be alike',
    reason: 'the XML asks for it',
    effect: 'the guest runs before others, or behind them, and has its memory near its CPUs',
  },
  lifecycle: {
    libvirt: 'only restart and destroy, and on_crash only destroy',
    bhyvec: 'restart, destroy and preserve for all three',
    reason: 'the launcher can do it',
    effect: 'a crashed guest can start again',
  },
  'capability-checks': {
    libvirt:
      'bhyve is asked for nine capabilities; the others are taken for granted, and a warning tells of those that the target lacks',
    bhyvec: 'all that the guest needs is compared with the target',
    reason: 'bhyve ignores unknown keys in silence since FreeBSD 13.1',
    effect: 'an error at build time instead of a guest without its device',
  },
  'used-twice': {
    libvirt:
      'what only one device can have is not compared: host devices, MAC addresses, sockets, channel names, ports',
    bhyvec: 'the second use is an error',
    reason: 'bhyve ends at the second one, or a part of the network fails',
    effect: 'an error at build time instead of a guest that does not start',
  },
  'guest-name': {
    libvirt: 'every name without a slash',
    bhyvec: 'letters, digits, and . _ - inside, as long as the target allows',
    reason: 'the name becomes a device node and a part of file names',
    effect: 'none',
  },
  'raw-arguments': {
    libvirt: '`<bhyve:arg>` words are not looked at',
    bhyvec: 'slots that they use are kept free, and known traps are reported',
    reason: 'bhyve does not start when two devices share a slot',
    effect: 'the guest starts',
  },
  'word-separators': {
    libvirt: 'commas in paths and names are printed',
    bhyvec: 'they are an error',
    reason: 'bhyve cuts the word at them; there is no quoting',
    effect: 'none',
  },
} as const satisfies Record<string, Difference>;
