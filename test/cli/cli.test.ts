/** The program as users meet it: exit statuses, what goes to which stream, and what is refused. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { domainText } from '../../scripts/bench-domain.mjs';
import { full } from '../full.ts';
import { buildProgram, type Program } from './program.ts';

let program: Program;

/** How help is asked for; a sample has a quarter. */
const helps: readonly (readonly string[])[] = [
  ['--help'],
  ['help'],
  ['argv', '--help'],
  ['check', '--help'],
  ['explain', '--help'],
  ['ir', '--help'],
  ['target', '--help'],
  ['build', '--help'],
  ['rehearse', '--help'],
  ['run', '--help'],
  ['host', '--help'],
  ['supervise', '--help'],
  ['list', '--help'],
  ['start', '--help'],
  ['shutdown', '--help'],
  ['reboot', '--help'],
  ['reset', '--help'],
  ['destroy', '--help'],
  ['domstate', '--help'],
  ['dominfo', '--help'],
  ['domstats', '--help'],
  ['console', '--help'],
  ['define', '--help'],
  ['undefine', '--help'],
  ['autostart', '--help'],
  ['dumpxml', '--help'],
  ['event', '--help'],
  ['metrics', '--help'],
  ['proxy', '--help'],
  ['shutdown-all', '--help'],
];

beforeAll(async () => {
  program = await buildProgram();
  writeFileSync(
    path.join(program.folder, 'latin1.xml'),
    Buffer.from('<domain>\n  <name>caf\u00e9</name>\n</domain>\n', 'latin1'),
  );
  for (const n of [0, 1]) writeFileSync(path.join(program.folder, `guest${String(n)}.xml`), domainText(n));
});

afterAll(() => {
  program.remove();
});

test('a folder that a pattern leads into, and that cannot be read, is told', () => {
  const folder = path.join(program.folder, 'patterns');
  for (const name of ['open', 'shut']) {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, 'web.xml'), domainText(0));
  }
  chmodSync(path.join(folder, 'shut'), 0);
  chmodSync(program.folder, 0o755);
  // root may read everything.
  const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const words = [program.main, 'check', '*/w?b.xml'];
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8', ...user });
  expect([status, stderr.split('\n')[0]]).toEqual([1, 'bhyvec: shut: permission denied']);
  expect(stderr).toContain('2 files');
});

describe('usage', () => {
  test('--version', () => {
    expect(program.run(['--version'])).toMatchObject({ status: 0, out: `${manifest.version}\n`, err: '' });
  });

  test.each(helps.filter((_, nth) => full || nth % 4 === 0))('help has examples: %s %s', (...words) => {
    const { status, out, err } = program.run(words.filter((word) => typeof word === 'string'));
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/Examples:\n {2}(?:ssh host )?bhyvec/);
  });

  test.each([
    [[], 'Usage: bhyvec'],
    [['nonsense'], "bhyvec: unknown command 'nonsense'"],
    [['chekc', 'x'], '(Did you mean check?)'],
    [['argv'], "which files? There is no bhyvec.json here or above; 'bhyvec init' writes one"],
    [['build', 'x.xml'], "which folder? Name it with '--output'"],
    [['plan', 'x.xml'], "Name the folder of a build with '--against'"],
    [['argv', '--nonsense', 'x'], "bhyvec: unknown option '--nonsense'"],
    [['argv', '--format', 'xml', 'x'], 'Allowed choices are sh, wrapped, lines, nul, json'],
    [['argv', '--host', 'h.json', '--target', 'freebsd-14.3', 'x'], '--target cannot be used with --host'],
    [['argv', '--target', '14.3', 'x'], "did you mean 'freebsd-14.3'?"],
    [['target', 'show', 'plan9'], "there is no target 'plan9'"],
    [['explain', 'nonsense-code'], "there is no diagnostic and no file 'nonsense-code'"],
    [['explain', 'bv9999'], 'bv9999'],
    [['ir', '--after', 'nonsense', 'x'], "there is no pass 'nonsense'"],
  ])('%j is wrong usage', (words, message) => {
    const { status, out, err } = program.run(words);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });
});

