/** BV07: a resource cannot be granted. Reported by `passes/allocate`. */
import { entry, message } from '../message.ts';

export const allocation = () => ({
  BV0701: entry({
    name: 'slot-taken',
    severity: 'error',
    message: message`PCI address ${'address'} is already taken by ${'owner'}`,
    label: message`asked for here`,
    help: message`remove this <address> and bhyvec picks a free slot`,
  }),
  BV0702: entry({
    name: 'no-free-slot',
    severity: 'error',
    message: message`no PCI slot is left for ${'owner'}: the machine has ${'count'} devices for 31 slots`,
    help: message`put disks on bus sata, where 32 share a slot, or pin devices to functions or to bus 1 by <address>`,
  }),
  BV0703: entry({
    name: 'function-without-zero',
    severity: 'warning',
    message: message`${'owner'} may stay unseen: slot ${'slot'} has no device on function 0`,
    help: message`guests look at the other functions of a slot only where function 0 is there: pin a device to it`,
  }),
  BV0704: entry({
    name: 'tap-taken',
    severity: 'error',
    message: message`the tap ${'tap'} is already taken by ${'owner'}`,
    help: message`give each interface its own <target dev>, or leave it out`,
  }),
  BV0705: entry({
    name: 'nmdm-taken',
    severity: 'error',
    message: message`the null-modem pair of ${'path'} is already taken by ${'owner'}`,
    help: message`give each serial port its own pair, or leave <source> out`,
  }),
  BV0706: entry({
    name: 'com-taken',
    severity: 'error',
    message: message`serial port ${'port'} (com${'com'}) is used twice`,
    help: message`number the ports 0 to 3, or leave <target port> out`,
  }),
  BV0707: entry({
    name: 'locked-slot-taken',
    severity: 'error',
    message: message`PCI address ${'address'} is that of ${'owner'} in the lock, and ${'other'} asks for it now`,
    label: message`asked for here`,
    help: message`write another address here, or let the first one move: bhyvec lock free ${'guest'} '${'key'}'`,
  }),
  BV0708: entry({
    name: 'locked-twice',
    severity: 'error',
    message: message`the lock has PCI address ${'address'} for ${'owner'} and for ${'other'}`,
    help: message`let one of them move: bhyvec lock free ${'guest'} '${'key'}'`,
  }),
  BV0709: entry({
    name: 'slot-joined',
    severity: 'note',
    message: message`all slots are taken: ${'owner'} is function ${'function'} of slot ${'slot'}${'more'}`,
    help: message`guests find it there; pin devices by <address> to choose, or put disks on bus sata, 32 in a slot`,
  }),
  BV0710: entry({
    name: 'locked-function-alone',
    severity: 'error',
    message: message`the lock has ${'owner'} on ${'address'}, and function 0 of that slot is gone`,
    help: message`pin a new device to function 0, or let this one move: bhyvec lock free ${'guest'} '${'key'}'`,
  }),
  BV1701: entry({
    name: 'raw-slot-taken',
    severity: 'error',
    message: message`PCI address ${'address'} of <bhyve:arg> is already taken by ${'owner'}`,
    label: message`asked for here`,
    help: message`write another slot in this word${'cure'}`,
  }),
});
