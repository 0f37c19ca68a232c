/** bootrom: UEFI firmware or U-Boot, and what it reads by fw_cfg; bhyve(8), options `-l` and `-f`. */
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { Capability } from '../../host/capabilities.ts';
import type { HostStep } from '../plan.ts';
import { argumentSetting, configEntry, keySetting, type Setting } from '../settings.ts';
import { joined, piecesOf } from '../words.ts';
import type { DeviceNode, Emulation } from './define.ts';

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
