/**
 * Which FreeBSD release can do what: the one table behind every built-in target. Sources: bhyve(8), bhyve_config(5),
 * bhyveload(8) and the source trees of 11.0 to 13.2 and of main, the manual pages of 14.3 and 15.1, the release notes.
 * Where they leave a release open, the release is named in `doubt` and counts as one that cannot.
 */
import type { Capability } from './capabilities.ts';
import type { Arch } from './profile.ts';

/** The releases that bhyvec knows, oldest first; `main` is the development branch of mid-2026. */
export const releases = [
  ...(['11.0', '11.1', '11.2', '11.3', '11.4', '12.0', '12.1', '12.2', '12.3', '12.4'] as const),
  ...(['13.0', '13.1', '13.2', '13.3', '13.4', '13.5', '14.0', '14.1', '14.2', '14.3', '14.4'] as const),
  ...(['15.0', '15.1', 'main'] as const),
] as const;

/** A FreeBSD release as `HostProfile.release` names it. */
export type Release = (typeof releases)[number];

/** The first release whose bhyve runs on arm64. */
export const firstArm64Release: Release = '15.0';

/** From one release to another, both included; `until` is null where nothing has taken it away. */
export interface Range {
  readonly since: Release;
  readonly until: Release | null;
}

/** What the sources leave open, in words. The releases count as ones without the capability. */
export interface Doubt {
  readonly releases: readonly Release[];
  /** What is known, and what is not. */
  readonly known: string;
  /** Why it is safe to take the capability for absent there. */
  readonly choice: string;
}

/** One row of the table. */
export interface Fact {
  /** The capability in the words of the manual pages. */
  readonly what: string;
  /** Null where no release has it: the architecture lacks it, or the host's administrator decides. */
  readonly amd64: Range | null;
  readonly arm64: Range | null;
  readonly doubt: Doubt | null;
}

