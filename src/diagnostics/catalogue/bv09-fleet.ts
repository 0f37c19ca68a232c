/** BV09: guests of one build that cannot be together on one host. Reported by `passes/fleet`. */
import { entry, message } from '../message.ts';

export const fleet = () => ({
  BV0901: entry({
    name: 'duplicate-guest',
    severity: 'error',
    message: message`a guest named '${'name'}' is already in ${'file'}`,
    help: message`give each guest a name of its own, or build one of the two files`,
  }),
  BV0902: entry({
    name: 'rc-name-collision',
    severity: 'error',
    message: message`guests '${'other'}' and '${'name'}' would both be the service ${'service'}`,
    help: message`service names have letters, digits and underscores only: rename one of the two guests`,
  }),
  BV0903: entry({
    name: 'claimed-twice',
    severity: 'error',
    message: message`guests '${'other'}' and '${'name'}' both use ${'what'}`,
    help: message`only one running guest can have it: give one of the two something else`,
  }),
  BV0904: entry({
    name: 'shared-by-guests',
    severity: 'warning',
    message: message`guests '${'other'}' and '${'name'}' both have ${'what'}`,
    help: message`two running guests with it disturb each other; nothing stops them`,
  }),
  BV0905: entry({
    name: 'start-order-cycle',
    severity: 'error',
    cannot: 'document',
    message: message`guests cannot start in a circle: ${'cycle'}`,
    help: message`remove one <after> from their <metadata>`,
  }),
  BV0906: entry({
    name: 'start-after-unknown',
    severity: 'warning',
    message: message`guest '${'name'}' starts after '${'other'}', which is not in this build`,
    help: message`build them together, or remove the <after> element`,
  }),
  BV0940: entry({
    name: 'disk-changes-under-reader',
    severity: 'warning',
    message: message`guest '${'writer'}' writes to ${'what'}, which guest '${'reader'}' reads`,
    help: message`<readonly/> in both, or <shareable/> in both; a file system that changes looks damaged to who reads it`,
  }),
  BV0941: entry({
    name: 'directory-of-several-guests',
    severity: 'note',
    message: message`guests '${'other'}' and '${'name'}' both write to ${'what'}`,
    help: message`a guest does not see the locks of another one; <readonly/> in all but one, where that will do`,
  }),
  BV0942: entry({
    name: 'wired-memory-short',
    severity: 'warning',
    message: message`the wired memory of ${'guests'} guests is ${'sum'} MiB, and the host has ${'most'} MiB`,
    help: message`they cannot all run at once: give them less, or wire less of it (<memoryBacking><locked/>)`,
  }),
  BV0943: entry({
    name: 'memory-short',
    severity: 'note',
    message: message`the memory of ${'guests'} guests is ${'sum'} MiB, and the host has ${'most'} MiB`,
    help: message`what does not fit is swapped out: give them less, or do not run all at once`,
  }),
  BV0944: entry({
    name: 'processors-short',
    severity: 'note',
    message: message`${'guests'} guests have ${'sum'} vCPUs, and the host has ${'most'} processors`,
    help: message`they take turns; for guests that must not wait, give fewer vCPUs or pin them with <vcpupin>`,
  }),
  BV0945: entry({
    name: 'guest-beyond-processors',
    severity: 'warning',
    message: message`guest '${'name'}' has ${'count'} vCPUs, and the host has ${'most'} processors`,
    help: message`vCPUs of one guest that take turns wait for each other's locks: give it at most ${'most'}`,
  }),
  BV0946: entry({
    name: 'unknown-bridge',
    severity: 'warning',
    message: message`the host profile ${'host'} has no bridge ${'bridge'}`,
    help: message`name it under "bridges" in the profile, or use a bridge that is there`,
  }),
});
