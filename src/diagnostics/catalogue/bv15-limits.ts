/** BV15: limits and priorities of the guest, and the length of a socket's path. Reported by `passes/lower`. */
import { entry, message } from '../message.ts';

export const hostLimits = () => ({
  BV1577: entry({
    name: 'whole-process',
    severity: 'note',
    message: message`${'what'} holds for the process of bhyve as a whole: ${'extent'}`,
    help: message`FreeBSD counts and ranks processes, not vCPUs; nothing is to be done where that is enough`,
  }),
  BV1580: entry({
    name: 'needs-root',
    severity: 'error',
    cannot: 'freebsd',
    message: message`FreeBSD lets only root have ${'what'}, and "privileged" is false in the profile`,
    help: message`${'cure'}`,
  }),
  BV1581: entry({
    name: 'socket-path-too-long',
    severity: 'error',
    message: message`${'what'} has ${'length'} bytes; unix(4) takes ${'longest'}`,
    help: message`write a shorter path`,
  }),
  BV1582: entry({
    name: 'limit-below-memory',
    severity: 'warning',
    message: message`the limit of ${'limit'} is less than the memory of the guest, ${'memory'}`,
    help: message`raise <hard_limit> above <memory>: bhyve needs some more than the guest has, or remove it`,
  }),
});
