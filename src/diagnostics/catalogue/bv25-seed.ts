/** BV25: volumes of cloud-init. Reported by the pass that lowers them. */
import { entry, message } from '../message.ts';

export const seed = () => ({
  BV2550: entry({
    name: 'cloud-init-file',
    severity: 'error',
    message: message`'${'file'}' is no file for cloud-init: ${'reason'}`,
    help: message`name a file that is there, from the folder of this document on, or write its text into the element`,
  }),
  BV2551: entry({
    name: 'cloud-init-user-data',
    severity: 'warning',
    message: message`cloud-init passes over user-data that begins with ${'first'}`,
    help: message`begin it with #cloud-config, or with #! for a script; cloud-init says what else there is`,
  }),
});