/** The table. Its order is the order of every list of capabilities that bhyvec prints. */
export const facts: Readonly<Record<Capability, Fact>> = {
  'rtc-utc': amd64('11.0', '-u: the clock of the guest runs in UTC'),
  'ahci-ports': both('11.1', 'ahci with up to 32 hd: and cd: ports'),
  e1000: both('11.1', 'network device e1000'),
  bootrom: both('11.0', 'firmware image: -l bootrom on amd64, the key bootrom on arm64'),
  fbuf: amd64('11.0', 'frame buffer with a VNC server: fbuf,tcp='),
  xhci: both('11.0', 'USB controller with a tablet: xhci,tablet'),
  'cpu-topology': both('12.0', '-c cpus=,sockets=,cores=,threads=', {
    releases: ['11.2', '11.3', '11.4'],
    known: 'absent from 11.0, present in 12.1; whether it was merged to the later 11.x is not established',
    choice: 'a <topology> is refused before anything runs; the long form of -c would be a usage error at start',
  }),
  hda: both('13.0', 'sound device hda', after122('the sound device')),
  'vnc-password': amd64('11.2', 'fbuf,password=', {
    releases: ['11.1'],
    known: 'absent from 11.0, inferred for 11.2, present in 12.1',
    choice: 'a password is refused; a VNC server that silently asks for none would be open to everyone',
  }),
  'virtio-9p': both('13.0', 'shared directory: virtio-9p', after122('the device')),
  'virtio-rnd': both('11.0', 'random numbers: virtio-rnd'),
  nvme: both('12.0', 'disk controller nvme', {
    releases: ['11.2', '11.3', '11.4'],
    known: 'absent from 11.0, present in 12.1; whether it was merged to the later 11.x is not established',
    choice: 'an NVMe disk is refused with the advice to use virtio or sata; bhyve would exit at start',
  }),
  'acpi-option': amd64('11.0', '-A: ACPI tables on request, none without it', null, '14.4'),
  numa: amd64('15.0', '-n: virtual NUMA domains', {
    releases: ['14.4'],
    known: 'merged to main in mid-2025, before 15.0; whether it was merged to 14.4 is not established',
    choice: 'a <numa> layout is refused; -n would be a usage error at start',
  }),
  rctl: { what: 'resource limits with rctl(8): kern.racct.enable=1', amd64: null, arm64: null, doubt: null },
  'grub-cons-dev': amd64('11.0', 'grub-bhyve --cons-dev, of the port sysutils/grub2-bhyve'),
  'acpi-default': amd64('15.0', 'ACPI tables unless the key acpi_tables is false'),
  'wired-memory': both('11.0', '-S: guest memory is wired'),
  'vcpu-pinning': both('11.0', '-p VCPU:HOSTCPU'),
  'many-vcpus': both('13.2', 'more than 16 vCPUs, up to the sysctl hw.vmm.maxcpu'),
  'long-names': both('13.0', 'VM names of more than 31 characters', {
    releases: ['12.3', '12.4'],
    known: 'a source comment gives 37 characters for the end of 12.x and 229 from 13.0',
    choice: 'a name of up to 31 characters works everywhere; a longer one is refused before anything runs',
  }),
  'config-file': both('13.1', '-k: configuration file'),
  'config-option': both('13.1', '-o: single configuration variable'),
  'keyboard-layout': amd64('13.2', '-K: keyboard layout for VNC'),
  'destroy-on-poweroff': both('12.2', '-D: the VM is destroyed when the guest powers off', merged114('-D')),
  monitor: both('main', '-M: bhyve runs the guest again after a reset by itself'),
  'error-exit-status': both('12.0', 'errors exit with 4; before, with 1 as after a power-off', {
    releases: ['11.2', '11.3', '11.4'],
    known: 'errors exit with 1 in 11.0 and with 4 in 12.1; the later 11.x are not established',
    choice: 'status 1 is then taken for a power-off or an error, which is true of both behaviours',
  }),
  bootvars: amd64('13.2', 'UEFI variable store: -l bootrom,CODE,VARS'),
  'bootrom-keys': both('15.0', 'keys bootrom and bootvars instead of lpc.bootrom and lpc.bootvars'),
  fwcfg: amd64('14.0', '-l bootrom,CODE,fwcfg=qemu', merged13('the firmware configuration type')),
  'xhci-empty': both('13.1', 'xhci without a device', {
    releases: ['12.2', '12.3', '12.4', '13.0'],
    known:
      'bhyve of 11.0 and 12.1 crashes at start, that of 13.2 and later does not; the release of the change is not established',
    choice: 'a controller without a device is left out with a report; a guest can do nothing with it',
  }),
  bootindex: both('15.0', 'bootindex= of disks: virtio-blk, ahci, nvme and virtio-scsi', {
    releases: ['13.3', '13.4', '13.5', '14.0', '14.1', '14.2', '14.3', '14.4'],
    known: 'absent from 13.2, inferred for 15.0, plausible but not established in 14.x',
    choice: 'an order of several disks is an error, that of an only disk is none; an unknown key has no effect at all',
  }),
  com3: amd64('13.0', 'serial ports com3 and com4', after122('the two ports')),
  'tcp-console': both('15.0', 'serial port on TCP: tcp=IP:PORT', merged14('the TCP backend')),
  'tpm-passthru': amd64('14.0', '-l tpm,passthru,/dev/tpm0', merged13('the TPM device')),
  'tpm-swtpm': amd64('14.3', '-l tpm,swtpm,SOCKET'),
  passthru: amd64('11.0', 'PCI pass-through: passthru,B/S/F'),
  'passthru-rom': amd64('13.2', 'passthru,...,rom=FILE: an option ROM'),
  'virtio-net-mtu': both('13.0', 'virtio-net,...,mtu=', after122('the option')),
  slirp: both('15.0', 'user-mode network: slirp, with the port net/libslirp', merged14('the backend')),
  'slirp-open': both('main', 'slirp,open: the guest may open connections', {
    releases: ['15.1'],
    known: 'present in main, plausible but not established in 15.1',
    choice: 'a guest without outbound connections is reported; an unknown word in the backend would be ignored',
  }),
  netgraph: both('13.1', 'network backend netgraph,path=,peerhook=', {
    releases: ['12.3', '12.4', '13.0'],
    known: 'absent from 12.2, present in 13.1; the releases between are not established',
    choice: 'it is refused; bhyve would exit at start',
  }),
  'virtio-blk-serial': both('13.2', 'virtio-blk,...,ser=', {
    releases: ['13.1'],
    known: 'present in 13.2 and refused by 13.0; 13.1 ignores keys that it does not know',
    choice: 'a serial number that may have no effect is reported instead of lost',
  }),
  'block-sectorsize': both('11.0', 'sectorsize= of a disk'),
  'block-nodelete': both('12.2', 'nodelete: the disk refuses TRIM', merged114('nodelete')),
  'ahci-identity': both('12.2', 'nmrr=, ser=, rev= and model= of an ahci port', merged114('the four options')),
  'nvme-dsm': both('12.2', 'nvme,...,dsm=', merged114('dsm=')),
  'nvme-block-options': both('13.1', 'nocache, direct and ro of an NVMe disk', {
    releases: ['13.0'],
    known: 'the parser of 12.x ends bhyve at them, and the configuration of 13.1 takes them; 13.0 is not established',
    choice: 'cache=none is left out with a report, the others are refused; bhyve would exit at start',
  }),
  'virtio-scsi': both('12.0', 'virtio-scsi,/dev/cam/ctlP.V', {
    releases: ['11.3', '11.4'],
    known: 'absent from 11.0, present in 12.1; whether it was merged to the last 11.x is not established',
    choice: 'a SCSI disk is refused with the advice to use virtio or sata; bhyve would exit at start',
  }),
  'virtio-scsi-targets': both('main', 'virtio-scsi,target=[ID:]PATH', {
    releases: ['15.1'],
    known: 'present in main, plausible but not established in 15.1',
    choice: 'the older form with the path alone is used',
  }),
  'virtio-console': both('11.2', 'virtio-console,NAME=SOCKET', {
    releases: ['11.1'],
    known: 'absent from 11.0, inferred for 11.2, present in 12.1',
    choice: 'a channel is refused; bhyve would exit at start',
  }),
  'virtio-input': both('13.2', 'input device of the host: virtio-input'),
  'fbuf-vga': amd64('12.0', 'fbuf,vga=io|on|off', {
    releases: ['11.1', '11.2', '11.3', '11.4'],
    known: 'absent from 11.0, present in 12.1; whether it was merged to the later 11.x is not established',
    choice: 'the option is refused; bhyve would exit at start',
  }),
  'fbuf-large': amd64('15.0', 'frame buffer above 1920x1200, up to 3840x2160', {
    releases: ['13.3', '13.4', '13.5', '14.0', '14.1', '14.2', '14.3', '14.4'],
    known: 'the limit is 1920x1200 in 13.2 and 3840x2160 from 15.0; the release of the change is not established',
    choice: '1920x1200 works everywhere; a larger picture is refused before anything runs',
  }),
  'vnc-unix': amd64('15.1', 'VNC on a UNIX socket: fbuf,rfb=unix:PATH'),
  smbios: amd64('13.2', 'SMBIOS strings: the keys bios.*, system.*, board.*, chassis.*', {
    releases: ['13.1'],
    known: 'present in 13.2; 13.1 ignores keys that it does not know',
    choice: 'strings that may have no effect are reported instead of lost',
  }),
  'memory-domains': both('12.0', 'cpuset -n: the NUMA domains of the host that give the memory'),
  tuntap: both('13.0', 'if_tuntap.ko, and device nodes of renamed taps', {
    releases: ['12.1', '12.2', '12.3', '12.4'],
    known: 'the driver came to stable/12 after 12.1; the first release that has it is not established',
    choice: 'both module names are tried, if_tuntap first, and taps keep names that start with tap',
  }),
  'bridge-vlans': both('15.0', 'bridge members with VLANs: vlanfilter, untagged and tagged of ifconfig(8)'),
  'bridge-member-addresses': amd64('11.0', 'members of a bridge may carry IP addresses', null, '14.4'),
};

