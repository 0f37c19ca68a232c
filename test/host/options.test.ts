// Which words bhyve takes, and what they become: number forms, blanks, suffixes, repeated options, order. Reference sections 1
// to 3; strtol(3), sscanf(3), expand_number(3). No host is needed: the words are only read.

import { expect, test } from 'vitest';
import { Refusal } from './lib/config-tree.mjs';
import { checkMachine } from './lib/machine.mjs';
import { readCommandLine } from './lib/options.mjs';
import { releaseNumber } from './lib/releases.mjs';

/** The keys that were asked for, or the exit status of the refusal. */
function read(release: string, words: readonly string[], ...keys: readonly string[]): number | readonly unknown[] {
  const files: Readonly<Record<string, string>> = { '/f': 'pci.0.5.0.device=virtio-rnd\ncpus=3\n' };
  const target = {
    rel: releaseNumber(release),
    arch: 'amd64',
    failure: 4,
    read: (file: string): string | undefined => files[file],
  };
  try {
    const config = readCommandLine([...words, 'g'], target);
    const { memory } = checkMachine(config, target);
    return keys.map((key) => (key === 'memory' ? memory : (config.get(key) ?? null)));
  } catch (error) {
    if (error instanceof Refusal) return error.status;
    throw error;
  }
}

const MiB = 1024 ** 2;
test.each([
  ['512', 512 * MiB],
  ['1048576', MiB],
  ['8G', 8192 * MiB],
  [' 8G', 8192 * MiB],
  ['\t 8G', 8192 * MiB],
  ['+8g', 8192 * MiB],
  ['0x200', 512 * MiB],
  ['0x10M', 16 * MiB],
  ['010m', 8 * MiB],
  ['1T', 1024 * 1024 * MiB],
  ['2097152K', 2048 * MiB],
  ['536870912B', 512 * MiB],
  ['8GB', 8192 * MiB],
  ['8G ', 8192 * MiB],
  ['', 64],
  [' ', 64],
  ['G', 64],
  ['8 G', 64],
  ['8X', 64],
  ['-8G', 64],
  ['0', 64],
  ['09M', 64],
  ['1.5G', 64],
  ['\u00a08G', 64],
])('-m %j', (size, bytes) => {
  expect(read('14.3', ['-m', size], 'memory')).toEqual(bytes === 64 ? 64 : [bytes]);
});

test('main looks at what stands behind the letter of a size', () => {
  expect([read('main', ['-m', '8G'], 'memory'), read('main', ['-m', '8GB'], 'memory')]).toEqual([[8192 * MiB], 64]);
});

test.each([
  [
    ['-c', '4'],
    ['4', null],
  ],
  [
    ['-c', ' 0x4'],
    [' 0x4', null],
  ],
  [
    ['-c', '010'],
    ['010', null],
  ],
  [
    ['-c', '2', '-c', '4'],
    ['4', null],
  ],
  [
    ['-c', ''],
    [null, null],
  ],
  [['-c4'], ['4', null]],
  [
    ['-c', 'cpus=8,sockets=2,cores=2,threads=2'],
    ['8', '2'],
  ],
  [
    ['-c', 'threads=2,threads=1,cpus=2,sockets=2,cores=1'],
    ['2', '2'],
  ],
  [['-c', '4 '], 64],
  [['-c', '-1'], 64],
  [['-c', '65536'], 64],
  [['-c', 'cpus=4,dies=1'], 64],
])('%j', (words, expected) => {
  expect(read('14.3', words, 'cpus', 'sockets')).toEqual(expected);
});

test.each([
  [['-p', '0:3', '-p', '0:5'], '3,5'],
  [['-p', ' 0: +3'], '3'],
  [['-p', '00:03'], '3'],
  [['-p', '0:3,4'], '3'],
  [['-p', '0 :3'], 64],
  [['-p', '0:x'], 64],
  [['-p', '0-1:3'], 64],
])('%j', (words, expected) => {
  expect(read('14.3', words, 'vcpu.0.cpuset')).toEqual(expected === 64 ? 64 : [expected]);
});

