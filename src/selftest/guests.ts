/** The guests of the self-test as libvirt domains: the smallest ones that show what a launcher does for them. */
import type { Capability } from '../host/capabilities.ts';
import { bridge, fullDirectory, romPath, stateDirectory, tcpPort, vmName } from './places.ts';
import type { RomName } from './roms.ts';

/** One guest. */
export interface SelftestGuest {
  readonly name: string;
  /** Its firmware, which is all that runs in it. */
  readonly rom: RomName;
  /** A host without one of these has no such guest. */
  readonly needs: readonly Capability[];
  readonly stateDirectory: string;
  /** Its rc.d script is tried as well. */
  readonly isService: boolean;
  readonly xml: string;
}

/** What a guest has beyond the others. */
interface Parts {
  readonly needs?: readonly Capability[];
  readonly stateDirectory?: string;
  readonly isService?: boolean;
  readonly onPoweroff?: string;
  readonly onReboot?: string;
  readonly onCrash?: string;
  /** Elements beside `<os>`. */
  readonly domain?: string;
  readonly devices?: string;
}

const nic = `<interface type='bridge'><source bridge='${bridge}'/><mtu size='1400'/><model type='virtio'/></interface>`;
const firstNmdm = "<serial type='nmdm'><source master='/dev/nmdm-bhyvecst.1A' slave='/dev/nmdm-bhyvecst.1B'/></serial>";
const tcp = `<serial type='tcp'><source mode='bind' host='127.0.0.1' service='${String(tcpPort)}'/><protocol type='raw'/></serial>`;

/** The guests, in the order of the tests. */
export const guests: readonly SelftestGuest[] = [
  guest('off', 'off'),
  guest('reset', 'reset', { onReboot: 'destroy' }),
  guest('halt', 'halt'),
  guest('fault', 'fault'),
  guest('kept', 'fault', { onCrash: 'preserve' }),
  guest('again', 'off', { onPoweroff: 'restart' }),
  guest('again-fault', 'fault', { onCrash: 'restart' }),
  guest('loop', 'reset'),
  guest('idle', 'idle', { devices: nic }),
  guest('button', 'button', { devices: nic }),
  guest('line', 'print', { devices: firstNmdm }),
  guest('tcp', 'print', { needs: ['tcp-console'], devices: tcp }),
  guest('slirp', 'idle', {
    needs: ['slirp'],
    devices: "<interface type='user'><model type='virtio'/></interface>",
  }),
  guest('limits', 'idle', {
    domain: '<blkiotune><device><path>*</path><read_iops_sec>100</read_iops_sec></device></blkiotune>',
  }),
  guest('pinned', 'spin', { domain: "<cputune><vcpupin vcpu='0' cpuset='0'/></cputune>" }),
  guest('secret', 'idle', {
    needs: ['vnc-password', 'config-file'],
    devices: "<graphics type='vnc' port='-1' autoport='yes' passwd='selftest'/>",
  }),
  guest('refused', 'idle', {
    domain:
      "<bhyve:commandline xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>" +
      "<bhyve:arg value='-l'/><bhyve:arg value='com2,/dev/null'/></bhyve:commandline>",
    devices: nic,
  }),
  guest('full', 'idle', { stateDirectory: fullDirectory, devices: nic }),
  guest('service', 'button', { isService: true, devices: nic }),
];

/** The document of the guest that a supervisor keeps. */
export const supervised = guest('kept-up', 'button', { devices: nic });

function guest(name: string, rom: RomName, parts: Parts = {}): SelftestGuest {
  const xml = `<domain type='bhyve'>
  <name>${vmName(name)}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type>hvm</type><loader readonly='yes' type='pflash'>${romPath(rom)}</loader></os>
  <features><acpi/></features>
  <on_poweroff>${parts.onPoweroff ?? 'destroy'}</on_poweroff>
  <on_reboot>${parts.onReboot ?? 'restart'}</on_reboot>
  <on_crash>${parts.onCrash ?? 'destroy'}</on_crash>
  ${parts.domain ?? ''}
  <devices>${parts.devices ?? ''}</devices>
</domain>
`;
  const { needs = [], isService = false } = parts;
  return { name, rom, needs, stateDirectory: parts.stateDirectory ?? stateDirectory, isService, xml };
}
