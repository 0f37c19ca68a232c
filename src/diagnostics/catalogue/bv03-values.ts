/** BV03: a value in the XML makes no sense, is missing, or has no effect. Reported by the readers in `frontend`. */
import { entry, message } from '../message.ts';

export const values = {
  BV0301: entry({
    name: 'ignored-attribute',
    severity: 'warning',
    cannot: 'bhyve',
    ignored: true,
    message: message`attribute ${'attribute'} of <${'element'}> has no effect under bhyve`,
    label: message`ignored`,
    help: message`the guest runs the same without it: remove it, or keep it if another program reads it`,
  }),
  BV0302: entry({
    name: 'ignored-element',
    severity: 'warning',
    cannot: 'bhyve',
    ignored: true,
    message: message`<${'element'}> has no effect under bhyve`,
    label: message`ignored`,
    help: message`the guest runs the same without it: remove it, or keep it if another program reads it`,
  }),
  BV0303: entry({
    name: 'unknown-word',
    severity: 'error',
    cannot: 'document',
    message: message`${'what'} cannot be '${'value'}'`,
    help: message`accepted: ${'accepted'}`,
  }),
  BV0304: entry({
    name: 'not-a-number',
    severity: 'error',
    message: message`${'what'} must be a whole number from ${'min'} to ${'max'}, not '${'value'}'`,
  }),
  BV0305: entry({
    name: 'unknown-unit',
    severity: 'error',
    message: message`'${'value'}' is not a unit of memory`,
    help: message`accepted: b, KB, KiB, MB, MiB, GB, GiB, TB, TiB, PB, PiB, EB, EiB, and k, M, G, T, P, E for the binary ones`,
  }),
  BV0306: entry({
    name: 'not-a-size',
    severity: 'error',
    message: message`${'what'} must be a whole number of memory units below 2^64 bytes, not '${'value'}'`,
  }),
  BV0307: entry({
    name: 'not-a-uuid',
    severity: 'error',
    message: message`'${'value'}' is not a UUID: it needs 32 hexadecimal digits`,
    help: message`uuidgen(1) makes one; without <uuid> bhyve derives one from host and guest name`,
  }),
  BV0308: entry({
    name: 'not-a-mac-address',
    severity: 'error',
    message: message`MAC address '${'value'}' ${'problem'}`,
    help: message`write one such as 58:9c:fc:00:00:01, its first byte even`,
  }),
  BV0309: entry({
    name: 'not-a-cpu-set',
    severity: 'error',
    message: message`${'what'} must be a set of CPUs such as 0-3,^2 and not empty, not '${'value'}'`,
  }),
  BV0310: entry({
    name: 'missing-part',
    severity: 'error',
    message: message`<${'element'}> has no ${'part'}`,
    label: message`${'part'} is missing here`,
  }),
  BV0311: entry({
    name: 'placeholder-left',
    severity: 'error',
    message: message`the placeholder ${'placeholder'} was not replaced`,
    help: message`run the template through the program that fills it, then compile the result`,
  }),
  BV0312: entry({
    name: 'no-memory-size',
    severity: 'error',
    message: message`the domain has no memory size`,
    help: message`write <memory unit='MiB'>1024</memory>, or give each NUMA cell its memory`,
  }),
  BV0313: entry({
    name: 'wrong-domain-type',
    severity: 'error',
    message: message`bhyvec compiles domains of type 'bhyve', not '${'type'}'`,
    help: message`write <domain type='bhyve'>`,
  }),
  BV0314: entry({
    name: 'contradiction',
    severity: 'error',
    message: message`${'problem'}`,
    help: message`${'remedy'}`,
  }),
  BV0315: entry({
    name: 'managed-host-device',
    severity: 'warning',
    cannot: 'libvirt',
    ignored: true,
    message: message`libvirt's driver binds no device to ppt: managed='yes' has no effect`,
    label: message`ignored`,
    help: message`set pptdevs in loader.conf(5), or run devctl set driver -f pciD:B:S:F ppt; then write managed='no'`,
  }),
} as const;
