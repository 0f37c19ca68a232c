/** hostbridge and the LPC bridge with what hangs off it: boot ROM, com ports, TPM; bhyve(8), options `-s` and `-l`. */
import type { Located, Origins, Span } from '../../diagnostics/source.ts';
import type { Capability } from '../../host/capabilities.ts';
import type { Need } from '../needs.ts';
import type { HostStep } from '../plan.ts';
import { argumentSetting, configEntry, keySetting, type Setting } from '../settings.ts';
import { tcpPortOf } from '../units.ts';
import { joined, piecesOf } from '../words.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place, type Wish } from './define.ts';

export interface Hostbridge extends DeviceNode<'hostbridge'> {
  readonly place: Place;
  /** The word of bhyve: that of AMD has another vendor ID. */
  readonly model: Located<'hostbridge' | 'amd_hostbridge'>;
}

export const hostbridge: Emulation<Hostbridge> = {
  kind: 'hostbridge',
  summary: 'host bridge, always on slot 0',
  manual: 'bhyve(8), "hostbridge" and "amd_hostbridge"',
  needs: ({ place }) => placeNeeds(place),
  uses: () => [],
  requires: () => [],
  hostSteps: () => [],
  settings: (device, grants) => {
    const { place, model } = device;
    const rule = 'every guest has a host bridge on slot 0';
    const written = pciSetting(device, addressOf(place, grants), model.value, [], rule);
    // The keys of AMD's vendor ID are other ones in each release, and its name is no key: only the word says it everywhere.
    return [model.value === 'amd_hostbridge' ? { ...written, entries: [] } : written];
  },
};

export interface Lpc extends DeviceNode<'lpc'> {
  readonly place: Place;
}

export const lpc: Emulation<Lpc> = {
  kind: 'lpc',
  summary: 'LPC bridge: com ports, boot ROM and TPM hang off it',
  manual: 'bhyve(8), "lpc"',
  needs: ({ place }) => placeNeeds(place, 'alone'),
  uses: () => [],
  requires: () => [],
  hostSteps: () => [],
  settings: (device, grants) => [
    pciSetting(device, addressOf(device.place, grants), 'lpc', [], 'com ports, boot ROM and TPM need an LPC bridge'),
  ],
};

/** An item of QEMU's fw_cfg: bhyve(8), option -f. */
export interface FirmwareItem {
  readonly name: Located<string>;
  readonly source: 'string' | 'file';
  /** The text, or the path of the file. */
  readonly value: Located<string>;
  readonly origins: Origins;
}

/** The boot ROM of a guest: UEFI firmware on amd64, U-Boot on arm64. */
export interface Bootrom extends DeviceNode<'bootrom'> {
  readonly path: Located<string>;
  /** The store of UEFI variables, and what it is copied from when it is missing. */
  readonly vars: { readonly path: Located<string>; readonly template: string | null } | null;
  /** Let the firmware read QEMU's fw_cfg; boot order needs it. */
  readonly qemuFwcfg: boolean;
  /** Items of fw_cfg that firmware and guest read. */
  readonly items: readonly FirmwareItem[];
  /** `-l bootrom,PATH` on amd64, `-o bootrom=PATH` on arm64. */
  readonly form: 'lpc' | 'key';
  /** Whether the keys are `bootrom` and `bootvars`, or `lpc.bootrom` and `lpc.bootvars`. */
  readonly topLevelKeys: boolean;
}

export const bootrom: Emulation<Bootrom> = {
  kind: 'bootrom',
  summary: 'boot ROM: UEFI firmware or U-Boot',
  manual: 'bhyve(8), option -l, "bootrom"',
  needs: () => [],
  uses: () => [],
  requires: ({ form, vars, qemuFwcfg }) => [
    ...(form === 'lpc' ? (['bootrom'] satisfies Capability[]) : []),
    ...(form === 'lpc' && vars !== null ? (['bootvars'] satisfies Capability[]) : []),
    ...(qemuFwcfg ? (['fwcfg'] satisfies Capability[]) : []),
  ],
  hostSteps: ({ path, vars, items, origins }) => [
    { kind: 'file', path: path.value, purpose: 'firmware', access: 'read', origins, at: path.at },
    ...items.flatMap(({ source, value, origins: from }): readonly HostStep[] =>
      source === 'file'
        ? [{ kind: 'file', path: value.value, purpose: 'fwcfg', access: 'read', origins: from, at: value.at }]
        : [],
    ),
    ...(vars === null
      ? []
      : [{ kind: 'nvram', path: vars.path.value, template: vars.template, origins, at: vars.path.at } as const]),
  ],
  settings: ({ path, vars, qemuFwcfg, items, form, topLevelKeys, origins }) => {
    const rule = 'a loader without a bootloader is the boot ROM';
    if (form === 'key') return [keySetting('bootrom', path, origins, rule)];
    const prefix = topLevelKeys ? '' : 'lpc.';
    const parts = ['bootrom', path, ...(vars === null ? [] : [vars.path]), ...(qemuFwcfg ? ['fwcfg=qemu'] : [])];
    const entries = [
      configEntry(`${prefix}bootrom`, path),
      ...(vars === null ? [] : [configEntry(`${prefix}bootvars`, vars.path)]),
      ...(qemuFwcfg ? [configEntry('lpc.fwcfg', 'qemu')] : []),
    ];
    const argument = joined(
      parts.map((part) => piecesOf(part)),
      ',',
    );
    return [argumentSetting('-l', argument, entries, origins, rule), ...items.map(itemSetting)];
  },
};

