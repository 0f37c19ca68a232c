/** The shape of one finding: a line of `bhyvec check --format json`, and an item of what other commands print. */
import { line, list, object, oneOf, orNull, text, whole } from '../../text/shape.ts';

const place = {
  file: line('the file as it was named; <stdin> for standard input'),
  line: whole('from 1', 1),
  column: whole('from 1, in UTF-16 code units', 1),
  endLine: whole('from 1', 1),
  endColumn: whole('the first one after the place', 1),
};

/** Another place that has to do with a finding. */
export const noteShape = object('another place', { message: text('what it has to do with the finding'), ...place });

/** A finding. */
export const findingShape = object('One finding: a line of what bhyvec check --format json prints.', {
  code: text('bhyvec explain CODE says more', { pattern: /^BV\d{4}$/, words: 'a code' }),
  name: text('the same for people', { pattern: /^[a-z0-9-]+$/, words: 'a name' }),
  severity: oneOf('an error keeps the guest from being built', ['error', 'warning', 'note']),
  message: text('what was found'),
  ...place,
  help: orNull(text('what the reader can do; null for nothing')),
  notes: list('other places', noteShape),
  edit: orNull(object('what would mend it; null for nothing', { ...place, text: text('what is to stand there') })),
});
