/** BV15: TPMs that swtpm emulates. Reported by the pass that lowers them. */
import { entry, message } from '../message.ts';

export const tpm = () => ({
  BV1575: entry({
    name: 'tpm-state-file',
    severity: 'error',
    cannot: 'bhyvec',
    message: message`bhyvec keeps the state of an emulated TPM in a directory, not in a file`,
    help: message`write <source type='dir' path='...'/>, or leave it out: /var/db/bhyvec/tpm has one for each guest`,
  }),
  BV1576: entry({
    name: 'tpm-socket-path',
    severity: 'error',
    message: message`the socket of the TPM would have a path of ${'length'} bytes; unix(4) takes ${'longest'}`,
    help: message`shorten the name of the guest, or the stateDirectory of the host profile`,
  }),
});