/** All capabilities in the order of the table. */
export const capabilities: readonly Capability[] = Object.keys(facts).filter(isCapability);

/** Whether a text names a capability. */
export function isCapability(text: string): text is Capability {
  return Object.hasOwn(facts, text);
}

/** Whether a text names a release that bhyvec knows. */
export function isRelease(text: string): text is Release {
  return releases.some((release) => release === text);
}

/** Whether the first release is the second one or a later one. */
export function isSince(release: Release, since: Release): boolean {
  return releases.indexOf(release) >= releases.indexOf(since);
}

/** Whether bhyve of a release runs on an architecture: arm64 from 15.0. */
export function runsOn(release: Release, arch: Arch): boolean {
  return arch === 'amd64' || isSince(release, firstArm64Release);
}

/** What is known of one capability in one release: `unknown` counts as `no` wherever a decision is made. */
export function availability(capability: Capability, release: Release, arch: Arch): 'yes' | 'no' | 'unknown' {
  const { [arch]: range, doubt } = facts[capability];
  if (range === null || !runsOn(release, arch)) return 'no';
  if (isSince(release, range.since)) return range.until === null || isSince(range.until, release) ? 'yes' : 'no';
  return doubt?.releases.includes(release) === true ? 'unknown' : 'no';
}

/** The capabilities of a release on an architecture, in the order of the table. */
export function capabilitiesOf(release: Release, arch: Arch): ReadonlySet<Capability> {
  return new Set(capabilities.filter((capability) => availability(capability, release, arch) === 'yes'));
}

