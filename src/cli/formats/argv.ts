/** The shape of a line of `bhyvec argv --format json`. */
import { line, list, object, oneOf, optional, text } from '../../text/shape.ts';

/** One command. */
export const argvCommandShape = object('one command', {
  role: oneOf('the loader runs before bhyve', ['loader', 'bhyve']),
  argv: list('its words, the program first; a password stands there as it is', text('a word'), { least: 1 }),
});

/** The commands of one document. */
export const argvShape = object('The commands of one guest: a line of what bhyvec argv --format json prints.', {
  host: optional(line('the host in the project; absent outside of one')),
  file: line('the document as it was named; <stdin> for standard input'),
  commands: list('in the order in which they run', argvCommandShape, { least: 1 }),
});
