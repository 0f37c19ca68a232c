/** No frame of a finding shows a password, whatever else is wrong with the document; and all else keeps its place. */
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { shownText } from '../../src/diagnostics/shown-source.ts';
import { targetProfile } from '../../src/host/targets.ts';

const host = targetProfile('freebsd-15.1', 'bhyvec');
const start = "<domain type='bhyve' xmlns:b='http://libvirt.org/schemas/domain/bhyve/1.0'>";

test.each([
  ["<graphics type='vnc' passwd='pantry'/></domain>", "passwd='******'"],
  ['<graphics passwd = "pan\ntry" port="1"/></domain>', 'passwd = "***\n***" port="1"'],
  ["<graphics passwd='pantry", "passwd='******"],
  ['<graphics passwd=pantry port="1"></domain>', 'passwd=****** port="1"'],
  ["<b:arg value='5,fbuf,password=pantry,wait'/></domain>", "'5,fbuf,password=******,wait'"],
  ["<b:arg value='-opci.0.5.0.password=pantry,x'/></domain>", "password=********'"],
  // What no bhyve takes for a password is none.
  ["<source file='/vm/password=pantry.img'/></domain>", "'/vm/password=pantry.img'"],
  ["<title>passwd='pantry'</title></domain>", "passwd='pantry'"],
  ["<!-- passwd='pantry' --></domain>", "passwd='pantry'"],
])('%s', (rest, shown) => {
  if (host === null) throw new Error('no such target');
  const text = `${start}${rest}`;
  const { source } = compile({ name: 'x.xml', text }, { host, dialect: 'bhyvec', schema: 'error', strict: false });
  expect(shownText(source)).toContain(shown);
  expect(shownText(source)).toHaveLength(text.length);
});
