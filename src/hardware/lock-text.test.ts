/** The text of a lock, and what is said of one that cannot be used. */
import { expect, test } from 'vitest';
import { guestKey, pairOf, type Held } from '../ir/hardware.ts';
import { tapName } from '../ir/names.ts';
import { lockText, readLock } from './lock-text.ts';
import { freed, pruned, renamed } from './prune.ts';

const full: Held = {
  pci: { bus: 0, slot: 4, function: 1 },
  mac: '58:9c:fc:00:00:01',
  tap: tapName('tapweb0'),
  'vnc-port': 5901,
  com: 1,
  nmdm: pairOf('/dev/nmdmwebA'),
  drive: { controller: 0, unit: 3 },
  port: { controller: 1, unit: 2 },
};
const hardware = new Map<string, ReadonlyMap<string, Held>>([
  ['web-2', new Map<string, Held>([[guestKey, { uuid: '0d6c7f0e-5b1c-4a43-9a6e-3d1c6a2b9f10' }]])],
  [
    'web',
    new Map<string, Held>([
      ['disk "x"', full],
      [guestKey, {}],
      ['a/b', { ...full, gone: true }],
    ]),
  ],
]);

test('is a line for each device, sorted, and reads as it was written', () => {
  const text = lockText(hardware);
  expect(text.split('\n').map((line) => line.split(': {')[0])).toEqual([
    '{',
    '  "version": 1,',
    '  "hardware"',
    '    "web"',
    '    "web/a/b"',
    '    "web/disk \\"x\\""',
    '    "web-2"',
    '    "/"',
    '  }',
    '}',
    '',
  ]);
  const read = readLock(text);
  expect('hardware' in read && lockText(read.hardware)).toBe(text);
  expect('hardware' in read && read.hardware.get('web')?.get('disk "x"')).toEqual(full);
});

const good = lockText(hardware);
test.each([
  ['', 'it is not JSON'],
  ['[]', 'it is no lock of bhyvec'],
  [good.replace('"version": 1', '"version": 2'), 'it has version 2, and this bhyvec knows 1 only'],
  [good.replace('"web-2"', '"web"'), '"web" stands here twice'],
  [good.replace('0:4:1', '0:32:1'), 'the entry \'web/a/b\' cannot be used: its "pci" is none that bhyvec knows'],
  [good.replace('"vnc": 5901', '"vnc": "5901"'), 'its "vnc"'],
  [good.replace('"tapweb0"', '"../tap"'), 'its "tap"'],
  [good.replace('"com": 1', '"size": 1'), 'its "size"'],
  [good.replace('    "web"', '<<<<<<< HEAD\n    "web"'), 'git has left a conflict here'],
])('%#: one that cannot be used is told in a sentence', (text, problem) => {
  expect(readLock(text)).toMatchObject({ problem: expect.stringContaining(problem) as unknown });
});

test('a guest gets another name, and places are given away', () => {
  expect([...(renamed(hardware, 'web', 'www')?.keys() ?? [])]).toEqual(['web-2', 'www']);
  expect([renamed(hardware, 'web', 'web-2'), renamed(hardware, 'none', 'www')]).toEqual([null, null]);
  expect([...(freed(hardware, 'web', ['a/b'])?.get('web')?.keys() ?? [])]).toEqual(['disk "x"', guestKey]);
  expect([...(freed(hardware, 'web', [])?.keys() ?? [])]).toEqual(['web-2']);
  expect([freed(hardware, 'web', ['none']), freed(hardware, 'none', [])]).toEqual([null, null]);
  const left = pruned(hardware, (name) => name === 'web');
  expect([...left].map(([name, devices]) => [name, [...devices.keys()]])).toEqual([['web', ['disk "x"', guestKey]]]);
});
