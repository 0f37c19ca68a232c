/**
 * Serial ports and their numbers, and the console that is one (libvirt-compile reference, sections 3.3 and 6.8).
 * Reports: BV0412 to BV0414.
 */
import type { Located } from '../../diagnostics/source.ts';
import type { Domain } from '../../frontend/domain.ts';
import type { Serial } from '../../frontend/elements/character.ts';
import type { Context } from '../context.ts';
import type { CompleteSerial } from './complete-domain.ts';

/** ISA serial ports of a PC. */
const isaPorts = 4;

/** Gives each serial port its number; a lone console becomes serial port 0. */
export function completeSerials(domain: Domain, context: Context): readonly CompleteSerial[] {
  const { serials, consoles } = domain.devices;
  const isSerial = (type: string | undefined): boolean => type === undefined || type === 'serial';
  for (const further of consoles.slice(1)) {
    if (isSerial(further.targetType?.value)) context.reporter.report('BV0412', further.at, {});
  }
  const isa = assignIsaPorts(serials, context);
  const known = new Map(serials.map((serial) => [serial, isa.get(serial) ?? serial.port?.value ?? null]));
  const numbered = serials.map((serial): CompleteSerial => {
    const highest = Math.max(-1, ...[...known.values()].filter((port) => port !== null));
    const port = known.get(serial) ?? highest + 1;
    known.set(serial, port);
    const parts = partsOf(serial.targetType, serial.port);
    return { source: serial.source, port, parts, at: serial.port?.at ?? serial.at, origins: [serial.at] };
  });
  const first = consoles[0];
  if (numbered.length > 0 || first === undefined || !isSerial(first.targetType?.value)) return numbered;
  return [{ source: first.source, port: 0, parts: partsOf(first.targetType), at: first.at, origins: [first.at] }];
}

function partsOf(...parts: readonly (Located<unknown> | null)[]): readonly Located<unknown>[] {
  return parts.filter((part) => part !== null);
}

/** Ports whose target is said to be isa-serial are checked, and numbered from the lowest free one. */
function assignIsaPorts(serials: readonly Serial[], { reporter }: Context): ReadonlyMap<Serial, number> {
  const isa = serials.filter(({ targetType }) => targetType?.value === 'isa-serial');
  const taken = new Map<number, Serial>();
  const ports = new Map<Serial, number>();
  for (const serial of isa) {
    if (serial.port === null) continue;
    const { value, at } = serial.port;
    const other = taken.get(value);
    if (value >= isaPorts) reporter.report('BV0413', at, { port: value });
    if (other !== undefined) {
      const notes = [{ span: other.port?.at ?? other.at, text: 'the other port' }];
      reporter.report('BV0414', at, { port: value }, { notes });
    }
    taken.set(value, serial);
    ports.set(serial, value);
  }
  for (const serial of isa) {
    if (serial.port !== null) continue;
    const free = Array.from({ length: isaPorts }, (_, port) => port).find((port) => !taken.has(port));
    if (free === undefined) reporter.report('BV0413', serial.at, { port: isaPorts });
    taken.set(free ?? isaPorts, serial);
    ports.set(serial, free ?? isaPorts);
  }
  return ports;
}
