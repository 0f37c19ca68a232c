/** BV09: guests of one build that cannot be together on one host. Reported by `passes/fleet`. */
import { entry, message } from '../message.ts';

export const fleet = {
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
} as const;
