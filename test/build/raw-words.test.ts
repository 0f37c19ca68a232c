/**
 * Words of the user for bhyve, random ones, against the option parser of the stand-in host, which was written apart from the
 * compiler's: what compiles is taken by bhyve and means the same as a file; what is refused as unreadable ends bhyve.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { targetProfile } from '../../src/host/targets.ts';
import { size } from '../full.ts';
import { differences, refusalOf } from './configurations.ts';

/** Codes that say that bhyve ends at the words while it reads them; a debug port and a UUID are read later, a pin half. */
const ending = ['BV1540', 'BV1541', 'BV1542', 'BV1543'];

function endsAt({ code, message }: Diagnostic): boolean {
  return ending.includes(code) || (code === 'BV1544' && !/ -[GUp]$/.test(message));
}

const number = fc.oneof(fc.nat({ max: 40 }).map(String), fc.constantFrom('0x3', '007', ' 2', '', '-1', '65536', 'x'));
const pinned = fc.oneof(fc.nat({ max: 40 }).map(String), fc.constantFrom('x', ''));
const blank = fc.constantFrom('', '', '', ' ');

const slot = fc.oneof(
  fc.integer({ min: 6, max: 33 }).map(String),
  fc.tuple(fc.integer({ min: 6, max: 30 }), fc.nat({ max: 8 })).map((parts) => parts.join(':')),
  fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 6, max: 30 }), fc.nat({ max: 7 })).map((parts) => parts.join(':')),
);
const device = fc.constantFrom(
  'virtio-rnd', 'virtio-blk,/vm/a.img', 'virtio-blk,/vm/a.img,ro,sectorsize=512/4096', 'ahci,hd:/a,ro,cd:/b', 'ahci-cd,/b',
  'ahci-hd,/a,ser=x', 'nvme,/a,maxq=4', 'nvme,ram=64', 'virtio-net,tap9,mac=58:9c:fc:00:00:09', 'e1000,tap8', 'virtio-9p,t=/d,ro',
  'virtio-console,a=/s1,b=/s2', 'hda,play=/dev/dsp0', 'uart,/dev/nmdm7A', 'xhci,tablet', 'passthru,1/0/0', 'passthru,ppt3',
  'passthru,179/0/9', 'virtio-input,/dev/input/event2', 'ahci,/a', 'virtio-9p,/d', 'virtio-scsi,/dev/cam/ctl3.0', '',
); // prettier-ignore
const option = fc.oneof(
  fc
    .constantFrom(
      '-w',
      '-x',
      '-W',
      '-C',
      '-D',
      '-e',
      '-I',
      '-wx',
      '-Wx',
      '-w -x',
      '-z',
      '-r',
      '-b',
      '-h',
      '-',
      'word',
      '-Q1',
    )
    .map((word) => [word]),
  valued(
    's',
    fc.tuple(slot, device).map((parts) => parts.join(',')),
  ),
  valued('o', fc.constantFrom('x86.verbosemsr=true', 'bios.version=9', 'no', 'a=', 'acpi_tables_in_memory=false')),
  valued(
    'p',
    fc.tuple(pinned, pinned).map((parts) => parts.join(':')),
  ),
  valued('G', fc.constantFrom('1234', 'w1234', '127.0.0.1:1234', 'w127.0.0.1:1234', 'x', '70000')),
  valued(
    'l',
    fc.constantFrom(
      'com2,/dev/nmdm8A',
      'COM3,/dev/nmdm9A',
      'com2',
      'tpm,swtpm,/s',
      'tpm,passthru,/dev/tpm0,version=2.0',
      'pc-testdev',
      'com9,/x',
    ),
  ),
  valued('K', fc.constantFrom('de', 'us')),
  valued('U', fc.constantFrom('8f0c1f0e-9a5c-4b0a-8d0f-2f6d3c1d5a10', 'none')),
  valued('c', number),
  valued('m', fc.constantFrom('512M', '1G', ' 512M', 'x', '')),
  valued('f', fc.constantFrom('name=opt/a,string=b', 'opt/a,string=b', 'opt/a')),
  valued('n', fc.constantFrom('id=0,size=256M,cpus=0', 'id=9,size=1M', 'x')),
);

/** An option and its value, in one word or in two, with a blank between them or without. */
function valued(letter: string, value: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc
    .tuple(value, fc.boolean(), blank)
    .map(([text, glued, gap]) => (glued ? [`-${letter}${gap}${text}`] : [`-${letter}`, text]));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');
}

function documentWith(words: readonly string[]): string {
  return `<domain type='bhyve' xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'>
  <name>raw</name><memory unit='MiB'>512</memory><vcpu>1</vcpu><os firmware='efi'><type>hvm</type></os>
  <memoryBacking><locked/></memoryBacking>
  <devices>
    <disk type='file' device='disk'><source file='/vm/raw.img'/><target dev='vda' bus='virtio'/></disk>
    <serial type='nmdm'/>
  </devices>
  <bhyve:commandline>${words.map((word) => `<bhyve:arg value='${escaped(word)}'/>`).join('')}</bhyve:commandline>
</domain>`;
}

function compiled(words: readonly string[], target: string): { plan: Plan | null; errors: readonly Diagnostic[] } {
  const host = targetProfile(target);
  if (host === null) throw new Error(`no target ${target}`);
  const source = { name: 'raw.xml', text: documentWith(words) };
  const { plan, diagnostics } = compile(source, { host, dialect: 'bhyvec', schema: 'error', strict: false });
  return { plan, errors: diagnostics.filter(({ severity }) => severity === 'error') };
}

const runs = size(40, 20_000);

test.each(['freebsd-13.2', 'freebsd-14.3', 'freebsd-15.1', 'freebsd-main'])('random words on %s', (target) => {
  const plain = compiled([], target).plan;
  if (plain === null) throw new Error('the document itself compiles');
  const count = { compiled: 0, ended: 0, other: 0 };
  fc.assert(
    fc.property(fc.array(option, { minLength: 1, maxLength: 4 }), (options) => {
      const words = options.flat();
      const { plan, errors } = compiled(words, target);
      if (plan !== null) {
        count.compiled += 1;
        expect(differences(plan)).toEqual([]);
      } else if (errors.some(endsAt)) {
        count.ended += 1;
        expect(refusalOf(plain, words)).not.toBeNull();
      } else {
        count.other += 1;
      }
    }),
    { numRuns: runs, seed: 20_261_128 },
  );
  expect(count.compiled).toBeGreaterThan(runs / 20);
  expect(count.ended).toBeGreaterThan(runs / 20);
});
