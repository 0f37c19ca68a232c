/** The shape of bhyvec.lock (docs/lock.md). */
import { lastPort } from '../ir/units.ts';
import { patterns } from './patterns.ts';
import { constant, object, optional, record, text, whole } from '../text/shape.ts';

/** What a guest or one of its devices was given. */
export const lockEntry = object('what a guest or one of its devices was given', {
  uuid: optional(text('of the guest', { pattern: patterns.uuid, words: 'a UUID' })),
  pci: optional(
    text('function in the guest, BUS:SLOT:FUNCTION', { pattern: patterns.pci, words: 'BUS:SLOT:FUNCTION' }),
  ),
  mac: optional(text('MAC address of an interface', { pattern: patterns.mac, words: 'a MAC address' })),
  tap: optional(text('tap(4) of an interface', { pattern: patterns.tap, words: 'the name of an interface' })),
  vnc: optional(whole('TCP port of the VNC server', 1, lastPort)),
  com: optional(whole('number of a serial port, from 1', 1, 4)),
  nmdm: optional(
    text('end of a null modem that bhyve opens', { pattern: patterns.nmdm, words: 'the path of a null modem' }),
  ),
  drive: optional(text('place of a SATA disk, CONTROLLER:PORT', { pattern: patterns.seat, words: 'CONTROLLER:PORT' })),
  port: optional(
    text('place of a virtio channel, CONTROLLER:PORT', { pattern: patterns.seat, words: 'CONTROLLER:PORT' }),
  ),
  gone: optional(constant('the device is not in the XML any more; nothing else gets its place', true)),
});

/** A lock. */
export const lockShape = object(
  'What bhyvec build has given the guests of a host, so that it stays. The file bhyvec.lock beside their XML.',
  {
    version: constant('version of this shape', 1),
    hardware: record(
      'by guest, and by GUEST/DEVICE; the entry / is always there, and empty',
      text('the name of a guest, or GUEST/DEVICE'),
      lockEntry,
    ),
  },
);
