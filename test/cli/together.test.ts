/** What `check` says of several files, how much it says, and what a word that stands for nothing is answered. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codes } from '../../src/diagnostics/catalogue/index.ts';
import { retired } from '../../src/diagnostics/catalogue/retired.ts';
import { buildProgram, type Program } from './program.ts';

let program: Program;

function guest(name: string, devices: string): string {
  const os = "<os firmware='efi'><type>hvm</type></os>";
  const parts = `<name>${name}</name><memory unit='MiB'>512</memory>${os}<devices>${devices}</devices>`;
  return `<domain type='bhyve'>\n${parts}\n</domain>\n`;
}

function disk(file: string, dev: string, bus: string): string {
  return `<disk type='file'><source file='${file}'/><target dev='${dev}' bus='${bus}'/></disk>\n`;
}

beforeAll(async () => {
  program = await buildProgram();
  const put = (name: string, text: string): void => {
    writeFileSync(path.join(program.folder, name), text);
  };
  put('web.xml', guest('web', disk('/vm/web.img', 'vda', 'virtio')));
  put('db.xml', guest('db', disk('/vm/db.img', 'vda', 'virtio')));
  put('twin.xml', guest('web', disk('/vm/twin.img', 'vda', 'virtio')));
  put('thief.xml', guest('thief', disk('/vm/web.img', 'vda', 'virtio')));
  const many = Array.from({ length: 40 }, (_, i) => disk(`/vm/${String(i)}.img`, `vd${String(i)}`, 'usb'));
  put('many.xml', guest('many', many.join('')));
  mkdirSync(path.join(program.folder, 'folder'));
});

afterAll(() => {
  program.remove();
});

describe('several files are the guests of one host', () => {
  test('two that go together', () => {
    expect(program.run(['check', '--no-xmllint', 'web.xml', 'db.xml'])).toMatchObject({
      status: 0,
      err: 'no mistakes in 2 files\n',
    });
  });

  test('a name is used twice', () => {
    const { status, err } = program.run(['check', '--no-xmllint', 'web.xml', 'twin.xml']);
    expect(status).toBe(1);
    expect(err).toMatch(/^twin\.xml:\d+:\d+: error\[BV0901 duplicate-guest\]/);
    expect(err).toMatch(/\n1 error in 1 of 2 files\n$/);
  });

  test('a disk is used twice', () => {
    const { status, err } = program.run(['check', '--no-xmllint', 'web.xml', 'thief.xml']);
    expect(status).toBe(0);
    expect(err).toMatch(/warning\[BV0904 shared-by-guests\].*disk \/vm\/web\.img/);
    expect(err).toMatch(/\n1 warning in 1 of 2 files\n$/);
  });

  test('the same as JSON and as SARIF', () => {
    const json = program.run(['check', '--no-xmllint', '--format', 'json', 'web.xml', 'twin.xml']);
    expect(JSON.parse(json.out)).toMatchObject({ code: 'BV0901', file: 'twin.xml' });
    expect(program.run(['check', '--no-xmllint', '--format', 'sarif', 'web.xml', 'twin.xml']).out).toContain(
      '"BV0901"',
    );
  });

  test('build counts what it printed', () => {
    const { status, err } = program.run(['build', '--no-xmllint', '-o', 'out', 'web.xml', 'twin.xml']);
    expect(status).toBe(1);
    expect(err).toMatch(/\n1 error in 1 of 2 files\nbhyvec: nothing was written\n$/);
  });

  test('one file by two names is one file', () => {
    const twice = ['web.xml', './web.xml', path.join(program.folder, 'web.xml'), 'folder/../web.xml'];
    expect(program.run(['check', '--no-xmllint', ...twice]).err).toBe('no mistakes in 1 file\n');
  });
});

describe('findings of one kind', () => {
  test('ten are printed, then how many more there are', () => {
    const { status, err } = program.run(['check', '--no-xmllint', 'many.xml']);
    expect(status).toBe(1);
    expect(err.match(/error\[BV\d+ disk-bus\]: /g)).toHaveLength(10);
    expect(err).toMatch(/\nmany\.xml: 30 more of error\[BV\d+ disk-bus\], lines \d+ to \d+; --format json has all\n/);
    expect(err).toMatch(/\n40 errors in 1 file\n$/);
  });

  test('JSON has all', () => {
    const { status, out } = program.run(['check', '--no-xmllint', '--format', 'json', 'many.xml']);
    expect({ status, lines: out.trimEnd().split('\n').length }).toEqual({ status: 1, lines: 40 });
  });
});

describe('the index of diagnostics', () => {
  test('has each code once, with its stage', () => {
    const { status, out } = program.run(['explain', '--list']);
    expect(status).toBe(0);
    const listed = [...out.matchAll(/^ {2}(BV\d{4}) /gm)].map(([, code]) => code ?? '');
    expect(listed.toSorted()).toEqual([...codes(), ...Object.keys(retired)].toSorted());
    expect(out).toMatch(/^Stage 1: .*\n {2}BV0101 error {3}too-large: the file is longer than the LIMIT bytes/);
  });

  test('as JSON', () => {
    const lines = program.run(['explain', '--list', '--format', 'json']).out.trimEnd().split('\n');
    expect(lines).toHaveLength(codes().length + Object.keys(retired).length);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      code: 'BV0101',
      name: 'too-large',
      severity: 'error',
      stage: 1,
    });
  });
});

describe('words that stand for nothing', () => {
  test.each([
    [['help', 'nope'], 2, "bhyvec: there is no command 'nope'; 'bhyvec help' lists all\n"],
    [['help', 'chekc'], 2, "bhyvec: there is no command 'chekc'; did you mean 'check'?\n"],
    [['help', 'target', 'shwo'], 2, "bhyvec: there is no command 'shwo'; did you mean 'show'?\n"],
    [['explain', 'BV9999'], 2, "bhyvec: there is no diagnostic 'BV9999'; 'bhyvec explain --list' lists all\n"],
    [['explain', 'slot-takne'], 2, "no file 'slot-takne'; did you mean 'slot-taken'?\n"],
    [['explain'], 2, "bhyvec: explain what? A code, the name of a diagnostic or a file; '--list' lists all\n"],
    [['check', 'wbe.xml'], 1, "bhyvec: wbe.xml: no such file or directory; did you mean 'web.xml'?\n"],
    [['check', 'web.xml/*.xml'], 1, 'bhyvec: web.xml/: a part of the path is not a directory\n'],
    [['check', 'nowhere/*.xml'], 1, 'bhyvec: nowhere/: no such file or directory\n'],
    [['build', '-o', 'out', '--secrets-from', 'nope', 'web.xml'], 1, 'bhyvec: nope: no such file or directory\n'],
  ])('%j', (words, status, said) => {
    const found = program.run(words);
    expect(found.status).toBe(status);
    expect(found.err).toContain(said);
    expect(found.out).toBe('');
  });

  test('help of a command, as --help prints it', () => {
    expect(program.run(['help', 'target', 'show']).out).toBe(program.run(['target', 'show', '--help']).out);
  });
});
