/** Guests of one build against each other and against their host: BV0901 to BV0906, BV0940 to BV0946. */
import { describe, expect, test } from 'vitest';
import { checkGuests, compile } from '../../src/compile/compile.ts';
import { targetProfile } from '../../src/host/targets.ts';
import { guestXml, openWorkshop, vnc } from './workshop.ts';
import { forEachTest } from '../lend.ts';

const shop = forEachTest(openWorkshop, (it) => {
  it.remove();
});
/** Builds guests, given by their XML, and gives the codes that were reported, and the exit status. */
async function codesOf(...documents: readonly string[]): Promise<{ status: number; codes: readonly string[] }> {
  const files = documents.map((text, i) => shop().put(`${String(i)}.xml`, text));
  const { status, err } = await shop().build(files);
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

test('a mistake of the start order stands at the guest that is named', () => {
  const found = (...documents: readonly string[]): readonly string[] => {
    const host = targetProfile('freebsd-15.1');
    if (host === null) throw new Error('there is no such target');
    const options = { host, dialect: 'bhyvec', schema: 'error', strict: false } as const;
    const plans = documents.flatMap((text, i) => compile({ name: `${String(i)}.xml`, text }, options).plan ?? []);
    return checkGuests(plans, options).flatMap(({ span, notes }) =>
      [span, ...notes.map((note) => note.span)].map(
        ({ source, start, end }) => `${source.name} ${source.text.slice(start, end)}`,
      ),
    );
  };
  const [a, b] = [guestXml('a', '', after('b')), guestXml('b', '', after('c'))];
  expect(found(a, b)).toEqual(['1.xml c']);
  expect(found(a, b, guestXml('c', '', after('b')))).toEqual(['1.xml c', '2.xml b']);
});

test.each(['manifest.json', 'launcher-0123456789abcdef.sh'])(
  'no guest has the name of a file of the build: %s',
  async (name) => {
    expect(await shop().build([shop().put('a.xml', guestXml(name))])).toMatchObject({
      status: 1,
      err: expect.stringContaining('BV0847') as string,
    });
  },
);

const image = (path: string, ...words: readonly string[]): string =>
  `<disk type='file'><source file='${path}'/><target dev='vdb' bus='virtio'/>${words.map((word) => `<${word}/>`).join('')}</disk>`;
const cdrom = (path: string): string =>
  `<disk type='file' device='cdrom'><source file='${path}'/><target dev='sda' bus='sata'/></disk>`;
const share = (path: string, ro = ''): string =>
  `<filesystem type='mount'><source dir='${path}'/><target dir='share'/>${ro}</filesystem>`;
const listening = (address: string, port = 5905): string =>
  `<graphics type='vnc' port='${String(port)}' listen='${address}'/><video><model type='gop'/></video>`;
const nvram = (path: string): string =>
  guestXml('a').replace(
    /<os firmware='efi'><type>hvm<\/type><\/os>/,
    `<os><type>hvm</type><loader readonly='yes' type='pflash'>/fw/CODE.fd</loader><nvram>${path}</nvram></os>`,
  );
const identified = (name: string): string =>
  guestXml(name).replace('<memory', '<uuid>6f4e2b66-0d6b-4c7e-9b5e-2f2b8f5d0a01</uuid><memory');
const known = (mac: string): string =>
  `<interface type='bridge'><mac address='${mac}'/><source bridge='br0'/><model type='virtio'/></interface>`;

test.each([
  ['both write', image('/vm/x.img'), image('/vm/x.img'), ['BV0904']],
  ['both write, by two spellings', image('/vm/x.img'), image('/vm//./x.img'), ['BV0904']],
  ['one writes, one reads', image('/vm/x.img'), image('/vm/x.img', 'readonly'), ['BV0940']],
  ['one writes what is a CD of another', cdrom('/vm/x.iso'), image('/vm/x.iso'), ['BV0940']],
  ['both read', image('/vm/x.img', 'readonly'), image('/vm/x.img', 'readonly'), []],
  ['a CD of both', cdrom('/vm/x.iso'), cdrom('/vm/x.iso'), []],
  ['both share', image('/vm/x.img', 'shareable'), image('/vm/x.img', 'shareable'), []],
  ['one shares, one does not', image('/vm/x.img', 'shareable'), image('/vm/x.img'), ['BV0904']],
  ['one shares, one reads', image('/vm/x.img', 'shareable'), image('/vm/x.img', 'readonly'), ['BV0940']],
  ['a directory of both', share('/srv/x'), share('/srv/x/'), ['BV0941']],
  ['a directory that one reads', share('/srv/x'), share('/srv/x', '<readonly/>'), []],
  ['one port, on all addresses and on one', listening('0.0.0.0'), listening('10.0.0.1'), ['BV0903']],
  ['one port, on one address', listening('10.0.0.1'), listening('10.0.0.1'), ['BV0903']],
  ['one port, on two addresses', listening('10.0.0.1'), listening('10.0.0.2'), []],
  ['one MAC address', known('58:9c:fc:00:00:01'), known('58:9C:FC:00:00:01'), ['BV0904']],
])('two guests, %s', async (_, one, other, codes) => {
  expect(await codesOf(guestXml('a', one), guestXml('b', other))).toMatchObject({ codes });
});

test('one UUID, one variable store', async () => {
  expect(await codesOf(identified('a'), identified('b'))).toEqual({ status: 0, codes: ['BV0904'] });
  const [a, b] = [nvram('/vm/v.fd'), nvram('/vm/./v.fd').replace('<name>a', '<name>b')];
  expect(await codesOf(a, b)).toEqual({ status: 1, codes: ['BV0903'] });
});

test('of three guests each place is shown, with the first one beside it', async () => {
  const files = ['a', 'b', 'c'].map((name) => shop().put(`${name}.xml`, guestXml(name, tap('tap7'))));
  const { err } = await shop().build(files);
  expect(err.match(/error\[BV0903/g)).toHaveLength(2);
  expect(err.match(/a\.xml:\d+:\d+: note: guest 'a' has it here/g)).toHaveLength(2);
});

test('a circle names the places of all', async () => {
  const files = ['abc', 'bca', 'cab'].map(([a = '', b = '']) => shop().put(`${a}.xml`, guestXml(a, '', after(b))));
  const { err } = await shop().build(files);
  for (const name of ['b', 'c'])
    expect(err).toMatch(new RegExp(`${name}\\.xml:\\d+:\\d+: note: guest '${name}' says so here`));
});

describe('against the host', () => {
  const host = { version: 1, release: '14.3', bridges: ['br0'], memoryMib: 1200, cpus: 4 };
  const wired = '<memoryBacking><locked/></memoryBacking>';
  const vcpus = (name: string, count: number): string =>
    guestXml(name).replace('</memory>', `</memory><vcpu>${String(count)}</vcpu>`);
  const on = (bridge: string): string => tap('tap1').replace('br0', bridge);

  test.each([
    ['what it has', [guestXml('a', on('br0')), guestXml('b')], []],
    ['more memory than it has', ['a', 'b', 'c'].map((name) => guestXml(name)), ['BV0943']],
    ['more wired memory', ['a', 'b', 'c'].map((name) => guestXml(name, '', wired)), ['BV0942']],
    ['more vCPUs', [vcpus('a', 3), vcpus('b', 2)], ['BV0944']],
    ['a guest with more vCPUs', [vcpus('a', 5), vcpus('b', 2)], ['BV0945']],
    ['a bridge that is not there', [guestXml('a', on('br1'))], ['BV0946']],
  ])('%s', async (_, documents, codes) => {
    const files = documents.map((text, i) => shop().put(`${String(i)}.xml`, text));
    const profile = shop().put('host.json', JSON.stringify(host));
    const { status, err } = await shop().build(files, { host: profile });
    expect([status, [...err.matchAll(/\[(BV09\d{2})/g)].map(([, code]) => code)]).toEqual([0, codes]);
  });
});

test('guests that share nothing, in a start order', async () => {
  const documents = [
    guestXml('a', tap('tap1'), after('b', 'c')),
    guestXml('b', tap('tap2'), after('c')),
    guestXml('c'),
  ];
  expect(await codesOf(...documents)).toEqual({ status: 0, codes: [] });
});
