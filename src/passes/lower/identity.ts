/** Name, keyboard layout and SMBIOS strings (bhyve(8); bhyve_config(5)). Reports: BV0846 to BV0850. */
import { isGuestName } from '../../ir/names.ts';
import type { Located, Origins } from '../../diagnostics/source.ts';
import type { Machine } from '../../ir/machine.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { whereOffered } from './optional.ts';
import { checkText } from './words.ts';

/** Longest names, in bytes: VM_MAX_NAMELEN through FreeBSD 12.2, and from 13.0. */
const longestName = { old: 31, now: 229 };

/** The name becomes /dev/vmm/NAME, a part of file names and of an rc.d script. */
export function checkGuestName(name: Located<string>, { dialect, host, reporter }: Context): void {
  const { value, at } = name;
  if (!dialect.ours('guest-name')) {
    if (value.includes('/')) reporter.report('BV0846', at, { name: value });
    return;
  }
  if (!isGuestName(value)) reporter.report('BV0847', at, { name: printable(value) });
  const max = host.capabilities.has('long-names') ? longestName.now : longestName.old;
  if (value.length > max) reporter.report('BV0848', at, { length: value.length, max, host: host.name });
}

function printable(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Layouts that libvirt calls otherwise; the others are file names in /usr/share/bhyve/kbdlayout. */
const layouts: Readonly<Record<string, string | null>> = {
  'en-us': null,
  'en-gb': 'uk',
  'fr-ca': 'ca_fr',
  'de-ch': 'ch_de',
  ja: 'jp',
};

/** The keyboard layout of the VNC server. */
export function lowerKeyboard({ domain }: CompleteDomain, context: Context): Located<string> | null {
  const { dialect, reporter } = context;
  const keymap = domain.devices.graphics[0]?.keymap ?? null;
  if (keymap === null || !dialect.ours('vnc-keymap')) return null;
  const layout = Object.hasOwn(layouts, keymap.value) ? layouts[keymap.value] : keymap.value;
  context.uses.take(keymap);
  if (layout == null) return null;
  if (!/^[a-z][a-z0-9_]*$/.test(layout)) {
    reporter.report('BV0849', keymap.at, { keymap: keymap.value });
    return null;
  }
  return whereOffered({ value: layout, at: keymap.at }, 'keyboard-layout', keymap.at, context);
}

/** The SMBIOS strings, in libvirt's order. */
export function lowerSmbios({ domain }: CompleteDomain, context: Context): Machine['smbios'] {
  const { entries, furtherBoards, family, types, uuid } = domain.sysinfo;
  for (const board of furtherBoards) context.reporter.report('BV0850', board, {});
  const ours =
    context.dialect.ours('smbios-family') && family !== null ? [{ key: 'system.family_name', ...family }] : [];
  // It is the UUID of the guest, which bhyve is told by -U.
  if (uuid !== null && context.dialect.ours('guest-uuid')) {
    context.uses.takeWhole(uuid.at);
    context.uses.take(uuid.value);
    for (const type of types) context.uses.take(type);
  }
  return [...entries, ...ours].flatMap(({ key, value, at }) => {
    if (whereOffered(value, 'smbios', value.at, context) === null) return [];
    context.uses.takeWhole(at);
    for (const type of types) context.uses.take(type);
    // A comma is no separator in the value of a key.
    checkText(value, 'an SMBIOS string', context);
    return [{ key, value: value.value, origins: [value.at] satisfies Origins }];
  });
}
