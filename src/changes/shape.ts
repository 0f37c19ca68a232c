/** The shape of what `bhyvec plan --format json` prints. */
import { constant, flag, line, list, object, oneOf, optional, orNull } from '../text/shape.ts';
import { degrees } from './facts.ts';

/** One change of a guest. */
export const changeShape = object('one change', {
  sign: oneOf('+ for what comes, - for what goes, ~ for what becomes something else', ['+', '-', '~']),
  degree: oneOf('what it means, from the least to the gravest', degrees),
  text: line('a sentence'),
});

const host = orNull(line('its host in the project; null outside of one'));

/** What is said of every thing. */
function fate(gravest: string, changes: string) {
  return {
    kind: oneOf('what becomes of it', ['added', 'removed', 'changed', 'unchanged']),
    degree: oneOf(gravest, degrees),
    changes: list(changes, changeShape),
  };
}

const guestFields = {
  guest: line('its name'),
  ...fate('the gravest of its changes', 'in the order of devices, then of all else'),
};

const networkFields = {
  network: line('its name'),
  ...fate(
    'the gravest of its changes; needs-restart is a restart of the network',
    'what it takes from its host, then the lines of its files',
  ),
};

const volumeFields = {
  volume: line('its pool and name'),
  ...fate('the gravest of its changes', 'what is told of it'),
};

/** One guest. */
export const guestShape = object('one guest', guestFields);

/** One network. */
export const networkShape = object('one network', networkFields);

/** One volume. */
export const volumeShape = object('one volume', volumeFields);

/** One guest of a host. */
export const guestInHost = object('one guest', { host, ...guestFields });

/** One network of a host. */
export const networkInHost = object('one network', { host, ...networkFields });

/** One volume of a host. */
export const volumeInHost = object('one volume', { host, ...volumeFields });

/** All of them. */
export const changesShape = object('What a build would change: what bhyvec plan --format json prints.', {
  version: constant('version of this shape', 1),
  changed: flag('whether anything would change'),
  guests: list('by host, in the order of their names', guestInHost),
  networks: list('by host, in the order of their names', networkInHost),
  volumes: optional(list('by host, in the order of their paths; absent where no build has any', volumeInHost)),
});
