/** What bhyve is told, in the order in which libvirt tells it (libvirt-compile reference, section 1.3; bhyve(8)). */
import type { Origins } from '../../diagnostics/source.ts';
import { emulationOf, type Device } from '../../ir/emulations/index.ts';
import { allDevices, type Machine, type PlacedMachine, type RawOption } from '../../ir/machine.ts';
import type { Need } from '../../ir/needs.ts';
import {
  argumentSetting,
  keySetting,
  optionSetting,
  setting,
  type ConfigEntry,
  type Setting,
} from '../../ir/settings.ts';

/** All settings of a machine, its name excepted. */
export function settingsOf(placed: PlacedMachine): readonly Setting[] {
  const { machine, grants } = placed;
  const told = (devices: readonly Device[]): readonly Setting[] =>
    devices.flatMap((device) => emulationOf(device).settings(device, grants));
  const devices = told(machine.devices);
  const hostDevices = told(machine.hostDevices);
  return [
    ...rundirSettings(machine),
    ...cpuSettings(machine),
    ...memorySettings(machine),
    ...platformSettings(machine),
    ...exitSettings(machine),
    ...busSettings(placed),
    ...devices,
    ...machine.raw.map((option) => rawSetting(option, machine)),
    ...hostDevices,
    ...machine.smbios.map(({ key, value, origins }) =>
      keySetting(key, value, origins, 'sysinfo becomes an SMBIOS string'),
    ),
  ];
}

/** The user's own words, and the keys that say the same. */
function rawSetting({ words, entries }: RawOption, { origins }: Machine): Setting {
  const texts = words.map(({ pieces }) => pieces);
  return setting(texts, entries ?? [], words[0]?.origins ?? origins, '<bhyve:arg> is passed on as it is');
}

function rundirSettings({ rundir, origins }: Machine): readonly Setting[] {
  if (rundir === null) return [];
  const rule = 'a bhyve without privileges runs in monitor mode';
  return [
    optionSetting('-M', { key: 'monitor', value: 'true' }, origins, rule),
    keySetting('rundir', rundir, origins, rule),
  ];
}

function cpuSettings({ cpus }: Machine): readonly Setting[] {
  const { count, topology, pins, origins } = cpus;
  const parts = topology === null ? [] : Object.entries({ cpus: count, ...topology });
  const argument =
    topology === null ? String(count) : parts.map(([name, value]) => `${name}=${String(value)}`).join(',');
  const entries: readonly ConfigEntry[] =
    topology === null
      ? [{ key: 'cpus', value: String(count) }]
      : parts.map(([key, value]) => ({ key, value: String(value) }));
  const vcpus = [...new Set(pins.map(({ vcpu }) => vcpu))];
  return [
    argumentSetting('-c', argument, entries, origins, 'vcpu and topology'),
    ...vcpus.map((vcpu): Setting => {
      const own = pins.filter((pin) => pin.vcpu === vcpu);
      const hostcpus = own.map(({ hostcpu }) => String(hostcpu));
      return setting(
        hostcpus.flatMap((hostcpu) => ['-p', `${String(vcpu)}:${hostcpu}`]),
        [{ key: `vcpu.${String(vcpu)}.cpuset`, value: hostcpus.join(',') }],
        own[0]?.origins ?? origins,
        'vcpupin: one -p for each host CPU',
      );
    }),
  ];
}

function memorySettings({ memory }: Machine): readonly Setting[] {
  const { mib, wired, suffix, numa, origins, wiredOrigins } = memory;
  const size = (amount: bigint): string => `${String(amount)}${suffix ? 'M' : ''}`;
  return [
    ...numa.flatMap((domain, id) => numaSettings(domain, id, size(domain.mib), suffix)),
    argumentSetting('-m', size(mib), [{ key: 'memory.size', value: size(mib) }], origins, 'memory, in MiB, rounded up'),
    ...(wired
      ? [optionSetting('-S', { key: 'memory.wired', value: 'true' }, wiredOrigins, 'locked memory is wired')]
      : []),
  ];
}

/** A comma ends the value of cpus= in `-n`: with our spelling, sets of several ranges are given as keys. */
function numaSettings(
  { cpus, origins }: Machine['memory']['numa'][number],
  id: number,
  size: string,
  ours: boolean,
): readonly Setting[] {
  const node = `domains.${String(id)}`;
  const rule = 'a NUMA cell is a domain';
  const entries = [
    { key: `${node}.size`, value: size },
    { key: `${node}.cpus`, value: cpus },
  ];
  if (ours && cpus.includes(',')) return entries.map(({ key, value }) => keySetting(key, value, origins, rule));
  return [argumentSetting('-n', `id=${String(id)},size=${size},cpus=${cpus}`, entries, origins, rule)];
}

function platformSettings(machine: Machine): readonly Setting[] {
  const { acpiOption, ignoreMsrs, utc, uuid, keyboard } = machine;
  const option = (
    letter: string,
    key: string,
    value: string,
    origins: Origins | null,
    rule: string,
  ): readonly Setting[] => (origins === null ? [] : [optionSetting(letter, { key, value }, origins, rule)]);
  return [
    ...option('-A', 'acpi_tables', 'true', acpiOption, 'the guest gets ACPI tables'),
    ...option('-w', 'x86.strictmsr', 'false', ignoreMsrs, 'msrs unknown=ignore'),
    ...option('-u', 'rtc.use_localtime', 'false', utc, 'the clock runs in UTC'),
    ...(uuid === null
      ? []
      : [argumentSetting('-U', uuid.value, [{ key: 'uuid', value: uuid.value }], [uuid.at], 'uuid of the guest')]),
    ...(keyboard === null
      ? []
      : [
          argumentSetting(
            '-K',
            keyboard.value,
            [{ key: 'keyboard.layout', value: keyboard.value }],
            [keyboard.at],
            'keymap of the VNC server',
          ),
        ]),
  ];
}

/** Without these an idle guest takes a whole CPU of the host. arm64 has no such options. */
function exitSettings({ arch, origins }: Machine): readonly Setting[] {
  if (arch === 'arm64') return [];
  return [
    optionSetting('-H', { key: 'x86.vmexit_on_hlt', value: 'true' }, origins, 'always: yield the CPU on HLT'),
    optionSetting('-P', { key: 'x86.vmexit_on_pause', value: 'true' }, origins, 'always: yield the CPU on PAUSE'),
  ];
}

/** bhyve cannot describe other buses than 0 in an MP table, and refuses to start with one. arm64 has no such table. */
function busSettings({ machine, grants }: PlacedMachine): readonly Setting[] {
  if (machine.arch === 'arm64') return [];
  const needs = allDevices(machine).flatMap((device) => emulationOf(device).needs(device));
  const far = needs.filter(isPci).find((need) => grants.of(need).bus !== 0);
  if (far === undefined) return [];
  return [optionSetting('-Y', { key: 'x86.mptable', value: 'false' }, far.origins, 'devices on other buses than 0')];
}

function isPci(need: Need): need is Need<'pci'> {
  return need.kind === 'pci';
}
