/** `<portForward>` of an interface (formatdomain, "Port forwarding"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readNumber, readWord, readYesNo } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';

/** Ports of the host, and where they lead in the guest. */
export interface PortRange {
  readonly at: Span;
  /** The value of the first port. */
  readonly firstAt: Span;
  readonly first: number;
  readonly last: number;
  /** The guest's port for the first one; the others follow. */
  readonly to: number;
  /** These are left out of the other ranges. */
  readonly excluded: boolean;
}

/** What of the host is passed on to the guest. */
export interface PortForward {
  readonly at: Span;
  readonly protocol: 'tcp' | 'udp';
  /** The host's address; null for all. */
  readonly address: Located<string> | null;
  /** Without ranges all ports are meant. */
  readonly ranges: readonly PortRange[];
}

const largest = 65_535;

/** Reads a forwarding; null where a part of it is not understood. */
export function readPortForward(element: ElementReader): PortForward | null {
  const { at, reporter } = element;
  const proto = element.attribute('proto');
  if (proto === null) reporter.report('BV0310', at, { element: 'portForward', part: 'proto attribute' });
  const protocol = readWord(proto, ['tcp', 'udp'] as const, 'the protocol of a forwarding', reporter);
  const address = element.attribute('address');
  const ranges = element.children('range').map(readRange);
  const understood = ranges.filter((range) => range !== null);
  if (protocol === null || understood.length < ranges.length) return null;
  return { at, protocol: protocol.value, address, ranges: understood };
}

function readRange(element: ElementReader): PortRange | null {
  const { at, reporter } = element;
  const start = element.attribute('start');
  if (start === null) reporter.report('BV0310', at, { element: 'range', part: 'start attribute' });
  const [end, guest] = [element.attribute('end'), element.attribute('to')];
  const exclude = element.attribute('exclude');
  const excluded = readYesNo(exclude, 'the attribute exclude', reporter);
  const port = readNumber(start, 'the first port of a range', reporter, { min: 1, max: largest });
  if (port === null || (exclude !== null && excluded === null)) return null;
  const { value: first, at: firstAt } = port;
  const limits = { min: first, max: largest };
  const last = end === null ? first : (readNumber(end, 'the last port of a range', reporter, limits)?.value ?? null);
  if (last === null) return null;
  const room = { min: 1, max: largest - (last - first) };
  const to = guest === null ? first : (readNumber(guest, "the guest's first port", reporter, room)?.value ?? null);
  return to === null ? null : { at, firstAt, first, last, to, excluded: excluded?.value ?? false };
}
