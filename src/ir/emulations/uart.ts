/** uart: a serial port; bhyve(8), option `-l`, "com1"; nmdm(4). */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { Need } from '../needs.ts';
import type { HostStep } from '../plan.ts';
import { argumentSetting, configEntry, keySetting } from '../settings.ts';
import { tcpPortOf } from '../units.ts';
import { piecesOf } from '../words.ts';
import type { DeviceNode, Emulation, Wish } from './define.ts';

/** What a serial port is connected to. */
export type UartBackend =
  | { readonly kind: 'nmdm'; readonly need: Need<'nmdm'> }
  | {
      readonly kind: 'tcp';
      /** As bhyve reads it: an IPv6 address has brackets. */
      readonly host: string;
      readonly service: Located<string>;
      /** Where it says that it is TCP. */
      readonly at: Span;
    };

export interface Uart extends DeviceNode<'uart'> {
  readonly com: Need<'com'>;
  readonly backend: UartBackend;
  /** `-l comN,BACKEND` on amd64, `-o console=BACKEND` on arm64. */
  readonly form: 'lpc' | 'key';
}

export const uart: Emulation<Uart> = {
  kind: 'uart',
  summary: 'serial port',
  manual: 'bhyve(8), option -l, "com1"; nmdm(4)',
  needs: ({ com, backend }) => [com, ...(backend.kind === 'nmdm' ? [backend.need] : [])],
  uses({ backend }) {
    if (backend.kind !== 'tcp') return [];
    const { host, service } = backend;
    return [{ kind: 'tcp-port', name: service.value, address: host, at: service.at }];
  },
  requires: ({ com, backend }) => [
    ...(backend.kind === 'tcp' ? [{ value: 'tcp-console', at: backend.at } satisfies Wish] : []),
    ...((com.wanted ?? 1) > 2 ? [{ value: 'com3', at: com.at } satisfies Wish] : []),
  ],
  hostSteps: ({ backend, origins }, grants): readonly HostStep[] => {
    if (backend.kind === 'nmdm') {
      return [
        { kind: 'module', names: ['nmdm'], origins, at: backend.need.at },
        { kind: 'nmdm', pair: grants.of(backend.need), origins, at: backend.need.at },
      ];
    }
    const { host, service } = backend;
    // Under libvirt's rules it may be the name of a service, which bhyve refuses: there is no port to look at.
    const port = tcpPortOf(service.value);
    return port === null
      ? []
      : [{ kind: 'port', address: host, port, automatic: false, last: port, origins, at: service.at }];
  },
  settings: ({ com, backend, form, origins }, grants) => {
    const path =
      backend.kind === 'nmdm'
        ? piecesOf({ value: grants.of(backend.need).guest, at: backend.need.at })
        : piecesOf(`tcp=${backend.host}:`, backend.service);
    if (form === 'key')
      return [keySetting('console', path, origins, 'the serial port of an arm64 guest is its console')];
    const port = `com${String(grants.of(com))}`;
    const entries = [configEntry(`lpc.${port}.path`, path)];
    const rule = 'serial port N of the XML is com N+1';
    return [argumentSetting('-l', piecesOf(`${port},`, path), entries, origins, rule)];
  },
};
