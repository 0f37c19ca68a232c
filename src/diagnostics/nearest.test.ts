/** The one rule for misspelt words. */
import { describe, expect, test } from 'vitest';
import { listed, nearest } from './nearest.ts';

describe('nearest', () => {
  test.each([
    ['virtoi', ['virtio', 'nvme', 'sata'], 'virtio'],
    ['byhve', ['bhyve'], 'bhyve'],
    ['memroy', ['memory', 'memtune', 'metadata'], 'memory'],
    ['VIRTIO', ['virtio', 'sata'], 'virtio'],
    ['virtio_scsi', ['virtio-scsi', 'virtio-blk'], 'virtio-scsi'],
    ['on_power_off', ['on_poweroff', 'on_reboot'], 'on_poweroff'],
    ['ubs', ['usb', 'sata'], 'usb'],
    ['satta', ['sata', 'scsi'], 'sata'],
    ['lseeip', ['sleepi'], 'sleepi'],
    ['fredbsd-14.3', ['freebsd-14.3', 'freebsd-13.4'], 'freebsd-14.3'],
    ['-', ['-', '_'], '-'],
  ])('%s', (word, accepted, meant) => {
    expect(nearest(word, accepted)).toBe(meant);
  });

  test.each([
    ['two as near', 'web3', ['web1', 'web2']],
    ['nothing near', 'floppy', ['virtio', 'sata', 'nvme']],
    ['an empty word', '', ['a']],
    ['a text', 'x'.repeat(65), ['x'.repeat(64)]],
  ])('%s: none', (_, word, accepted) => {
    expect(nearest(word, accepted)).toBeNull();
  });
});

test('lists put the probable word first and end with a number', () => {
  expect(listed('satta', ['virtio', 'sata'])).toBe('sata, virtio');
  expect(listed('', ['a', 'b', 'c', 'd', 'e'], 3)).toBe('a, b, c and 2 more');
  expect(listed('', ['a', 'b', 'c', 'd'], 3)).toBe('a, b, c, d');
});