/** The capabilities that the sources leave open for a release on an architecture. */
export function doubtsOf(release: Release, arch: Arch): readonly Capability[] {
  return capabilities.filter((capability) => availability(capability, release, arch) === 'unknown');
}

function amd64(since: Release, what: string, doubt: Doubt | null = null, until: Release | null = null): Fact {
  return { what, amd64: { since, until }, arm64: null, doubt };
}

function both(since: Release, what: string, doubt: Doubt | null = null): Fact {
  const onArm64 = isSince(since, firstArm64Release) ? since : firstArm64Release;
  return { what, amd64: { since, until: null }, arm64: { since: onArm64, until: null }, doubt };
}

function after122(subject: string): Doubt {
  return {
    releases: ['12.3', '12.4'],
    known: `absent from 12.2, inferred for 13.0, present in 13.1; whether ${subject} came to 12.3 is not established`,
    choice: 'it is refused; bhyve would exit at start',
  };
}

function merged114(subject: string): Doubt {
  return {
    releases: ['11.4'],
    known: `present in 12.2 of October 2020; whether ${subject} came to 11.4 of June 2020 is not established`,
    choice: 'it is refused or left out with a report; bhyve of 11.x refuses options that it does not know',
  };
}

function merged13(subject: string): Doubt {
  return {
    releases: ['13.3', '13.4', '13.5'],
    known: `absent from 13.2, inferred for 14.0; whether ${subject} was merged to the later 13.x is not established`,
    choice: 'it is refused; bhyve would exit at start or ignore it',
  };
}

function merged14(subject: string): Doubt {
  return {
    releases: ['14.1', '14.2', '14.3', '14.4'],
    known: `inferred for 15.0, present in main; whether ${subject} was merged to 14.x is not established`,
    choice: 'it is refused; bhyve would exit at start',
  };
}
