/**
 * Random domains that are nearly right: the structure is that of libvirt's grammar, names and addresses are few, so that
 * devices meet. Most of them compile, many do not, and all of them must come to an end.
 */
import fc from 'fast-check';

/** Text for the inside of an attribute or an element. */
export function escapeXml(text: string): string {
  const references: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    "'": '&apos;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>'"]/g, (sign) => references[sign] ?? sign);
}

const name = fc.constantFrom('web', 'db-1', 'mail.example', '_x', 'a-guest-with-quite-a-long-name', 'Ende', '7of9');
const path = fc
  .tuple(
    fc.constantFrom('/vm/', '/dev/zvol/zroot/', '/iso/'),
    fc.constantFrom('a', 'b c', "it's", 'd$e', '\u00e9\u4e2d', '50%'),
  )
  .map((parts) => parts.join(''));

const slots = fc.constantFrom(0, 1, 2, 3, 4, 5, 29, 31);
/** Mostly none: a device without an address has to find a place around the others. */
const pciAddress = fc.option(
  fc.record({ bus: fc.constantFrom(0, 0, 0, 1, 255), slot: slots, fn: fc.constantFrom(0, 0, 1, 7) }),
  { freq: 2, nil: null },
);

type Pci = { readonly bus: number; readonly slot: number; readonly fn: number } | null;

function addressXml(address: Pci): string {
  if (address === null) return '';
  const hex = (value: number): string => `0x${value.toString(16)}`;
  return `<address type='pci' bus='${hex(address.bus)}' slot='${hex(address.slot)}' function='${hex(address.fn)}'/>`;
}

const optional = (text: string): fc.Arbitrary<string> => fc.constantFrom('', '', text);
const flags = (...texts: readonly string[]): fc.Arbitrary<string> => {
  return fc.subarray([...texts], { maxLength: 3 }).map((chosen) => chosen.join(''));
};

/** A virtio disk whose path nobody else has, and the address that it asks for. */
export interface PinnedDisk {
  readonly path: string;
  readonly address: Exclude<Pci, null>;
}

interface Part {
  readonly xml: string;
  readonly pinned?: PinnedDisk;
}

const diskOptions = flags(
  '<readonly/>',
  '<serial>S1</serial>',
  "<boot order='1'/>",
  "<driver name='file' type='raw' cache='none' discard='ignore'/>",
  "<blockio logical_block_size='512' physical_block_size='4096'/>",
);

const virtioDisk = fc
  .record({ letter: fc.integer({ min: 0, max: 25 }), address: pciAddress, options: diskOptions, unique: fc.nat() })
  .map(({ letter, address, options, unique }): Part => {
    const file = `/vm/disk-${String(unique)}.img`;
    const target = `vd${String.fromCharCode(97 + letter)}`;
    const source = `<source file='${file}'/><target dev='${target}' bus='virtio'/>`;
    const xml = `<disk type='file' device='disk'>${source}${options}${addressXml(address)}</disk>`;
    return address === null ? { xml } : { xml, pinned: { path: file, address } };
  });

const otherDisk = fc
  .record({
    kind: fc.constantFrom('disk', 'disk', 'cdrom'),
    target: fc.constantFrom('sda', 'sdb', 'sdc', 'sdaa', 'nvme0n1', 'nvme1n1', 'nvme2n1', 'hda', 'vdq'),
    bus: fc.constantFrom('sata', 'nvme', 'scsi', 'virtio', null),
    source: fc.option(path),
    options: diskOptions,
    place: optional("<address type='drive' controller='1' unit='2'/>"),
  })
  .map(({ kind, target, bus, source, options, place }): Part => {
    const written = source === null ? '' : `<source file='${escapeXml(source)}'/>`;
    const on = bus === null ? '' : ` bus='${bus}'`;
    return {
      xml: `<disk type='file' device='${kind}'>${written}<target dev='${target}'${on}/>${options}${place}</disk>`,
    };
  });

const mac = fc.integer({ min: 0, max: 255 }).map((byte) => `<mac address='58:9c:fc:00:00:${byte.toString(16)}'/>`);
const nic = fc
  .record({
    source: fc.constantFrom(
      "type='bridge'><source bridge='lan'/>",
      "type='bridge'><source bridge='dmz'/>",
      "type='user'>",
    ),
    mac: fc.oneof(mac, fc.constant('')),
    model: fc.constantFrom("<model type='virtio'/>", "<model type='e1000'/>", ''),
    options: flags("<target dev='tap3'/>", "<target dev='tap4'/>", "<mtu size='9000'/>", "<boot order='2'/>"),
    address: pciAddress,
  })
  .map((x): Part => ({
    xml: `<interface ${x.source}${x.mac}${x.model}${x.options}${addressXml(x.address)}</interface>`,
  }));

const pair = fc.constantFrom(
  '',
  "<source master='/dev/nmdm1A' slave='/dev/nmdm1B'/>",
  "<source master='/dev/nmdm2A'/>",
);
const serial = fc
  .record({
    pair,
    port: fc.constantFrom('', '', "<target port='0'/>", "<target port='3'/>"),
    tag: fc.constantFrom('serial', 'console'),
  })
  .map(({ pair: source, port, tag }): Part => ({ xml: `<${tag} type='nmdm'>${source}${port}</${tag}>` }));
