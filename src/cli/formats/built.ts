/** The shape of what `bhyvec build --format json` prints. */
import { constant, flag, line, list, object, oneOf, optional, orNull } from '../../text/shape.ts';
import { guestShape, networkShape, volumeShape } from '../../changes/shape.ts';
import { findingShape } from './finding.ts';

/** Version of the shape. */
export const builtVersion = 1;

/** One file of a build. */
export const builtFileShape = object('one file', {
  path: line('below the output'),
  change: oneOf('kept: it belongs to no guest any more, but was changed by hand', [
    'added',
    'changed',
    'removed',
    'kept',
  ]),
});

/** One host. */
export const builtHostShape = object('one host', {
  host: orNull(line('its name in the project; null outside of one')),
  output: line('the folder'),
  lock: orNull(
    object('the lock; null where there is none', { path: line('its file'), changed: flag('whether it changes') }),
  ),
  changed: flag('whether anything changes, the lock included'),
  guests: list('in the order of their names; empty where --backend leaves plan.json out', guestShape),
  networks: list('in the order of their names', networkShape),
  volumes: optional(list('in the order of their paths; absent where no manifest of theirs changes', volumeShape)),
  files: list('those that change', builtFileShape),
});

/** All that a build did, or would do. */
export const builtShape = object('What bhyvec build --format json prints.', {
  version: constant('version of this shape', builtVersion),
  written: flag('whether the files were written: not with --check, and not after an error'),
  changed: flag('whether anything changes'),
  problems: list('what has no place in a file, such as a file that cannot be read', line('a sentence')),
  findings: list('all findings', findingShape),
  hosts: list('in the order of the project file; empty after an error', builtHostShape),
});
