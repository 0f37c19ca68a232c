/** The shape of what `bhyvec plan --format json` prints. */
import { constant, flag, line, list, object, oneOf, optional, orNull } from '../text/shape.ts';
import { degrees } from './facts.ts';

/** One change of a guest. */
export const changeShape = object('one change', {
  sign: oneOf('+ for what comes, - for what goes, ~ for what becomes something else', ['+', '-', '~']),
  degree: oneOf('what it means, from the least to the gravest', degrees),
  text: line('a sentence'),
});

const guestFields = {
  guest: line('its name'),
  kind: oneOf('what becomes of it', ['added', 'removed', 'changed', 'unchanged']),
  degree: oneOf('the gravest of its changes', degrees),
  changes: list('in the order of devices, then of all else', changeShape),
};

const networkFields = {
  network: line('its name'),
  kind: oneOf('what becomes of it', ['added', 'removed', 'changed', 'unchanged']),
  degree: oneOf('the gravest of its changes; needs-restart is a restart of the network', degrees),
  changes: list('what it takes from its host, then the lines of its files', changeShape),
};

/** One network. */
export const networkShape = object('one network', networkFields);

/** One network of a host. */
export const networkInHost = object('one network', {
  host: orNull(line('its host in the project; null outside of one')),
  ...networkFields,
});

const volumeFields = {
  volume: line('its pool and name'),
  kind: oneOf('what becomes of it', ['added', 'removed', 'changed', 'unchanged']),
  degree: oneOf('the gravest of its changes', degrees),
  changes: list('what is told of it', changeShape),
};

/** One volume. */
export const volumeShape = object('one volume', volumeFields);

/** One volume of a host. */
export const volumeInHost = object('one volume', {
  host: orNull(line('its host in the project; null outside of one')),
  ...volumeFields,
});

/** One guest. */
export const guestShape = object('one guest', guestFields);

/** One guest of a host. */
export const guestInHost = object('one guest', {
  host: orNull(line('its host in the project; null outside of one')),
  ...guestFields,
});

/** All of them. */
export const changesShape = object('What a build would change: what bhyvec plan --format json prints.', {
  version: constant('version of this shape', 1),
  changed: flag('whether anything would change'),
  guests: list('by host, in the order of their names', guestInHost),
  networks: list('by host, in the order of their names', networkInHost),
  volumes: optional(list('by host, in the order of their paths; absent where no build has any', volumeInHost)),
});