/** No key of bhyve_config(5) says it. Everything behind the equals sign belongs to the value, commas too. */
function itemSetting({ name, source, value, origins }: FirmwareItem): Setting {
  const word = piecesOf('name=', name, `,${source}=`, value);
  return argumentSetting('-f', word, [], origins, 'sysinfo of type fwcfg becomes an item of fw_cfg');
}

/** What a serial port is connected to. */
export type UartBackend =
  | { readonly kind: 'nmdm'; readonly need: Need<'nmdm'> }
  | {
      readonly kind: 'tcp';
      /** As bhyve reads it: an IPv6 address has brackets. */
      readonly host: string;
      readonly service: Located<string>;
      /** Where it says that it is TCP. */
      readonly at: Span;
    };

export interface Uart extends DeviceNode<'uart'> {
  readonly com: Need<'com'>;
  readonly backend: UartBackend;
  /** `-l comN,BACKEND` on amd64, `-o console=BACKEND` on arm64. */
  readonly form: 'lpc' | 'key';
}

export const uart: Emulation<Uart> = {
  kind: 'uart',
  summary: 'serial port',
  manual: 'bhyve(8), option -l, "com1"; nmdm(4)',
  needs: ({ com, backend }) => [com, ...(backend.kind === 'nmdm' ? [backend.need] : [])],
  uses({ backend }) {
    if (backend.kind !== 'tcp') return [];
    const { host, service } = backend;
    return [{ kind: 'tcp-port', name: service.value, address: host, at: service.at }];
  },
  requires: ({ com, backend }) => [
    ...(backend.kind === 'tcp' ? [{ value: 'tcp-console', at: backend.at } satisfies Wish] : []),
    ...((com.wanted ?? 1) > 2 ? [{ value: 'com3', at: com.at } satisfies Wish] : []),
  ],
  hostSteps: ({ backend, origins }, grants): readonly HostStep[] => {
    if (backend.kind === 'nmdm') {
      return [
        { kind: 'module', names: ['nmdm'], origins, at: backend.need.at },
        { kind: 'nmdm', pair: grants.of(backend.need), origins, at: backend.need.at },
      ];
    }
    const { host, service } = backend;
    // Under libvirt's rules it may be the name of a service, which bhyve refuses: there is no port to look at.
    const port = tcpPortOf(service.value);
    return port === null
      ? []
      : [{ kind: 'port', address: host, port, automatic: false, last: port, origins, at: service.at }];
  },
  settings: ({ com, backend, form, origins }, grants) => {
    const path =
      backend.kind === 'nmdm'
        ? piecesOf({ value: grants.of(backend.need).guest, at: backend.need.at })
        : piecesOf(`tcp=${backend.host}:`, backend.service);
    if (form === 'key')
      return [keySetting('console', path, origins, 'the serial port of an arm64 guest is its console')];
    const port = `com${String(grants.of(com))}`;
    const entries = [configEntry(`lpc.${port}.path`, path)];
    const rule = 'serial port N of the XML is com N+1';
    return [argumentSetting('-l', piecesOf(`${port},`, path), entries, origins, rule)];
  },
};

/** A trusted platform module. */
export interface TpmDevice extends DeviceNode<'tpm'> {
  readonly type: 'passthru' | 'swtpm';
  readonly path: Located<string>;
  /** Of an emulator that runs for this guest alone: where its state is, and the file with its passphrase; null where one is there. */
  readonly emulator: { readonly state: Located<string>; readonly key: string | null } | null;
}

export const tpm: Emulation<TpmDevice> = {
  kind: 'tpm',
  summary: 'trusted platform module 2.0',
  manual: 'bhyve(8), option -l, "tpm"',
  needs: () => [],
  uses: () => [],
  requires: ({ type, path }) => [{ value: type === 'swtpm' ? 'tpm-swtpm' : 'tpm-passthru', at: path.at }],
  hostSteps: ({ path, emulator, origins }) => [
    emulator === null
      ? { kind: 'file', path: path.value, purpose: 'tpm', access: 'write', origins, at: path.at }
      : { kind: 'swtpm', socket: path.value, state: emulator.state.value, key: emulator.key, origins, at: path.at },
  ],
  settings: ({ type, path, origins }) => [
    argumentSetting(
      '-l',
      piecesOf(`tpm,${type},`, path),
      // -l alone has a default for the version: without it a file aborts bhyve.
      [configEntry('tpm.type', type), configEntry('tpm.path', path), configEntry('tpm.version', '2.0')],
      origins,
      'a TPM hangs off the LPC bridge',
    ),
  ],
};

/** A slot that is kept free for a device that bhyve is not told of. */
export interface EmptySlot extends DeviceNode<'empty-slot'> {
  readonly place: Place;
}

export const emptySlot: Emulation<EmptySlot> = {
  kind: 'empty-slot',
  summary: 'no device: keeps a slot, so that the slots of other devices are those of libvirt',
  manual: 'bhyve(8), option -s',
  needs: ({ place }) => placeNeeds(place, 'alone'),
  uses: () => [],
  requires: () => [],
  hostSteps: () => [],
  settings: () => [],
};
