/**
 * Serial ports and their numbers, and the console that is one (libvirt-compile reference, sections 3.3 and 6.8).
 * Reports: BV0412 to BV0414.
 */
import type { Located } from '../../diagnostics/source.ts';
import type { Domain } from '../../frontend/domain.ts';
import type { Serial } from '../../frontend/elements/character.ts';
import type { Context } from '../context.ts';
import type { CompleteSerial } from './complete-domain.ts';
import type { Recall } from './recall.ts';

/** ISA serial ports of a PC. */
const isaPorts = 4;

/** Gives each serial port its number; a lone console becomes serial port 0. */
export function completeSerials(domain: Domain, recall: Recall, context: Context): readonly CompleteSerial[] {
  const { serials, consoles } = domain.devices;
  const isSerial = (type: string | undefined): boolean => type === undefined || type === 'serial';
  for (const further of consoles.slice(1)) {
    if (isSerial(further.targetType?.value)) context.reporter.report('BV0412', further.at, {});
  }
  const heldPort = (serial: Serial): number => (recall.of(serial).held.com ?? 0) - 1;
  const written = new Set(serials.flatMap(({ port }) => port?.value ?? []));
  // A port that the XML leaves open stays what it was, unless the XML gives that to another one.
  const kept = new Map<Serial, number>();
  for (const serial of serials) {
    const port = heldPort(serial);
    if (serial.port !== null || port < 0 || written.has(port)) continue;
    kept.set(serial, port);
    written.add(port);
  }
  const isa = assignIsaPorts(serials, kept, context);
  const known = new Map(
    serials.map((serial) => [serial, isa.get(serial) ?? serial.port?.value ?? kept.get(serial) ?? null]),
  );
  const numbered = serials.map((serial): CompleteSerial => {
    const highest = Math.max(-1, ...[...known.values()].filter((port) => port !== null));
    const port = known.get(serial) ?? highest + 1;
    known.set(serial, port);
    const parts = partsOf(serial.targetType, serial.port);
    return {
      source: serial.source,
      device: serial,
      port,
      parts,
      at: serial.port?.at ?? serial.at,
      origins: [serial.at],
    };
  });
  const first = consoles[0];
  if (numbered.length > 0 || first === undefined || !isSerial(first.targetType?.value)) return numbered;
  return [
    {
      source: first.source,
      device: first,
      port: 0,
      parts: partsOf(first.targetType),
      at: first.at,
      origins: [first.at],
    },
  ];
}

function partsOf(...parts: readonly (Located<unknown> | null)[]): readonly Located<unknown>[] {
  return parts.filter((part) => part !== null);
}

/** Ports whose target is said to be isa-serial are checked, and numbered from the lowest free one. */
function assignIsaPorts(
  serials: readonly Serial[],
  kept: ReadonlyMap<Serial, number>,
  { reporter }: Context,
): ReadonlyMap<Serial, number> {
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
  for (const [serial, port] of kept) {
    if (!isa.includes(serial) || taken.has(port)) continue;
    taken.set(port, serial);
    ports.set(serial, port);
  }
  for (const serial of isa) {
    if (ports.has(serial)) continue;
    const free = Array.from({ length: isaPorts }, (_, port) => port).find((port) => !taken.has(port));
    if (free === undefined) reporter.report('BV0413', serial.at, { port: isaPorts });
    taken.set(free ?? isaPorts, serial);
    ports.set(serial, free ?? isaPorts);
  }
  return ports;
}
