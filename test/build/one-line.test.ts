/** What libvirt passes on as it is, and what the files of a build cannot hold: `argv` prints it, a build refuses it. */
import { expect, test } from 'vitest';
import { checkGuests, commandsOf, compile } from '../../src/compile/compile.ts';
import type { CompileOptions } from '../../src/compile/stages.ts';
import { targetProfile } from '../../src/host/targets.ts';

const host = targetProfile('freebsd-15.0', 'libvirt');
if (host === null) throw new Error('there is no such target');
const options: CompileOptions = { host, dialect: 'libvirt', schema: 'error', strict: false };

function guest({ os = '', disk = '/vm/a.img', device = '' }): string {
  const source = `<disk type='file' device='disk'><source file='${disk}'/><target dev='vda' bus='virtio'/></disk>`;
  const rest = `<os><type>hvm</type>${os}</os><devices>${source}${device}</devices>`;
  return `<domain type='bhyve'><name>web</name><memory unit='GiB'>1</memory><vcpu>1</vcpu>${rest}</domain>`;
}

const loader = "<loader readonly='yes' type='pflash'>/fw/CODE.fd</loader>";
const share = "<filesystem type='mount'><source dir='/tank/a&#x85;b'/><target dir='t'/></filesystem>";
const socket = (path: string) =>
  `<channel type='unix'><source mode='bind' path='${path}'/><target type='virtio' name='c.0'/></channel>`;

test.each([
  ['a disk', guest({ disk: '/vm/a&#9;b' }), ['/vm/a&#9;b']],
  ['a disk, by a control character of Latin-1', guest({ disk: '/vm/a&#x85;b' }), ['/vm/a&#x85;b']],
  ['a store of variables', guest({ os: `${loader}<nvram>/vm/a\tb</nvram>` }), ['/vm/a\tb']],
  ['a socket', guest({ device: socket('/run/a&#x85;b') }), ['/run/a&#x85;b']],
  ['a shared directory', guest({ device: share }), ['/tank/a&#x85;b']],
  ['none', guest({}), []],
])('%s with a control character', (_, text, places) => {
  const compilation = compile({ name: 'web.xml', text }, options);
  expect(commandsOf(compilation)).not.toEqual([]);
  const plans = compilation.plan === null ? [] : [compilation.plan];
  const found = checkGuests(plans, options);
  expect(found.map(({ code, span }) => `${code} ${span.source.text.slice(span.start, span.end)}`)).toEqual(
    places.map((place) => `BV0503 ${place}`),
  );
});
