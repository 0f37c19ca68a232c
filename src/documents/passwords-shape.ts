/** The shape of the file of `--secrets-from`: passwords of guests outside their XML. */
import { accepts, object, record, text, type TypeOf } from '../text/shape.ts';

/** The secrets of one guest. */
const guestSecrets = object('the secrets of a guest', { vncPassword: text('the password of its VNC server') });

/** All of them. */
export const passwordsShape = record(
  'Passwords of guests outside their XML. The file that --secrets-from takes, mode 0600.',
  text('the name of a guest'),
  guestSecrets,
);

/** Whether a value has the secrets of one guest. */
export function isGuestSecrets(value: unknown): value is TypeOf<typeof guestSecrets> {
  return accepts(guestSecrets, value);
}
