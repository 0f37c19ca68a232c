/** The shape of bhyvec.lock (docs/lock.md), and of the values in it. */
import { lastPort } from '../ir/units.ts';
import { constant, object, optional, record, text, whole } from '../text/shape.ts';

/** How the values that are texts are written. */
export const patterns = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  pci: /^(\d{1,3}):(\d{1,2}):([0-7])$/,
  mac: /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/,
  tap: /^[A-Za-z0-9_.]{1,15}$/,
  nmdm: /^\/dev\/nmdm[A-Za-z0-9._-]+$/,
  seat: /^(\d{1,4}):(\d{1,4})$/,
} as const;

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
