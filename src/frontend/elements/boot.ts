/** `<boot order='n'/>` of a device (formatdomain, "BIOS bootloader"). */
import type { Located } from '../../diagnostics/source.ts';
import { readNumber } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';

/** Reads the boot order of a device: 1 comes first; null where it has none. */
export function readBootOrder(device: ElementReader): Located<number> | null {
  const boot = device.child('boot');
  if (boot === null) return null;
  const order = boot.attribute('order');
  if (order === null) boot.reporter.report('BV0310', boot.at, { element: 'boot', part: 'order attribute' });
  return readNumber(order, 'boot order', boot.reporter, { min: 1 });
}