const channel = fc
  .record({ number: fc.nat(40), place: optional("<address type='virtio-serial' controller='1' port='2'/>") })
  .map(({ number, place }): Part => {
    const source = `<source mode='bind' path='/var/run/c${String(number)}.sock'/>`;
    return {
      xml: `<channel type='unix'>${source}<target type='virtio' name='c.${String(number)}'/>${place}</channel>`,
    };
  });

/** The VNC password of every generated server: it must not be seen anywhere. */
export const password = 's3cr3t,!';

const graphics = fc
  .record({
    port: fc.constantFrom("port='5901'", "autoport='yes'", ''),
    secret: optional(` passwd='${escapeXml(password)}'`),
    listen: fc.constantFrom('', "<listen type='address' address='::1'/>", "<listen type='address' address='0.0.0.0'/>"),
  })
  .map((x): Part => ({ xml: `<graphics type='vnc' ${x.port}${x.secret}>${x.listen}</graphics>` }));

const placed = (start: string, end: string): fc.Arbitrary<Part> => {
  return pciAddress.map((address): Part => ({ xml: `${start}${addressXml(address)}${end}` }));
};
const hostdevSource = "<source><address bus='0x3' slot='0x0' function='0x1'/></source>";
const small = fc.oneof(
  placed("<rng model='virtio'><backend model='random'>/dev/random</backend>", '</rng>'),
  placed("<video><model type='gop'/>", '</video>'),
  placed("<sound model='ich7'>", '</sound>'),
  placed("<filesystem type='mount'><source dir='/tank'/><target dir='tank'/>", '</filesystem>'),
  placed(`<hostdev mode='subsystem' type='pci' managed='no'>${hostdevSource}`, '</hostdev>'),
  placed("<memballoon model='virtio'>", '</memballoon>'),
  placed("<controller type='usb' model='nec-xhci'>", '</controller>'),
  placed("<controller type='isa' index='0'>", '</controller>'),
  placed("<controller type='sata'>", '</controller>'),
  placed("<controller type='virtio-serial'>", '</controller>'),
  fc.constantFrom<Part>(
    { xml: "<input type='tablet' bus='usb'/>" },
    { xml: "<input type='mouse' bus='ps2'/>" },
    { xml: "<tpm model='tpm-crb'><backend type='passthrough'/></tpm>" },
    { xml: "<audio id='1' type='oss'/>" },
  ),
);

const firmware = "<os firmware='efi'><type>hvm</type></os>";
const boot = fc.constantFrom(
  firmware,
  firmware,
  '<os><type>hvm</type></os>',
  "<os firmware='efi'><type>hvm</type><boot dev='cdrom'/><boot dev='hd'/></os>",
  "<os><type>hvm</type><loader readonly='yes' type='pflash'>/fw/CODE.fd</loader><nvram>/vm/vars.fd</nvram></os>",
  '<bootloader>/usr/local/sbin/grub-bhyve</bootloader><os><type>hvm</type></os>',
  '<bootloader>/opt/load</bootloader><bootloader_args>a  b</bootloader_args><os><type>hvm</type></os>',
);
const head = flags(
  '<uuid>0f7c2b5e-3d53-4d0c-9f6a-0a8f7a0d1c55</uuid>',
  "<vcpu cpuset='1-3'>2</vcpu>",
  '<memoryBacking><locked/></memoryBacking>',
  "<features><acpi/><msrs unknown='ignore'/></features>",
  "<clock offset='localtime'/>",
  '<on_crash>preserve</on_crash>',
);
/** A word of the user's own on a slot that other devices may want. */
const raw = fc.option(fc.integer({ min: 2, max: 31 }), { freq: 3 }).map((slot) => {
  if (slot === null) return '';
  const words = ['-s', `${String(slot)}:0,virtio-input,/dev/input/event0`];
  const args = words.map((word) => `<bhyve:arg value='${word}'/>`).join('');
  return `<bhyve:commandline>${args}</bhyve:commandline>`;
});

/** A random domain. */
export interface RandomDomain {
  readonly xml: string;
  readonly pinned: readonly PinnedDisk[];
}

export const domains: fc.Arbitrary<RandomDomain> = fc
  .record({
    name,
    boot,
    head,
    raw,
    mib: fc.integer({ min: 1, max: 2_000_000 }),
    parts: fc.array(fc.oneof(virtioDisk, virtioDisk, otherDisk, nic, serial, channel, graphics, small), {
      maxLength: 14,
    }),
  })
  .map((x) => {
    const first = "<domain type='bhyve' xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>";
    const memory = `<memory unit='MiB'>${String(x.mib)}</memory>`;
    const devices = `<devices>\n${x.parts.map(({ xml }) => xml).join('\n')}\n</devices>`;
    const xml = [first, `<name>${x.name}</name>`, memory, x.head, x.boot, devices, x.raw, '</domain>'].join('\n');
    return { xml, pinned: x.parts.flatMap(({ pinned }) => pinned ?? []) };
  });