describe('input that cannot be used', () => {
  test('files that are not there', () => {
    const { status, out, err } = program.run(['argv', 'nope.xml', 'nope*.xml']);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toBe(
      [
        'bhyvec: nope.xml: no such file or directory',
        'bhyvec: nope*.xml: no file matches this pattern',
        '2 errors in 2 files\n',
      ].join('\n'),
    );
  });

  test('a file that is not UTF-8, as text', () => {
    const { status, out, err } = program.run(['check', 'latin1.xml']);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^latin1\.xml:2:12: error\[BV\d{4} [a-z0-9-]+\]: /);
    expect(err).toMatch(/\n1 error in 1 file\n$/);
    expect(err, 'no colour outside a terminal').not.toContain('\u001b');
  });

  test('the same as JSON and as SARIF', () => {
    const json = program.run(['check', '--format', 'json', 'latin1.xml']);
    expect(json).toMatchObject({ status: 1, err: '' });
    expect(JSON.parse(json.out)).toMatchObject({ severity: 'error', file: 'latin1.xml', line: 2, column: 12 });
    const sarif = program.run(['check', '--format', 'sarif', 'latin1.xml']);
    expect(sarif).toMatchObject({ status: 1, err: '' });
    expect(JSON.parse(sarif.out)).toMatchObject({ version: '2.1.0', runs: [{ results: [{ level: 'error' }] }] });
  });

  test('a host profile that is no JSON', () => {
    writeFileSync(path.join(program.folder, 'host.json'), '{ "release": ');
    const { status, out, err } = program.run(['argv', '--host', 'host.json', 'latin1.xml']);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^host\.json:1:/);
  });

  test('100 MB are refused', () => {
    const file = path.join(program.folder, 'big.xml');
    writeFileSync(file, '<domain>');
    truncateSync(file, 100_000_000);
    const { status, out, err } = program.run(['argv', 'big.xml']);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^big\.xml:1:1: error/);
  });

  test.runIf(full)('100 MB on standard input are refused too', () => {
    const { status, out, err } = program.run(['check', '-'], { input: ' '.repeat(100_000_000) });
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^<stdin>:1:1: error/);
  });
});

describe('documents', () => {
  test('a command for each, quoted for sh', () => {
    const { status, out, err } = program.run(['argv', 'guest0.xml']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^bhyve -c .* guest0\n$/);
  });

  test('standard input gives the same', () => {
    expect(program.run(['argv', '-'], { input: domainText(0) }).out).toBe(program.run(['argv', 'guest0.xml']).out);
  });

  test('several documents, one of them bad: the others are written', () => {
    const { status, out, err } = program.run(['argv', 'guest*.xml', 'latin1.xml']);
    expect(status).toBe(1);
    expect(out).toMatch(/^# guest0[.]xml\nbhyve .* guest0\n# guest1[.]xml\nbhyve .* guest1\n$/);
    expect(err).toContain('latin1.xml:2:12: error');
  });

  test('the formats hold the same words', () => {
    const run = (format: string): string => program.run(['argv', '--format', format, 'guest0.xml']).out;
    const parsed: unknown = JSON.parse(run('json'));
    const words = run('nul').split('\0').slice(0, -1);
    expect(parsed).toEqual({ file: 'guest0.xml', commands: [{ role: 'bhyve', argv: words }] });
    expect(run('lines')).toBe(words.map((word) => `${word}\n`).join(''));
    expect(run('wrapped').replaceAll(' \\\n', ' ')).toBe(run('sh'));
  });

  test('only the loader: there is none beside a boot ROM', () => {
    expect(program.run(['argv', '--only', 'loader', 'guest0.xml'])).toMatchObject({ status: 0, out: '', err: '' });
  });

  test('check with both validators, and without findings', () => {
    const run = program.run(['check', 'guest0.xml', 'guest1.xml']);
    expect(run).toMatchObject({ status: 0, out: '', err: 'no mistakes in 2 files\n' });
    const broken = domainText(0).replace('<title>', '<titel>').replace('</title>', '</titel>');
    const found = program.run(['check', '--format', 'json', '-'], { input: broken });
    expect(found.status).toBe(1);
    expect(found.out).toContain('"name":"unknown-element"');
    expect(found.out).not.toContain('verdicts-differ');
  });

  test('explain FILE shows each word with its line and rule', () => {
    const { status, out, err } = program.run(['explain', 'guest0.xml']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/-s \d+:0,virtio-blk,\/vm\/guest0\/disk0.img +\d+ +<disk type='file'/);
  });

  test('ir shows each stage', () => {
    for (const stage of ['read', 'complete', 'lower', 'allocate', 'plan']) {
      const { status, out, err } = program.run(['ir', '--after', stage, 'guest0.xml']);
      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(JSON.parse(out)).toBeTypeOf('object');
    }
  });
});

describe('things to read', () => {
  test('the page of a diagnostic, by code and by name, in any case', () => {
    const page = program.run(['explain', 'BV0101']);
    expect(page).toMatchObject({ status: 0, err: '' });
    expect(page.out).toMatch(/^# BV0101 /);
    expect(program.run(['explain', 'bv0101']).out).toBe(page.out);
    expect(program.run(['explain', /^# BV0101 (\S+)/.exec(page.out)?.[1] ?? '']).out).toBe(page.out);
  });

  test('what a retired code has become', () => {
    const { status, out } = program.run(['explain', 'bv0409']);
    expect(status).toBe(0);
    expect(out).toMatch(/^# BV0409 missing-virtio-serial-controller\n\nNot reported any more since/);
  });

  test('a target, which is a host profile', () => {
    expect(program.run(['target', 'list']).out).toContain('freebsd-15.1');
    const shown = program.run(['target', 'show', 'freebsd-14.3']);
    expect(shown).toMatchObject({ status: 0, err: '' });
    writeFileSync(path.join(program.folder, 'copy.json'), shown.out);
    expect(program.run(['check', '--host', 'copy.json', 'nope.xml']).err).toMatch(/^bhyvec: nope\.xml/);
  });

  test('a reader that goes away is no crash', async () => {
    const { status, err } = await program.runUnread(['target', 'list']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });
});
