/** Whole examples of parts that are missing, and of what people write for elements, for findings to show. */
import { childElements, type XmlElement } from '../xml/tree.ts';
import type { Frame } from './frame.ts';
import type { ExpectedValues } from './expect.ts';

/** An element as it may stand in its parent, by `parent/child`, or `parent:type/child` of a parent of that type. */
const elements: Readonly<Record<string, string>> = {
  'domain/name': '<name>guest</name>',
  'domain/os': "<os firmware='efi'><type>hvm</type></os>",
  'os/type': '<type>hvm</type>',
  'interface/source': "<source bridge='bridge0'/>",
  'filesystem/source': "<source dir='/srv/share'/>",
  'filesystem/target': "<target dir='share'/>",
  'rng/backend': "<backend model='random'>/dev/random</backend>",
  'tpm/backend': "<backend type='passthrough'/>",
  'hostdev/source': "<source><address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></source>",
  'channel/target': "<target type='virtio' name='org.qemu.guest_agent.0'/>",
  'source/address': "<address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>",
  'numa/cell': "<cell id='0' cpus='0' memory='1024' unit='MiB'/>",
  'device/path': '<path>*</path>',
  'vlan/tag': "<tag id='42'/>",
  'network/name': '<name>lab</name>',
  'pool/name': '<name>default</name>',
  'volume/name': '<name>disk.img</name>',
  'volume/capacity': "<capacity unit='GiB'>20</capacity>",
  'host/hostname': '<hostname>db</hostname>',
  'input/source': "<source evdev='/dev/input/event0'/>",
  'input:evdev/source': "<source dev='/dev/input/event0'/>",
  'backend:external/source': "<source type='unix' mode='connect' path='/var/run/swtpm.sock'/>",
};

/** The value of an attribute, by `element@attribute`. */
const values: Readonly<Record<string, string>> = {
  'source@file': '/vm/disk.img',
  'source@dir': '/srv/share',
  'source@bridge': 'bridge0',
  'source@network': 'default',
  'pool@type': 'dir',
  'pool@name': 'default',
  'source@pool': 'default',
  'source@volume': 'disk.img',
  'source@service': '5555',
  'source@host': '127.0.0.1',
  'target@name': 'org.qemu.guest_agent.0',
  'channel@type': 'unix',
  'mac@address': '58:9c:fc:00:00:01',
  'arg@value': '-S',
  'after@guest': 'db',
  'range@start': '8080',
  'vcpupin@vcpu': '0',
  'vcpupin@cpuset': '0',
  'cell@memory': '1024',
  'resolution@x': '1024',
  'resolution@y': '768',
  'link@state': 'up',
};

/** Names of elements that people write for others, by the parent in which they do. */
const otherNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  domain: {
    cpus: 'vcpu',
    ram: 'memory',
    mem: 'memory',
    hostname: 'name',
    desc: 'description',
    onpoweroff: 'on_poweroff',
    onreboot: 'on_reboot',
    oncrash: 'on_crash',
  },
  devices: { nic: 'interface', net: 'interface', hdd: 'disk', cdrom: 'disk', vnc: 'graphics', share: 'filesystem' },
  disk: { src: 'source', dst: 'target' },
};

/** The name that is probably meant by one that people write in that parent. */
export function otherNameOf(parent: string, name: string): string | null {
  return otherNames[parent]?.[name.toLowerCase()] ?? null;
}

/** An element that is missing in its parent, written out; its bare tag where there is no example. */
export function exampleElement(frame: Frame, child: string): string {
  const parent = frame.element.name.local;
  if (parent === 'disk' && child === 'target') return `<target dev='${freeDiskName(frame)}' bus='virtio'/>`;
  const type = frame.element.attributes.find(({ name }) => name.local === 'type')?.value ?? '';
  return elements[`${parent}:${type}/${child}`] ?? elements[`${parent}/${child}`] ?? `<${child}>`;
}

/** Of the words of a shared enumeration those that are of use in one element, by `element@attribute`. */
const useful: Readonly<Record<string, readonly string[]>> = {
  'channel@type': ['unix'],
  'serial@type': ['nmdm', 'tcp'],
  'console@type': ['nmdm', 'tcp'],
};

/** What is offered for an attribute of that element. */
export function usefulValues(element: string, attribute: string, values: ExpectedValues): ExpectedValues {
  const words = useful[`${element}@${attribute}`];
  return words === undefined ? values : { ...values, words, offered: words };
}

/** What a tag lacks beside an attribute that is missing: without it the next finding would ask for it. */
export function exampleBeside({ element }: Frame, attribute: string): string | null {
  const hasSource = childElements(element).some(({ name }) => name.local === 'source');
  const isOne = element.name.local === 'channel' && attribute === 'type' && !hasSource;
  return isOne && element.children.length > 0 ? "<source mode='bind' path='/var/run/web.agent'/>" : null;
}

/** An attribute that is missing, with a value that it takes: an enumeration's first, or an example. */
export function exampleValue(frame: Frame, attribute: string, { offered, labels }: ExpectedValues): string | null {
  const element = frame.element.name.local;
  if (element === 'target' && attribute === 'dev' && frame.parent?.element.name.local === 'disk')
    return freeDiskName(frame);
  const known = values[`${element}@${attribute}`];
  if (known !== undefined) return known;
  if (offered[0] !== undefined) return offered[0];
  return labels.some((label) => label.startsWith('a whole number')) ? '1' : null;
}

/** The first target name of a virtio disk that no disk of the domain has. */
function freeDiskName(frame: Frame): string {
  let root = frame;
  while (root.parent !== null) root = root.parent;
  const inside = (element: XmlElement, name: string): readonly XmlElement[] =>
    childElements(element).filter((child) => child.name.local === name);
  const targets = inside(root.element, 'devices')
    .flatMap((devices) => inside(devices, 'disk'))
    .flatMap((disk) => inside(disk, 'target'));
  const taken = new Set(targets.flatMap(({ attributes }) => attributes.map(({ value }) => value)));
  const names = 'abcdefghijklmnopqrstuvwxyz'.split('').map((letter) => `vd${letter}`);
  return names.find((name) => !taken.has(name)) ?? 'vdaa';
}
