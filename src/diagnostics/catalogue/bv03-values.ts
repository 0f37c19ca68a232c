/** BV03: a value in the XML makes no sense, is missing, or has no effect. Reported by the readers in `frontend`. */
import { entry, message, type Template } from '../message.ts';

/** How parts are written that are missing, by the element and the part. */
const missing: Readonly<Record<string, string>> = {
  'audio id attribute': "id='1'",
  'channel socket path': "<source mode='bind' path='/var/run/web.agent'/>",
  'channel target name': "<target type='virtio' name='org.qemu.guest_agent.0'/>",
  'channel target type': "<target type='virtio' name='org.qemu.guest_agent.0'/>",
  'disk target name': "<target dev='vda' bus='virtio'/>",
  'domain name': '<name>web</name>',
  'text or file attribute': 'the value between the tags, or file= with the path of one',
  'filesystem source dir': "<source dir='/srv/share'/>",
  'filesystem target dir': "<target dir='share'/>",
  'graphics password in passwd': 'a password of up to 8 characters, or remove passwd=',
  'hostdev source address': "<address bus='0x02' slot='0x00' function='0x0'/> into <source>",
  'interface bridge name': "<source bridge='bridge0'/>",
  'interface network name': "<source network='default'/>",
  'listen socket path': "socket='/var/run/web.vnc'",
  'os type': '<type>hvm</type>',
  'rng backend model': "<backend model='random'>/dev/random</backend>",
  'source host, the address to listen on': "host='127.0.0.1'",
  'source service, the TCP port': "service='5555'",
  'tag id attribute': "id='42'",
  'target target name': "dev='vda'",
  'tpm path of the swtpm socket': "<source type='unix' mode='connect' path='/var/run/web.tpm'/> into <backend>",
  'uuid text': 'a UUID between the tags, or remove <uuid>',
};

const exampleOfMissing: Template<'element' | 'part'> = {
  parameters: ['element', 'part'],
  format({ element, part }) {
    const known = missing[`${String(element)} ${String(part)}`] ?? missing[String(part)];
    return `write ${known ?? String(part).replace(/^(.*) attribute$/, '$1=')}`;
  },
};

export const values = () => ({
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
    help: message`write a whole number from ${'min'} to ${'max'}`,
  }),
  BV0305: entry({
    name: 'unknown-unit',
    severity: 'error',
    message: message`'${'value'}' is not a unit of a size`,
    help: message`accepted: b, KB, KiB, MB, MiB, GB, GiB, TB, TiB, PB, PiB, EB, EiB, and k, M, G, T, P, E for the binary ones`,
  }),
  BV0306: entry({
    name: 'not-a-size',
    severity: 'error',
    message: message`${'what'} must be a whole number of memory units below 2^63 bytes, not '${'value'}'`,
    help: message`write a whole number, and unit='MiB' or unit='GiB'`,
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
    help: message`write such a set: 0-3,^2 are the CPUs 0, 1 and 3`,
  }),
  BV0310: entry({
    name: 'missing-part',
    severity: 'error',
    message: message`<${'element'}> has no ${'part'}`,
    label: message`${'part'} is missing here`,
    help: exampleOfMissing,
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
});