test('main takes ranges in -p', () => {
  expect(read('main', ['-p', '0-1:2-5'], 'vcpu.0.cpuset', 'vcpu.1.cpuset')).toEqual(['2-5', '2-5']);
});

test.each([
  ['3,virtio-rnd', '0.3.0'],
  [' 3,virtio-rnd', '0.3.0'],
  ['+3:1,virtio-rnd', '0.3.1'],
  ['003:007,virtio-rnd', '0.3.7'],
  ['0x3,virtio-rnd', '0.0.0'],
  ['3junk,virtio-rnd', '0.3.0'],
  ['2:3:4,virtio-rnd', '2.3.4'],
  ['2: 3: 4,virtio-rnd', '2.3.4'],
  ['2:3:,virtio-rnd', '0.2.3'],
  ['32,virtio-rnd', 4],
  ['3:8,virtio-rnd', 4],
  ['256:0:0,virtio-rnd', 4],
  ['-3,virtio-rnd', 4],
  [',virtio-rnd', 4],
  ['3,Virtio-rnd', 4],
  ['3,', 4],
])('-s %j', (word, expected) => {
  expect(read('14.3', ['-s', word], `pci.${String(expected)}.device`)).toEqual(expected === 4 ? 4 : ['virtio-rnd']);
});

test.each([
  ['13.1', '2/0/1', ['2', '0', '1', null]],
  ['14.3', '2/0/9', ['2', '0', '9', null]],
  ['14.3', ' 02/0/1x', ['2', '0', '1', null]],
  ['14.3', 'pci0:2:0:1', ['2', '0', '1', null]],
  ['14.3', 'pci2:0:1', ['2', '0', '1', null]],
  ['14.3', 'ppt7', [null, null, null, 'ppt7']],
  ['13.1', 'ppt7', 4],
  ['14.3', '2/0', 4],
  ['14.3', '', 4],
])('%s: passthru,%s', (release, word, expected) => {
  const keys = ['bus', 'slot', 'func', 'pptdev'].map((key) => `pci.0.7.0.${key}`);
  expect(read(release, ['-S', '-s', `7,passthru,${word}`], ...keys)).toEqual(expected);
});

test.each([
  [['-l', 'COM1,/dev/nmdm0A,x'], 'lpc.com1.path', '/dev/nmdm0A,x'],
  [['-l', 'com1,/a', '-l', 'com1,/b'], 'lpc.com1.path', '/b'],
  [['-l', 'bootrom,/r,/v,fwcfg=qemu'], 'lpc.fwcfg', 'qemu'],
  [['-l', 'bootrom,/r,fwcfg=qemu'], 'lpc.bootvars', null],
  [['-o', 'cpus=2', '-k', '/f'], 'cpus', '3'],
  [['-k', '/f', '-o', 'cpus=2'], 'cpus', '2'],
  [['-k/f'], 'cpus', '3'],
  [['-o', 'a.b=c=d'], 'a.b', 'c=d'],
  [['-AHPu'], 'x86.vmexit_on_pause', 'true'],
  [['-uU8f0c1f0e-9a5c-4b0a-8d0f-2f6d3c1d5a10'], 'rtc.use_localtime', 'false'],
  [['-G', 'w[::1]:1234'], 'gdb.address', '[::1]'],
])('%j', (words, key, value) => {
  expect(read('14.3', words, key)).toEqual([value]);
});

test.each([
  [['-l', 'fwcfg,qemu'], 64],
  [['-l', 'com1'], 64],
  [['-l', ''], 0],
  [['-s', 'he'], 0],
  [['-o', 'a'], 64],
  [['-k', '/none'], 4],
  [['-k', '/f', '-s', '5,virtio-rnd'], 4],
  [['-z'], 1],
])('%j ends with %d', (words, status) => {
  expect(read('14.3', words)).toEqual(status);
});
