/** Serial ports to com ports and the arm64 console (libvirt-compile reference, section 6.8). Reports: BV0587 to BV0596. */
import { sayingOf } from '../../diagnostics/sayings.ts';
import type { Located, Span } from '../../diagnostics/source.ts';
import type { CharacterSource } from '../../frontend/elements/character.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { UartBackend } from '../../ir/emulations/uart.ts';
import { tcpPortOf, type NmdmPair } from '../../ir/units.ts';
import type { CompleteDomain, CompleteSerial } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { isNumericAddress } from './words.ts';

/** Com ports of the LPC bridge. */
const comPorts = 4;

/** Gives the serial ports, in list order. */
export function lowerSerials(
  domain: CompleteDomain,
  context: Context,
): readonly (Device & { readonly kind: 'uart' })[] {
  const { serials, arch } = domain;
  const second = serials[1];
  if (arch === 'arm64' && second !== undefined) context.reporter.report('BV0587', second.origins[0], {});
  checkConsoles(domain, context);
  for (const { targetType } of domain.domain.devices.serials)
    if (targetType !== null && targetType.value !== (arch === 'arm64' ? 'system-serial' : 'isa-serial'))
      context.reporter.report('BV1511', targetType.at, { type: targetType.value });
  return serials.flatMap((serial, ordinal) => lowerSerial(serial, ordinal, domain, context));
}

/**
 * A console that mirrors the first serial port is that port, and bhyvec goes by the port; further consoles, and those of
 * other kinds, are left out.
 */
function checkConsoles({ domain, serials }: CompleteDomain, { reporter, uses }: Context): void {
  const { consoles } = domain.devices;
  for (const [place, { targetType, source, at }] of consoles.entries()) {
    const [first] = serials;
    if (place > 0 || (targetType !== null && targetType.value !== 'serial')) {
      reporter.report('BV1301', at, { what: '<console>', ...sayingOf('device') });
    } else if (first !== undefined && first.source !== source) {
      uses.leaveOut(at);
      const other = otherPart(source, first.source);
      if (other !== null) reporter.report('BV1502', other.at, { type: source.type.value });
    } else uses.take(targetType);
  }
}

/** By what a console names another place than the serial port that it mirrors; null where it does not. */
function otherPart(console: CharacterSource, serial: CharacterSource): { readonly at: Span } | null {
  const keys = ['type', 'master', 'slave', 'path', 'host', 'service'] as const;
  const other = keys.find((key) => console[key] !== null && console[key].value !== serial[key]?.value);
  return other === undefined ? null : console[other];
}

function lowerSerial(
  serial: CompleteSerial,
  ordinal: number,
  domain: CompleteDomain,
  context: Context,
): readonly (Device & { readonly kind: 'uart' })[] {
  const { reporter, dialect } = context;
  const { source, port, origins } = serial;
  if (port >= comPorts) reporter.report('BV0588', serial.at, { port });
  const backend = backendOf(serial, ordinal, domain, context);
  if (backend === null) return [];
  for (const part of serial.parts) context.uses.take(part);
  if (domain.arch === 'arm64' && backend.kind === 'tcp' && !dialect.ours('capability-checks')) {
    reporter.report('BV0589', source.type.at, { type: source.type.value });
  }
  const owner = `serial port ${String(port)}`;
  // Under libvirt two ports may have one number: then they are one need.
  const id = `com ${String(dialect.ours('nmdm-unique') ? ordinal : port)}`;
  const { key } = domain.recall.of(serial.device);
  const com = { kind: 'com', id, owner, key, held: null, wanted: port + 1, origins, at: serial.at } as const;
  return [{ kind: 'uart', com, backend, form: domain.arch === 'arm64' ? 'key' : 'lpc', origins }];
}

