/**
 * BV13: a part of the XML comes to nothing, by what that means for the guest (`frontend/relaxng/degree.ts`). Parts that
 * mean nothing at all are BV0301 and BV0302.
 */
import { entry, message } from '../message.ts';

export const degrees = {
  BV1301: entry({
    name: 'left-out',
    severity: 'warning',
    ignored: true,
    message: message`${'what'} is left out: bhyve has nothing that does its work`,
    label: message`left out`,
    help: message`software that looks for it will not find it; remove it where nobody misses it`,
  }),
  BV1302: entry({
    name: 'not-enforced',
    severity: 'warning',
    ignored: true,
    message: message`${'what'} is not enforced: under bhyve the host limits and protects nothing by it`,
    label: message`not enforced`,
    help: message`set the limit by other means of the host, and remove it here`,
  }),
  BV1303: entry({
    name: 'another-guest',
    severity: 'error',
    ignored: true,
    message: message`${'what'} cannot be carried out: without it this is another guest`,
    label: message`bhyve has no such thing`,
    help: message`remove it if the guest may run without it; docs/domain-xml.md says what bhyve can do`,
  }),
  BV1304: entry({
    name: 'unused-here',
    severity: 'warning',
    ignored: true,
    message: message`${'what'} comes to nothing in this guest`,
    label: message`not used`,
    help: message`bhyvec acts on it in other guests, but nothing of this one follows from it: remove it`,
  }),
  BV1305: entry({
    name: 'live-state',
    severity: 'note',
    message: message`libvirt adds ${'count'} parts to a running guest that mean nothing here: ${'parts'}`,
    label: message`the first of them`,
    help: message`virsh dumpxml --inactive gives the document without them`,
  }),
  BV1306: entry({
    name: 'unknown-part',
    severity: 'warning',
    ignored: true,
    message: message`bhyvec does not know ${'what'}: nothing comes of it`,
    label: message`not known`,
    help: message`check its name and its place; docs/domain-xml.md has all that bhyvec knows`,
  }),
  BV1307: entry({
    name: 'other-namespace',
    severity: 'warning',
    ignored: true,
    message: message`'${'uri'}' is not the namespace of bhyvec: nothing of this is read`,
    label: message`passed over`,
    help: message`write xmlns='${'own'}' for it`,
  }),
  BV1308: entry({
    name: 'second-of-namespace',
    severity: 'note',
    message: message`libvirt would keep only the first element of bhyvec in <metadata>`,
    label: message`read by bhyvec, and lost under libvirt`,
    help: message`put them into one <bhyvec:guest> if the XML goes through libvirt, too`,
  }),
} as const;
