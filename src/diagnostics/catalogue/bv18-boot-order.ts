/** BV18: the boot order of a guest, and what its loader or firmware can follow of it. */
import { entry, message } from '../message.ts';

export const bootOrder = () => ({
  BV1840: entry({
    name: 'boot-order-of-others',
    severity: 'warning',
    message: message`${'who'} has no boot order of ${'what'}: it comes after the disks, or not at all`,
    help: message`remove it from the order`,
  }),
  BV1841: entry({
    name: 'boot-order-not-followed',
    severity: 'error',
    cannot: 'varies',
    message: message`${'who'} cannot have ${'what'} tried before the disks: only disks have a boot order`,
    help: message`give the disks the first places, or remove this one and choose in a menu of the firmware or the loader`,
  }),
  BV1890: entry({
    name: 'boot-order-not-told',
    severity: 'error',
    cannot: 'bhyve',
    message: message`bhyve of ${'host'} cannot tell the firmware in which order to try the ${'count'} disks of this guest`,
    help: message`remove the order and choose in the firmware's own menu, or compile for a bhyve with bootindex= (--target)`,
  }),
});
