/** `<serial>`, `<console>` and `<channel>` (formatdomain, "Consoles, serial, parallel & channel devices"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import { readNumber, readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

const types = [
  'null', 'vc', 'pty', 'dev', 'file', 'pipe', 'stdio', 'udp', 'tcp', 'unix', 'spicevmc', 'spiceport', 'nmdm',
  'qemu-vdagent', 'dbus',
] as const; // prettier-ignore

/** What a character device is connected to on the host. */
export interface CharacterSource {
  readonly type: Located<(typeof types)[number]>;
  readonly at: Span;
  /** The guest's end of a null-modem pair, and the user's. */
  readonly master: Located<string> | null;
  readonly slave: Located<string> | null;
  /** Path of a unix socket, a device or a file. */
  readonly path: Located<string> | null;
  readonly mode: Located<'bind' | 'connect'> | null;
  readonly host: Located<string> | null;
  readonly service: Located<string> | null;
  readonly protocol: Located<string> | null;
}

export interface Serial {
  readonly at: Span;
  readonly source: CharacterSource;
  readonly targetType: Located<string> | null;
  readonly port: Located<number> | null;
  readonly address: Address | null;
}

export interface Console {
  readonly at: Span;
  readonly source: CharacterSource;
  readonly targetType: Located<string> | null;
  readonly address: Address | null;
}

export interface Channel {
  readonly at: Span;
  readonly source: CharacterSource;
  readonly targetType: Located<string> | null;
  /** The name that the guest sees. */
  readonly name: Located<string> | null;
  readonly address: Address | null;
}

const serialTargets = [
  'isa-serial', 'usb-serial', 'pci-serial', 'spapr-vio-serial', 'system-serial', 'sclp-serial', 'isa-debug',
] as const; // prettier-ignore
const consoleTargets = ['serial', 'xen', 'uml', 'virtio', 'lxc', 'openvz', 'sclp', 'sclplm'] as const;
const channelTargets = ['guestfwd', 'virtio', 'xen'] as const;

/** Reads a serial port. */
export function readSerial(element: ElementReader): Serial | null {
  const source = readCharacterSource(element);
  const target = element.child('target');
  const address = readAddress(element);
  if (source === null) return null;
  return {
    at: element.at,
    source,
    targetType: readWord(
      target?.attribute('type') ?? null,
      serialTargets,
      'the target type of a serial port',
      element.reporter,
    ),
    port: readNumber(target?.attribute('port') ?? null, 'the port of a serial port', element.reporter),
    address,
  };
}

/** Reads a console; its port is its place in the list, whatever the XML says. */
export function readConsole(element: ElementReader): Console | null {
  const source = readCharacterSource(element);
  const target = element.child('target');
  readNumber(target?.attribute('port') ?? null, 'the port of a console', element.reporter);
  element.attribute('tty');
  const targetType = readWord(
    target?.attribute('type') ?? null,
    consoleTargets,
    'the target type of a console',
    element.reporter,
  );
  const address = readAddress(element);
  return source === null ? null : { at: element.at, source, targetType, address };
}

/** Reads a channel. */
export function readChannel(element: ElementReader): Channel | null {
  const source = readCharacterSource(element);
  const target = element.child('target');
  const written = target?.attribute('type') ?? null;
  if (written === null)
    element.reporter.report('BV0310', target?.at ?? element.at, { element: 'channel', part: 'target type' });
  const targetType = readWord(written, channelTargets, 'the target type of a channel', element.reporter);
  const address = readAddress(element);
  // One of another kind is left out, with all that is in it.
  if (targetType !== null && targetType.value !== 'virtio') element.takeAll();
  if (source === null) return null;
  return { at: element.at, source, targetType, name: target?.attribute('name') ?? null, address };
}

function readCharacterSource(element: ElementReader): CharacterSource | null {
  const { at, reporter } = element;
  const written = element.attribute('type');
  const type =
    written === null
      ? ({ value: 'pty', at } as const)
      : readWord(written, types, `the type of a ${element.name}`, reporter);
  if (type === null) return null;
  const source = element.child('source');
  const attribute = (name: string): Located<string> | null => {
    const found = source?.attribute(name) ?? null;
    return found === null || found.value === '' ? null : found;
  };
  return {
    type,
    at: source?.at ?? at,
    master: attribute('master'),
    slave: attribute('slave'),
    path: attribute('path'),
    mode: readWord(attribute('mode'), ['bind', 'connect'] as const, 'mode', reporter),
    host: attribute('host'),
    service: attribute('service'),
    protocol: readProtocol(element),
  };
}

function readProtocol(element: ElementReader): Located<string> | null {
  const protocol = element.child('protocol')?.attribute('type') ?? null;
  return readWord(
    protocol,
    ['raw', 'telnet', 'telnets', 'tls'] as const,
    'the protocol of a TCP port',
    element.reporter,
  );
}
