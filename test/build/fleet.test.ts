/** Guests of one build against each other: BV0901 to BV0906. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { guestXml, openWorkshop, vnc, type Workshop } from './workshop.ts';

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => {
  shop.remove();
});

/** Builds guests, given by their XML, and gives the codes that were reported, and the exit status. */
async function codesOf(...documents: readonly string[]): Promise<{ status: number; codes: readonly string[] }> {
  const files = documents.map((text, i) => shop.put(`${String(i)}.xml`, text));
  const { status, err } = await shop.build(files);
  const codes = [...err.matchAll(/\[(BV09\d{2})/g)].map(([, code]) => code ?? '');
  return { status, codes };
}

function after(...names: readonly string[]): string {
  const elements = names.map((name) => `<b:after guest='${name}'/>`).join('');
  return `<metadata><b:start xmlns:b='${namespace}'>${elements}</b:start></metadata>`;
}

const namespace = 'https://bhyvec.org/xmlns/domain/1.0';
const tap = (name: string): string =>
  `<interface type='bridge'><source bridge='br0'/><target dev='${name}'/><model type='virtio'/></interface>`;
const disk = (path: string): string =>
  `<disk type='file'><source file='${path}'/><target dev='vdb' bus='virtio'/></disk>`;
const serial = `<serial type='nmdm'><source master='/dev/nmdm7A' slave='/dev/nmdm7B'/></serial>`;
const ppt = `<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='2' slot='0' function='0'/></source></hostdev>`;

test.each([
  ['one name', [guestXml('a'), guestXml('a')], 'BV0901'],
  ['one name for rc', [guestXml('a-b'), guestXml('a.b')], 'BV0902'],
  ['one tap', [guestXml('a', tap('tap7')), guestXml('b', tap('tap7'))], 'BV0903'],
  ['one port', [guestXml('a', vnc('x', 5905)), guestXml('b', vnc('x', 5905))], 'BV0903'],
  ['one null-modem pair', [guestXml('a', serial), guestXml('b', serial)], 'BV0903'],
  ['one host device', [guestXml('a', ppt), guestXml('b', ppt)], 'BV0903'],
  ['a circle of two', [guestXml('a', '', after('b')), guestXml('b', '', after('a'))], 'BV0905'],
  ['a circle of one', [guestXml('a', '', after('a'))], 'BV0905'],
  ['a circle of three', ['abc', 'bca', 'cab'].map(([a = '', b = '']) => guestXml(a, '', after(b))), 'BV0905'],
])('%s is an error', async (_, documents, code) => {
  expect(await codesOf(...documents)).toEqual({ status: 1, codes: [code] });
});

test.each([
  ['a disk of two guests', [guestXml('a', disk('/vm/x.img')), guestXml('b', disk('/vm/x.img'))], 'BV0904'],
  ['a guest that is not there', [guestXml('a', '', after('z'))], 'BV0906'],
])('%s is a warning', async (_, documents, code) => {
  expect(await codesOf(...documents)).toEqual({ status: 0, codes: [code] });
});

test.each(['manifest.json', 'launcher-0123456789abcdef.sh'])(
  'no guest has the name of a file of the build: %s',
  async (name) => {
    expect(await shop.build([shop.put('a.xml', guestXml(name))])).toMatchObject({
      status: 1,
      err: expect.stringContaining('BV0847') as string,
    });
  },
);

test('guests that share nothing, in a start order', async () => {
  const documents = [
    guestXml('a', tap('tap1'), after('b', 'c')),
    guestXml('b', tap('tap2'), after('c')),
    guestXml('c'),
  ];
  expect(await codesOf(...documents)).toEqual({ status: 0, codes: [] });
});
