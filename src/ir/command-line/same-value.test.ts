/** Spellings of one value, and values that differ. */
import { expect, test } from 'vitest';
import { isSameValue } from './same-value.ts';

test.each([
  ['memory.size', '512', '512M'],
  ['memory.size', ' 512m', '512M'],
  ['memory.size', '1G', '1024M'],
  ['memory.size', '536870912', '512M'],
  ['cpus', ' 2', '2'],
  ['cpus', '0x10', '16'],
  ['x86.strictmsr', 'off', 'false'],
  ['uuid', 'C7A5FDBD-EDAF-9455-926A-D65C16DB1809', 'c7a5fdbd-edaf-9455-926a-d65c16db1809'],
])('%s: %j is %j', (key, one, other) => {
  expect(isSameValue(key, one, other)).toBe(true);
});

test.each([
  ['memory.size', '512K', '512M'],
  ['memory.size', '513', '512M'],
  ['cpus', '1', '2'],
  ['cpus', '1', 'true'],
  ['x86.strictmsr', 'true', 'false'],
  ['lpc.com1.path', 'stdio', '/dev/nmdm0A'],
])('%s: %j is not %j', (key, one, other) => {
  expect(isSameValue(key, one, other)).toBe(false);
});
