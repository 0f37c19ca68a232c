/** hostbridge and the LPC bridge with what hangs off it: boot ROM, com ports, TPM; bhyve(8), options `-s` and `-l`. */
import type { Capability } from '../../host/capabilities.ts';
import type { Need } from '../needs.ts';
import type { HostStep } from '../plan.ts';
import { argumentSetting, keySetting, type ConfigEntry } from '../settings.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface Hostbridge extends DeviceNode<'hostbridge'> {
  readonly place: Place;
}

export const hostbridge: Emulation<Hostbridge> = {
  kind: 'hostbridge',
  summary: 'host bridge, always on slot 0',
  manual: 'bhyve(8), "hostbridge"',
  needs: ({ place }) => placeNeeds(place),
  requires: () => [],
  hostSteps: () => [],
  settings: (device, grants) => [
    pciSetting(device, addressOf(device.place, grants), 'hostbridge', [], 'every guest has a host bridge on slot 0'),
  ],
};

export interface Lpc extends DeviceNode<'lpc'> {
  readonly place: Place;
}

export const lpc: Emulation<Lpc> = {
  kind: 'lpc',
  summary: 'LPC bridge: com ports, boot ROM and TPM hang off it',
  manual: 'bhyve(8), "lpc"',
  needs: ({ place }) => placeNeeds(place),
  requires: () => [],
  hostSteps: () => [],
  settings: (device, grants) => [
    pciSetting(device, addressOf(device.place, grants), 'lpc', [], 'com ports, boot ROM and TPM need an LPC bridge'),
  ],
};

/** The boot ROM of a guest: UEFI firmware on amd64, U-Boot on arm64. */
export interface Bootrom extends DeviceNode<'bootrom'> {
  readonly path: string;
  /** The store of UEFI variables, and what it is copied from when it is missing. */
  readonly vars: { readonly path: string; readonly template: string | null } | null;
  /** Let the firmware read QEMU's fw_cfg; boot order needs it. */
  readonly qemuFwcfg: boolean;
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
  requires: ({ form, vars, qemuFwcfg }) => [
    ...(form === 'lpc' ? (['bootrom'] satisfies Capability[]) : []),
    ...(form === 'lpc' && vars !== null ? (['bootvars'] satisfies Capability[]) : []),
    ...(qemuFwcfg ? (['fwcfg'] satisfies Capability[]) : []),
  ],
  hostSteps: ({ path, vars, origins }) => [
    { kind: 'file', path, purpose: 'firmware', access: 'read', origins },
    ...(vars === null ? [] : [{ kind: 'nvram', ...vars, origins } as const]),
  ],
  settings: ({ path, vars, qemuFwcfg, form, topLevelKeys, origins }) => {
    const rule = 'a loader without a bootloader is the boot ROM';
    if (form === 'key') return [keySetting('bootrom', path, origins, rule)];
    const prefix = topLevelKeys ? '' : 'lpc.';
    const words = ['bootrom', path, ...(vars === null ? [] : [vars.path]), ...(qemuFwcfg ? ['fwcfg=qemu'] : [])];
    const entries: readonly ConfigEntry[] = [
      { key: `${prefix}bootrom`, value: path },
      ...(vars === null ? [] : [{ key: `${prefix}bootvars`, value: vars.path }]),
      ...(qemuFwcfg ? [{ key: 'lpc.fwcfg', value: 'qemu' }] : []),
    ];
    return [argumentSetting('-l', words.join(','), entries, origins, rule)];
  },
};

/** What a serial port is connected to. */
export type UartBackend =
  | { readonly kind: 'nmdm'; readonly need: Need<'nmdm'> }
  | { readonly kind: 'tcp'; readonly host: string; readonly service: string };

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
  requires: ({ com, backend }) => [
    ...(backend.kind === 'tcp' ? (['tcp-console'] satisfies Capability[]) : []),
    ...((com.wanted ?? 1) > 2 ? (['com3'] satisfies Capability[]) : []),
  ],
  hostSteps: ({ backend, origins }, grants): readonly HostStep[] =>
    backend.kind === 'nmdm'
      ? [
          { kind: 'module', names: ['nmdm'], origins },
          { kind: 'nmdm', pair: grants.of(backend.need), origins },
        ]
      : [
          {
            kind: 'port',
            address: backend.host,
            port: Number(backend.service),
            automatic: false,
            last: Number(backend.service),
            origins,
          },
        ],
  settings: ({ com, backend, form, origins }, grants) => {
    const path = backend.kind === 'nmdm' ? grants.of(backend.need).guest : `tcp=${tcpAddress(backend)}`;
    if (form === 'key')
      return [keySetting('console', path, origins, 'the serial port of an arm64 guest is its console')];
    const port = `com${String(grants.of(com))}`;
    const entries = [{ key: `lpc.${port}.path`, value: path }];
    return [argumentSetting('-l', `${port},${path}`, entries, origins, 'serial port N of the XML is com N+1')];
  },
};

function tcpAddress({ host, service }: { readonly host: string; readonly service: string }): string {
  return `${host}:${service}`;
}

/** A trusted platform module. */
export interface TpmDevice extends DeviceNode<'tpm'> {
  readonly type: 'passthru' | 'swtpm';
  readonly path: string;
}

export const tpm: Emulation<TpmDevice> = {
  kind: 'tpm',
  summary: 'trusted platform module 2.0',
  manual: 'bhyve(8), option -l, "tpm"',
  needs: () => [],
  requires: ({ type }) => [type === 'swtpm' ? 'tpm-swtpm' : 'tpm-passthru'],
  hostSteps: ({ path, origins }) => [{ kind: 'file', path, purpose: 'tpm', access: 'write', origins }],
  settings: ({ type, path, origins }) => [
    argumentSetting(
      '-l',
      `tpm,${type},${path}`,
      [
        { key: 'tpm.type', value: type },
        { key: 'tpm.path', value: path },
      ],
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
  needs: ({ place }) => placeNeeds(place),
  requires: () => [],
  hostSteps: () => [],
  settings: () => [],
};
