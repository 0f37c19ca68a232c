/** BV06: the host that is compiled for lacks something. Reported by `passes/check` and where names are looked up. */
import { entry, message } from '../message.ts';

export const host = () => ({
  BV0601: entry({
    name: 'unknown-pool',
    severity: 'error',
    message: message`the host profile ${'host'} has no storage pool '${'pool'}'`,
    help: message`${'hint'}compile its document with the guest, name it under "pools" of a profile for --host, or write the path`,
  }),
  BV0602: entry({
    name: 'unknown-network',
    severity: 'error',
    message: message`the host profile ${'host'} has no network '${'network'}'`,
    help: message`${'hint'}compile its document with the guest (supervise: --documents), name its bridge under "networks" of a profile for --host, or use type='bridge'`,
  }),
  BV0603: entry({
    name: 'host-cannot',
    severity: 'error',
    message: message`${'host'} lacks what this needs: ${'feature'}`,
    help: message`compile for another target (bhyvec target list), or add the capability to a host profile`,
  }),
  BV0604: entry({
    name: 'option-not-effective',
    severity: 'warning',
    message: message`${'host'} lacks this, so it is left out: ${'feature'}`,
    label: message`no effect there`,
    help: message`remove it, or compile for a host that has it (--target)`,
  }),
});

/** What stands before a help where a name is near. */
export const hostPhrases = {
  didYouMean: message`did you mean '${'name'}'? or `,
} as const;
