/** The schema of the control protocol: the root is one call; results, notifications and errors have a name below `$defs`. */
import { errorShape } from '../../src/control/wire-answers.ts';
import { methods, notifications } from '../../src/control/wire-table.ts';
import {
  constant,
  numberOrText,
  object,
  openObject,
  optional,
  orNull,
  variants,
  type Shape,
} from '../../src/text/shape.ts';

const jsonrpc = constant('of JSON-RPC', '2.0');
const id = orNull(numberOrText('what the answer repeats; a call without it gets none'));

const calls = Object.entries(methods).map(([name, { description, params }]) => {
  const named = object('by name; all of them are required', params);
  const needed = Object.keys(params).length > 0;
  const call: Shape<unknown> = openObject(description, {
    jsonrpc,
    method: constant('the name of the method', name),
    params: needed ? named : optional(named),
    id: optional(id),
  });
  return [name, call] as const;
});

/** One call. */
export const callShape: Shape<unknown> = variants('method', Object.fromEntries(calls));

/** All that has a name of its own. */
export const protocolParts: Readonly<Record<string, Shape<unknown>>> = {
  ...Object.fromEntries(calls),
  ...Object.fromEntries(
    Object.entries(methods).map(([name, { description, result }]) => {
      return [`${name} result`, openObject(`the result of a call: ${description}`, result)];
    }),
  ),
  ...Object.fromEntries(
    Object.entries(notifications).map(([name, members]) => {
      return [`${name} notification`, openObject('what a notification of this name carries', members)];
    }),
  ),
  error: errorShape,
};
