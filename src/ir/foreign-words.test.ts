/** Words that somebody else wrote: the secrets in them, and nothing else. */
import { expect, test } from 'vitest';
import { readWord } from './foreign-words.ts';
import { shownText, textOf } from './words.ts';

test.each([
  ['-s', '-s'],
  ['7:0,fbuf,tcp=0.0.0.0:5900,password=abc,w=800', '7:0,fbuf,tcp=0.0.0.0:5900,password=<secret>,w=800'],
  ['-s7,fbuf,password=a b"c', '-s7,fbuf,password=<secret>'],
  ['7,fbuf,password=', '7,fbuf,password='],
  ['7,vnc-of-tomorrow,password=x,h=1', '7,vnc-of-tomorrow,password=<secret>,h=1'],
  ['password=x,y', 'password=<secret>,y'],
  // A key has its value up to the end of the word.
  ['pci.0.7.0.password=a,b', 'pci.0.7.0.password=<secret>'],
  ['-opci.0.7.0.password=a,b', '-opci.0.7.0.password=<secret>'],
  ['-o pci.0.7.0.password=a', '-o pci.0.7.0.password=<secret>'],
  ['-Ho', '-Ho'],
  // What only looks like one.
  ['4:0,virtio-blk,/vm/password=x.img', '4:0,virtio-blk,/vm/password=x.img'],
  ['4:0,virtio-9p,password=/tank', '4:0,virtio-9p,password=/tank'],
  ['/vm/a.password=x', '/vm/a.password=x'],
  ['tpassword=x', 'tpassword=x'],
])('%s', (text, shown) => {
  const pieces = readWord(text, null);
  expect(textOf(pieces)).toBe(text);
  expect(shownText(pieces)).toBe(shown);
});
