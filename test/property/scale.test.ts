/**
 * Four times as much costs about four times as much work, for each list of a document: nothing is looked for in all of what
 * was there before. Work is counted, not timed (`work.ts`).
 */
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { targetProfile } from '../../src/host/targets.ts';
import { guestKey } from '../../src/ir/hardware.ts';
import { recalledGuest } from '../../src/passes/recalled.ts';
import { full, size } from '../full.ts';
import { workOf } from './work.ts';

/** A guest with something in its domain and in its devices. */
function doc(domain: string, devices: string): string {
  const disk = `<disk type='file' device='disk'><source file='/vm/a.img'/><target dev='vda' bus='virtio'/></disk>`;
  const head = `<name>a</name><memory unit='MiB'>1024</memory><vcpu>2</vcpu><os firmware='efi'><type>hvm</type></os>`;
  return `<domain type='bhyve'>${head}${domain}<devices>${disk}${devices}</devices></domain>`;
}

function rep(n: number, piece: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => piece(i)).join('\n');
}

/** A piece of XML with numbers in it. */
function xml(pieces: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: pieces }, ...values);
}

function letters(i: number): string {
  return (i < 26 ? '' : letters(Math.floor(i / 26) - 1)) + String.fromCharCode(97 + (i % 26));
}

function mac(i: number): string {
  return `52:54:00:00:${i
    .toString(16)
    .padStart(4, '0')
    .replace(/(..)(..)/, '$1:$2')}`;
}

const kinds: Readonly<Record<string, (n: number) => string>> = {
  'SATA disks': (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<disk type='file' device='disk'><source file='/vm/${i}.img'/><target dev='sd${letters(i)}' bus='sata'/></disk>`,
      ),
    ),
  'virtio disks': (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<disk type='file' device='disk'><source file='/vm/${i}.img'/><target dev='vd${letters(i + 1)}' bus='virtio'/></disk>`,
      ),
    ),
  'NVMe disks': (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<disk type='file' device='disk'><source file='/vm/${i}.img'/><target dev='nvme${i}n1' bus='nvme'/></disk>`,
      ),
    ),
  'disks of one image': (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<disk type='file' device='disk'><source file='/vm/x.img'/><target dev='sd${letters(i)}' bus='sata'/></disk>`,
      ),
    ),
  'disks with drive addresses': (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<disk type='file' device='disk'><source file='/vm/${i}.img'/><target dev='sd${letters(i)}' bus='sata'/><address type='drive' controller='${Math.floor(i / 6)}' bus='0' target='0' unit='${i % 6}'/></disk>`,
      ),
    ),
  'pins of many vCPUs': (n) =>
    doc(xml`<cputune>${rep(n, (i) => xml`<vcpupin vcpu='${i}' cpuset='${i % 16}'/>`)}</cputune>`, ''),
  'pins of one vCPU': (n) =>
    doc(xml`<cputune>${rep(n, (i) => xml`<vcpupin vcpu='0' cpuset='${i % 16}'/>`)}</cputune>`, ''),
  'CPUs of a set': (n) =>
    doc(
      xml`<cputune><vcpupin vcpu='0' cpuset='${Array.from({ length: n }, (_, i) => i % 16000).join(',')}'/></cputune>`,
      '',
    ),
  interfaces: (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<interface type='bridge'><mac address='${mac(i)}'/><source bridge='bridge0'/><model type='virtio'/></interface>`,
      ),
    ),
  'interfaces without a MAC address': (n) =>
    doc(
      '',
      rep(n, () => xml`<interface type='bridge'><source bridge='bridge0'/><model type='virtio'/></interface>`),
    ),
  'SATA controllers': (n) =>
    doc(
      '',
      rep(n, (i) => xml`<controller type='sata' index='${i}'/>`),
    ),
  'USB controllers': (n) =>
    doc(
      '',
      rep(n, (i) => xml`<controller type='usb' index='${i}'/>`),
    ),
  'PCI controllers': (n) =>
    doc(
      '',
      rep(n, (i) => xml`<controller type='pci' index='${i}' model='${i ? 'pcie-root-port' : 'pcie-root'}'/>`),
    ),
  'host devices': (n) =>
    doc(
      '<memoryBacking><locked/></memoryBacking>',
      rep(
        n,
        (i) =>
          xml`<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='${i % 250}' slot='${Math.floor(i / 250) % 32}' function='0'/></source></hostdev>`,
      ),
    ),
  'file systems': (n) =>
    doc(
      '',
      rep(n, (i) => xml`<filesystem type='mount'><source dir='/s/${i}'/><target dir='t${i}'/></filesystem>`),
    ),
  'serial ports': (n) =>
    doc(
      '',
      rep(n, (i) => xml`<serial type='nmdm'><source master='/dev/nmdm${i}A' slave='/dev/nmdm${i}B'/></serial>`),
    ),
  channels: (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<channel type='unix'><source mode='bind' path='/var/run/${i}'/><target type='virtio' name='n${i}'/></channel>`,
      ),
    ),
  'keys in words': (n) =>
    doc(
      xml`<bhyve:commandline xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>${rep(n, (i) => xml`<bhyve:arg value='-o'/><bhyve:arg value='k${i}=1'/>`)}</bhyve:commandline>`,
      '',
    ),
  'one key in words': (n) =>
    doc(
      xml`<bhyve:commandline xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>${rep(n, (i) => xml`<bhyve:arg value='-o'/><bhyve:arg value='k=${i}'/>`)}</bhyve:commandline>`,
      '',
    ),
  'slots in words': (n) =>
    doc(
      xml`<bhyve:commandline xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>${rep(n, (i) => xml`<bhyve:arg value='-s'/><bhyve:arg value='${(i % 31) + 1}:0,virtio-rnd'/>`)}</bhyve:commandline>`,
      '',
    ),
  'pins in words': (n) =>
    doc(
      xml`<bhyve:commandline xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>${rep(n, (i) => xml`<bhyve:arg value='-p'/><bhyve:arg value='0:${i % 16}'/>`)}</bhyve:commandline>`,
      '',
    ),
  'NUMA cells': (n) =>
    doc(
      xml`<cpu><numa>${rep(n, (i) => xml`<cell id='${i}' cpus='${i % 2}' memory='1' unit='MiB'/>`)}</numa></cpu>`,
      '',
    ),
  'fields of sysinfo': (n) =>
    doc(
      xml`<sysinfo type='smbios'><bios>${rep(n, (i) => xml`<entry name='vendor'>a${i}</entry>`)}</bios></sysinfo>`,
      '',
    ),
  limits: (n) =>
    doc(
      xml`<blkiotune>${rep(n, (i) => xml`<device><path>/p${i}</path><read_iops_sec>1</read_iops_sec></device>`)}</blkiotune>`,
      '',
    ),
  'unknown devices': (n) =>
    doc(
      '',
      rep(n, (i) => xml`<dsik type='file'><source file='/vm/${i}.img'/></dsik>`),
    ),
  'wrong words': (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<disk type='file' device='disk'><source file='/vm/${i}.img'/><target dev='sd${letters(i)}' bus='satta'/></disk>`,
      ),
    ),
  'devices that are left out': (n) =>
    doc(
      '',
      rep(n, () => xml`<watchdog model='i6300esb' action='reset'/>`),
    ),
  displays: (n) =>
    doc(
      '',
      rep(n, (i) => xml`<graphics type='vnc' port='${5900 + (i % 1000)}'/>`),
    ),
  'port forwards': (n) =>
    doc(
      '',
      xml`<interface type='user'>${rep(n, (i) => xml`<portForward proto='tcp'><range start='${1 + (i % 60000)}' to='80'/></portForward>`)}</interface>`,
    ),
  'ranges of ports': (n) =>
    doc(
      '',
      xml`<interface type='user'><portForward proto='tcp'>${rep(n, (i) => xml`<range start='${1 + (i % 60000)}' exclude='yes'/>`)}<range start='1' end='50'/></portForward></interface>`,
    ),
  'guests to start before': (n) =>
    doc(
      xml`<metadata><b:start xmlns:b='https://bhyvec.org/xmlns/domain/1.0'>${rep(n, (i) => xml`<b:after guest='g${i}'/>`)}</b:start></metadata>`,
      '',
    ),
  'data of other programs': (n) =>
    doc(xml`<metadata>${rep(n, (i) => xml`<x:a${i} xmlns:x='urn:${i}'/>`)}</metadata>`, ''),
  'NVMe disks with serial numbers': (n) =>
    doc(
      '',
      rep(
        n,
        (i) =>
          xml`<disk type='file' device='disk'><source file='/vm/${i}.img'/><target dev='nvme${i}n1' bus='nvme'/><serial>s${i}</serial></disk>`,
      ),
    ),
};

