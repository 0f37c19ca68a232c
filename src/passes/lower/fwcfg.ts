/**
 * Items of fw_cfg, which UEFI firmware and the guest's kernel read (bhyve(8), option -f; bhyve's qemu_fwcfg.c).
 * Reports: BV0503, BV1820 to BV1822.
 */
import type { Span } from '../../diagnostics/source.ts';
import type { FwcfgItem } from '../../frontend/elements/fwcfg.ts';
import type { FirmwareItem } from '../../ir/emulations/bootrom.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { bootsFirmware } from './firmware-order.ts';
import { checkAbsolute, checkControl } from './words.ts';

/** QEMU_FWCFG_MAX_NAME, the byte at its end excepted. */
const longestName = 55;

/** The items in document order; none where no firmware is there to offer them. */
export function lowerFwcfgItems(complete: CompleteDomain, context: Context): readonly FirmwareItem[] {
  const { dialect, reporter, uses } = context;
  const { items, itemTypes } = complete.domain.sysinfo;
  if (!dialect.ours('firmware-items')) return [];
  if (complete.arch === 'arm64' || !bootsFirmware(complete)) {
    for (const { at } of itemTypes) {
      reporter.report('BV1820', at, {});
      uses.leaveOut(at);
    }
    return [];
  }
  for (const { at, type } of itemTypes) {
    uses.take(at);
    uses.take(type);
  }
  reportSeconds(items, context);
  return items.map((item) => {
    checkItem(item, context);
    uses.takeWhole(item.at);
    return { ...item, origins: [item.at] };
  });
}

function checkItem({ name, source, value }: FwcfgItem, context: Context): void {
  const { reporter } = context;
  // bhyve reads a name up to the first comma, and passes over "name=" before it.
  if (!/^[!-~]+$/.test(name.value) || name.value.includes(',') || name.value.length > longestName) {
    reporter.report('BV1821', name.at, { name: name.value, longest: longestName });
  }
  if (source === 'string') checkControl(value, 'the text of a fw_cfg item', context);
  else checkAbsolute(value, 'the path of a fw_cfg item', context);
}

/** bhyve keeps the item that it read last, and says nothing. */
function reportSeconds(items: readonly FwcfgItem[], { reporter }: Context): void {
  const seen = new Map<string, Span>();
  for (const { name } of items) {
    const first = seen.get(name.value);
    if (first === undefined) seen.set(name.value, name.at);
    else reporter.report('BV1822', name.at, { name: name.value }, { notes: [{ span: first, text: 'first item' }] });
  }
}
