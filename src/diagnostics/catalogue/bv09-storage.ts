/** BV09: pools and volumes of one build that cannot be together on one host. Reported by `passes/fleet`. */
import { entry, message } from '../message.ts';

export const storageFleet = () => ({
  BV0930: entry({
    name: 'duplicate-pool',
    severity: 'error',
    message: message`two pools have the ${'what'} '${'value'}'`,
    help: message`give one of the two another one, or remove it`,
  }),
  BV0931: entry({
    name: 'pool-place-twice',
    severity: 'error',
    message: message`the pools '${'other'}' and '${'name'}' are both ${'place'}`,
    help: message`give one of the two another place, or remove it: a volume would have two names`,
  }),
  BV0932: entry({
    name: 'pool-in-pool',
    severity: 'warning',
    message: message`${'inner'} of the pool '${'name'}' is inside of the pool '${'other'}'`,
    help: message`give each pool a place of its own: a volume of one may be the folder of the other`,
  }),
  BV0933: entry({
    name: 'duplicate-volume',
    severity: 'error',
    message: message`two volumes are ${'path'}`,
    help: message`give one of the two another name, or remove it`,
  }),
  BV0934: entry({
    name: 'pool-too-small',
    severity: 'warning',
    message: message`the volumes of '${'pool'}' reserve ${'reserved'} bytes, and it has ${'capacity'}`,
    help: message`write less <allocation>, or correct the <capacity> of the pool if it has grown`,
  }),
});