const host = targetProfile('freebsd-15.1', 'bhyvec');
/** Some of each run are enough for each day. */
const chosen = Object.entries(kinds).filter((_, i) => full || i % 16 === 1);
const n = size(60, 300);

test.each(chosen)('%s', (_, document) => {
  if (host === null) throw new Error('there is no such target');
  const work = (count: number): number => {
    const text = document(count);
    return workOf(() => {
      compile({ name: 'guest.xml', text }, { host, dialect: 'bhyvec', schema: 'error', strict: false });
    });
  };
  // The grammar unfolds as it is used.
  work(3);
  const [few, many] = [work(n), work(4 * n)];
  expect(few).toBeGreaterThan(n);
  // A square would be sixteen times as much; tables that grow make steps.
  expect(many / few).toBeLessThan(8);
});

test('guests that the lock has by other names', () => {
  const at = { source: { name: 'guest.xml', text: '' }, start: 0, end: 0 };
  const work = (count: number): number => {
    const uuids = Array.from({ length: count }, (_, i) => String(i));
    const lock = new Map(uuids.map((uuid) => [`old ${uuid}`, new Map([[guestKey, { uuid }]])]));
    return workOf(() => {
      const found = uuids.map((value) =>
        recalledGuest({ name: { value: `new ${value}`, at }, uuid: { value, at } }, lock),
      );
      expect(found).toEqual([...lock.keys()]);
    });
  };
  expect(work(40 * n) / work(10 * n)).toBeLessThan(8);
});
