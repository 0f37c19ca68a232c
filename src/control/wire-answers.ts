/**
 * What a supervisor sends, as JSON-RPC 2.0 frames it: answers and notifications. What stands in a result or a notification
 * is looked at by `wire-table.ts`. A newer supervisor may say more in all of them.
 */
import { anyObject, anything, integer, list, openObject, optional, orNull, text, type TypeOf } from '../text/shape.ts';

/** The error of an answer. */
export const errorShape = openObject('why a call was refused', {
  code: integer('the number of its kind'),
  message: text('a sentence for people'),
  data: optional(
    openObject('what programs want to know of it', {
      kind: text('the word of its kind'),
      diagnostics: optional(
        list('findings of the compiler', anyObject('one of them, as bhyvec check --format json prints it')),
      ),
    }),
  ),
});

/** Why a call was refused. `data.kind` is the stable word. */
export type RpcError = TypeOf<typeof errorShape>;

/** A notification. */
export const notificationFrame = openObject('what is sent without being asked', {
  method: text('its name'),
  params: optional(anything('what it carries')),
});

/** An answer: it has `error`, or `result`. */
export const answerFrame = openObject('the answer to a call', {
  id: orNull(integer('that of the call; null where the answer is to none in particular')),
  result: optional(anything('where it was done')),
  error: optional(anything('where it was refused')),
});
