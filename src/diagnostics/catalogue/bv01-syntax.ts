/** BV01: the text is not the XML that bhyvec accepts. Reported by `frontend/xml`. */
import { entry, message } from '../message.ts';

export const syntax = {
  BV0101: entry({
    name: 'not-well-formed',
    severity: 'error',
    message: message`${'problem'}`,
    help: message`${'remedy'}`,
  }),
} as const;
