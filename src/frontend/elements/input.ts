/** `<input>` (formatdomain, "Input devices"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

/** An input device. */
export interface Input {
  readonly at: Span;
  readonly type: Located<'mouse' | 'tablet' | 'keyboard' | 'passthrough' | 'evdev'>;
  readonly bus: Located<string> | null;
  readonly address: Address | null;
}

/** Reads an input device. */
export function readInput(element: ElementReader): Input | null {
  const { at, reporter } = element;
  const types = ['mouse', 'tablet', 'keyboard', 'passthrough', 'evdev'] as const;
  const buses = ['ps2', 'usb', 'xen', 'virtio', 'parallels', 'none'] as const;
  const written = element.attribute('type');
  if (written === null) reporter.report('BV0310', at, { element: 'input', part: 'type attribute' });
  const type = readWord(written, types, 'the type of an input device', reporter);
  const bus = readWord(element.attribute('bus'), buses, 'the bus of an input device', reporter);
  const address = readAddress(element);
  return type === null ? null : { at, type, bus, address };
}
