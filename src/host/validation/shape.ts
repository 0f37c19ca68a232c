/** The shape of what `bhyvec host validate --format json` prints. */
import { constant, flag, list, object, oneOf, orNull, text, type TypeOf } from '../../text/shape.ts';
import { arches } from '../profile.ts';

/** One check. */
export const checkShape = object('one check', {
  id: text('a stable name, such as vmm-module, bridge:vmbr0 or folder:/var/log', {
    pattern: /^[a-z][a-z0-9-]*(?::.+)?$/,
    words: 'the name of a check',
  }),
  check: text('what was checked, after the word Checking', { pattern: /^for /, words: 'what a check is for' }),
  result: oneOf('fail: no guest can run; warn: many guests cannot; note: some guests cannot, or it was not checked', [
    'pass',
    'fail',
    'warn',
    'note',
  ]),
  message: orNull(text('what is missing and what follows; null after a pass')),
  cures: list(
    'what to do, in order; nothing after a pass',
    object('one thing to do', {
      when: oneOf(
        'now: a command; boot: a line of a file that is read at boot, or the command that writes it; setup: a sentence',
        ['now', 'boot', 'setup'],
      ),
      what: text('the command, the line or the sentence', { pattern: /./, words: 'a text that says something' }),
    }),
  ),
});

/** All checks of a host. */
export const validationShape = object(
  'What bhyvec host validate --format json prints: each check of the FreeBSD host, and what to do about a miss',
  {
    version: constant('version of this shape', 1),
    host: object('the host', {
      release: text('in the words of freebsd-version(1), such as 14.3-RELEASE-p2', {
        pattern: /^[0-9]+[.][0-9]+/,
        words: 'a release',
      }),
      arch: oneOf('its architecture', arches),
    }),
    fit: flag('false if a check failed; the exit status is then 1'),
    checks: list('in the order of the text; the first four are those of virt-host-validate', checkShape, { least: 4 }),
  },
);

export type Validation = TypeOf<typeof validationShape>;
