/** All that `bhyvec host validate` looks at, as data: `src/survey/observe.ts` collects it and changes nothing. */
import type { BootedProcessor, NetworkInterface } from '../probing/system-texts.ts';
import type { Version } from '../probing/running-release.ts';
import type { Arch } from '../profile.ts';
import { defaultSettings } from '../targets.ts';

/** A folder that guests write to. */
export interface Folder {
  readonly path: string;
  /** What is kept there. */
  readonly purpose: string;
  /** `usable` also where it can be made; else what is in the way. */
  readonly state: 'usable' | 'not-a-folder' | 'not-writable';
}

/** The host as it is found. */
export interface Observed {
  /** In the words of freebsd-version(1), such as `14.3-RELEASE-p2`. */
  readonly release: string;
  readonly version: Version;
  readonly arch: Arch;
  readonly isRoot: boolean;
  /** Those of {@link sysctlNames} that exist. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** Those of {@link moduleNames} that are there, compiled in or loaded. */
  readonly modules: ReadonlySet<string>;
  /** The file of vmm is loaded, whether or not the module in it works. */
  readonly isVmmLinked: boolean;
  /** Modules in the folder of the kernel; null where there is no such folder. */
  readonly moduleFiles: ReadonlySet<string> | null;
  /** `ifconfig -C`; null without an answer. */
  readonly cloners: ReadonlySet<string> | null;
  /** `ifconfig -a`; null without an answer. */
  readonly interfaces: readonly NetworkInterface[] | null;
  /** /var/run/dmesg.boot; null where it cannot be read. */
  readonly processor: BootedProcessor | null;
  /** Names of the ACPI tables; null without an answer. */
  readonly acpiTables: ReadonlySet<string> | null;
  /** Devices that are set aside for guests; null without an answer. */
  readonly pptDevices: readonly string[] | null;
  /** Those of {@link programNames} that are there. */
  readonly programs: ReadonlySet<string>;
  /** Those of {@link fileNames} that are there. */
  readonly files: ReadonlySet<string>;
  readonly folders: readonly Folder[];
}

/** The sysctl variables that are read. */
export const sysctlNames = [
  'hw.ncpu',
  'hw.physmem',
  'hw.vmm.amdvi.enable',
  'hw.vmm.create',
  'hw.vmm.iommu.enable',
  'hw.vmm.iommu.initialized',
  'hw.vmm.maxcpu',
  'hw.vmm.vmx.cap.unrestricted_guest',
  'hw.vmm.vmx.initialized',
  'kern.hostname',
  'kern.racct.enable',
  'kern.securelevel',
  'net.link.bridge.member_ifaddrs',
  'net.link.bridge.pfil_bridge',
  'net.link.bridge.pfil_member',
  'net.link.tap.up_on_open',
  'security.jail.jailed',
  'vfs.zfs.vol.mode',
] as const;

/** The kernel modules that are asked for. */
export const moduleNames = ['if_bridge', 'if_tap', 'if_tuntap', 'ipfw', 'nmdm', 'pf', 'vmm'] as const;

/** The programs that are looked for. */
export const programNames = ['bhyve', 'bhyvectl', 'bhyveload', 'grub-bhyve', 'swtpm', 'rctl'] as const;

const { firmware } = defaultSettings('bhyvec');

/** Files whose existence matters. */
export const paths = {
  vmmControl: '/dev/vmmctl',
  iasl: '/usr/sbin/iasl',
  firmware: `${firmware.directory}/BHYVE_UEFI.fd`,
  variables: `${firmware.directory}/BHYVE_UEFI_VARS.fd`,
  uboot: firmware.uboot,
  userboot: '/boot/userboot.so',
  slirp: '/usr/local/lib/libslirp.so.0',
} as const;

/** The values of {@link paths}. */
export const fileNames: readonly string[] = Object.values(paths);
