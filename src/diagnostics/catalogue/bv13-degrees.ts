/**
 * BV13: a part of the XML comes to nothing, by what that means for the guest (`frontend/relaxng/degree.ts`). Parts that
 * mean nothing at all are BV0301 and BV0302.
 */
import { entry, message } from '../message.ts';

export const degrees = () => ({
  BV1301: entry({
    name: 'left-out',
    severity: 'warning',
    cannot: 'varies',
    ignored: true,
    message: message`${'what'} is left out: ${'who'} has nothing that does its work`,
    label: message`left out`,
    help: message`${'cure'}`,
  }),
  BV1302: entry({
    name: 'not-enforced',
    severity: 'warning',
    cannot: 'varies',
    ignored: true,
    message: message`${'what'} is not enforced: the host limits and protects nothing by it`,
    label: message`${'who'}`,
    help: message`${'cure'}`,
  }),
  BV1303: entry({
    name: 'another-guest',
    severity: 'error',
    cannot: 'varies',
    ignored: true,
    message: message`${'who'} cannot carry out ${'what'}: without it this is another guest`,
    label: message`not carried out`,
    help: message`${'cure'}`,
  }),
  BV1304: entry({
    name: 'unused-here',
    severity: 'warning',
    ignored: true,
    message: message`${'what'} comes to nothing in this guest`,
    label: message`${'who'}`,
    help: message`${'cure'}`,
  }),
  BV1305: entry({
    name: 'live-state',
    severity: 'note',
    message: message`libvirt adds parts by itself that mean nothing here, ${'count'} in this document: ${'parts'}`,
    label: message`the first of them`,
    help: message`nothing needs to be done; virsh dumpxml --inactive leaves out those of a running guest`,
  }),
  BV1306: entry({
    name: 'unknown-part',
    severity: 'warning',
    cannot: 'bhyvec',
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
    cannot: 'libvirt',
    message: message`libvirt would keep only the first element of bhyvec in <metadata>`,
    label: message`read by bhyvec, and lost under libvirt`,
    help: message`put them into one <bhyvec:guest> if the XML goes through libvirt, too`,
  }),
  BV1309: entry({
    name: 'left-to-freebsd',
    severity: 'warning',
    cannot: 'varies',
    ignored: true,
    message: message`${'what'} is not carried out: FreeBSD gives the guest memory and CPU time as it sees fit`,
    label: message`${'who'}`,
    help: message`${'cure'}`,
  }),
});
