/** Names of the parts of a document: what stands elsewhere in it does not matter. */
import { expect, test } from 'vitest';
import { partOf } from './parts.ts';

const text = `<?xml version='1.0'?>
<!DOCTYPE domain [<!-- <vcpu> -->]>
<domain type='bhyve'>
  <name>web</name><vcpu placement='static'>2</vcpu>
  <os><loader readonly='yes'>/a</loader></os>
  <!-- <disk> > -->
  <devices>
    <disk type='file'><source file='/a>b.img'/><target dev='vda' bus='virtio'/></disk>
    <interface type='bridge'><source bridge='bridge0'/><model type='virtio'/></interface>
    <interface type='bridge'><source bridge='bridge0'/></interface>
    <interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='bridge0'/></interface>
    <controller type='sata' index='1'/><video/><serial type='nmdm'><source master='/dev/nmdmA'/></serial>
    <rng model='virtio'><alias name='ua-dice'/><backend model='random'><![CDATA[</rng>]]>/dev/random</backend></rng>
  </devices>
</domain>
`;

function nameAt(sign: string, source = { name: 'web.xml', text }): string {
  const start = source.text.indexOf(sign);
  expect(start).toBeGreaterThanOrEqual(0);
  return partOf({ source, start, end: start + 1 });
}

test.each([
  ['<domain', 'domain'],
  ['web<', 'name'],
  ['static', 'vcpu'],
  ['2</vcpu', 'vcpu'],
  ['<os', 'os'],
  ['/a</loader', 'os/loader'],
  ["<disk type='file'", 'disk vda'],
  ['/a>b.img', 'disk vda'],
  ["dev='vda'", 'disk vda'],
  ["<model type='virtio'/></interface>", 'interface bridge0'],
  ["<source bridge='bridge0'/></interface>\n    <interface type='bridge'><mac", 'interface bridge0 2'],
  ['<mac', 'interface 52:54:00:00:00:01'],
  ['<controller', 'controller sata 1'],
  ['<video', 'video'],
  ['<serial', 'serial /dev/nmdmA'],
  ['/dev/random', 'rng ua-dice'],
])('%j is in %s', (sign, name) => {
  expect(nameAt(sign)).toBe(name);
});

test('a comment, a line or another device changes no name', () => {
  const more = text.replace('<devices>', "<!-- more -->\n\n<devices><disk><target dev='vdb'/></disk>");
  const source = { name: 'web.xml', text: more };
  expect([nameAt('/a>b.img', source), nameAt('<video', source)]).toEqual(['disk vda', 'video']);
});

test('a source of which only a part is known is that part', () => {
  expect(partOf({ source: { name: 'web.xml', text: '', part: 'disk vda' }, start: 0, end: 0 })).toBe('disk vda');
});
