/** Shapes that several files of a build share. */
import { arches } from '../host/profile.ts';
import { object, oneOf, text } from '../text/shape.ts';
import { actions } from './actions.ts';

/** An architecture. */
export const arch = (description: string) => oneOf(description, arches);

/** What is done when the guest ends. */
export const action = (description: string) => oneOf(description, actions);

/** A null-modem pair. */
export const pair = object('the two ends of a null-modem pair', {
  guest: text('the end that bhyve opens'),
  user: text('the end for the user'),
});
