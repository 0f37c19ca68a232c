/** The shape of the file of `--secrets-from`: passwords of guests outside their XML. */
import { isObject, jsonIn } from '../text/json.ts';
import { accepts, object, record, text } from '../text/shape.ts';

/** The secrets of one guest. */
const guestSecrets = object('the secrets of a guest', { vncPassword: text('the password of its VNC server') });

/** All of them. */
export const passwordsShape = record(
  'Passwords of guests outside their XML. The file that --secrets-from takes, mode 0600.',
  text('the name of a guest'),
  guestSecrets,
);

/**
 * The passwords that a text of JSON has, by their guests, or why it cannot be used: in words that show nothing of the text,
 * since a name may be a password that stands in the wrong place.
 */
export function passwordsIn(json: string): ReadonlyMap<string, string> | { readonly problem: string } {
  const value = jsonIn(json);
  if (value === undefined) return { problem: 'it is not JSON' };
  if (accepts(passwordsShape, value))
    return new Map(Object.entries(value).map(([guest, { vncPassword }]) => [guest, vncPassword]));
  if (!isObject(value)) return { problem: 'it is not an object with a guest for each key' };
  const wrong = Object.entries(value).findIndex(([guest, one]) => !accepts(passwordsShape, { [guest]: one }));
  return { problem: `entry ${String(wrong + 1)} is not "GUEST": {"vncPassword": "..."}` };
}