function backendOf(
  serial: CompleteSerial,
  ordinal: number,
  domain: CompleteDomain,
  context: Context,
): UartBackend | null {
  const { reporter, dialect } = context;
  const { source, origins } = serial;
  switch (source.type.value) {
    case 'nmdm': {
      for (const part of [source.type, source.master]) context.uses.take(part);
      if (source.master !== null) context.uses.take(source.slave);
      const wanted = pairOf(source.master, source.slave, domain, context);
      if (source.master !== null && dialect.ours('nmdm-unique')) checkPair(source.master, source.slave, context);
      const owner = `serial port ${String(serial.port)}`;
      const id = `nmdm ${dialect.ours('nmdm-unique') || wanted === null ? String(ordinal) : wanted.guest}`;
      const { key, held } = domain.recall.of(serial.device);
      const known = { key, held: held.nmdm ?? null, wanted };
      return {
        kind: 'nmdm',
        need: { kind: 'nmdm', id, owner, ...known, origins, at: source.master?.at ?? origins[0] },
      };
    }
    case 'tcp': {
      if (source.mode?.value !== 'bind') reporter.report('BV0596', source.mode?.at ?? source.at, {});
      if (source.protocol !== null && source.protocol.value !== 'raw') {
        reporter.report('BV0594', source.protocol.at, { protocol: source.protocol.value });
      }
      if (source.service === null || (source.host === null && dialect.ours('vnc-listen'))) {
        const part = source.service === null ? 'service, the TCP port' : 'host, the address to listen on';
        reporter.report('BV0310', source.at, { element: 'source', part });
        return null;
      }
      for (const part of [source.type, source.host, source.service, source.mode, source.protocol])
        context.uses.take(part);
      checkTcp(source.host, source.service, context);
      return { kind: 'tcp', host: tcpHost(source.host, context), service: source.service, at: source.type.at };
    }
    default:
      // bhyve takes these, too: the standard streams, or a terminal device.
      if (source.type.value === 'stdio' || source.type.value === 'dev')
        reporter.report('BV1573', source.type.at, { type: source.type.value });
      else reporter.report('BV0592', source.type.at, { type: source.type.value });
      return null;
  }
}

function tcpHost(host: Located<string> | null, { dialect }: Context): string {
  const text = host?.value ?? '';
  return dialect.ours('vnc-listen') && text.includes(':') && !text.startsWith('[') ? `[${text}]` : text;
}

/** The pair that the XML names; libvirt's default pair where it names none and may be shared. */
function pairOf(
  master: Located<string> | null,
  slave: Located<string> | null,
  domain: CompleteDomain,
  { dialect }: Context,
): NmdmPair | null {
  if (master !== null) return { guest: master.value, user: slave?.value ?? otherEnd(master.value) };
  return dialect.ours('nmdm-unique') ? null : defaultPair(domain.uuid);
}

/** libvirt's default pair: its suffix is the UUID of the guest. */
export function defaultPair(uuid: string): NmdmPair {
  return { guest: `/dev/nmdm${uuid}A`, user: `/dev/nmdm${uuid}B` };
}

/** The end that the user opens, nmdm(4): A and B belong together. */
function otherEnd(end: string): string {
  return end.endsWith('A') ? `${end.slice(0, -1)}B` : end.endsWith('B') ? `${end.slice(0, -1)}A` : end;
}

/** bhyve opens one end of a pair, the user the other: they differ in the last letter only. */
function checkPair(master: Located<string>, slave: Located<string> | null, { reporter }: Context): void {
  if (!/^\/dev\/nmdm[A-Za-z0-9._-]+[AB]$/.test(master.value)) {
    reporter.report('BV0593', master.at, { path: master.value });
  } else if (slave !== null && slave.value !== otherEnd(master.value)) {
    reporter.report('BV0598', slave.at, { path: slave.value, other: otherEnd(master.value) });
  }
}

/** bhyve takes numbers only, uart_backend.c. */
function checkTcp(host: Located<string> | null, service: Located<string>, { dialect, reporter }: Context): void {
  if (!dialect.ours('vnc-listen')) return;
  if (host !== null && !isNumericAddress(host.value)) reporter.report('BV0570', host.at, { address: host.value });
  if (tcpPortOf(service.value) === null) reporter.report('BV0597', service.at, { service: service.value });
}
