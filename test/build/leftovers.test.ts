/** What killed builds have left, and whatever else may stand in the way of a build: it goes on, or says a sentence. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeChanges } from '../../src/build/folder.ts';
import { FolderProblem } from '../../src/build/problem.ts';
import { replaceFiles } from '../../src/build/replace-files.ts';
import { openWorkshop } from './workshop.ts';
import { forEachTest } from '../lend.ts';

const shop = forEachTest(openWorkshop, (it) => {
  it.remove();
});
describe('what killed builds have left', () => {
  const staging = (): string => shop().at('out/.bhyvec-build');

  /** Built once, with what a killed build leaves: its note, the claim of a process that is gone, an old copy. */
  async function left(note: string | null): Promise<string> {
    const file = shop().put('web.xml');
    await shop().build([file]);
    mkdirSync(staging());
    writeFileSync(`${staging()}/lock.999999999`, 'held Sat Nov 28 07:29:26 2020\n');
    writeFileSync(`${staging()}/3.old`, 'password=sesame\n', { mode: 0o600 });
    if (note !== null) writeFileSync(`${staging()}/manifest.json`, note);
    return file;
  }

  test.each([
    ['an empty note', ''],
    ['half a note', '{"version": 1, "gue'],
    ['a note of a later bhyvec', '{"version": 99, "guests": {}}'],
    ['no note', null],
  ])('%s: --check and build go on, and sweep it although nothing changed', async (_title, note) => {
    const file = await left(note);
    expect(await shop().build([file], { check: true })).toEqual({
      status: 0,
      out: '',
      err: '1 guest: 1 nothing to do\n',
    });
    expect(existsSync(staging())).toBe(false);
    await left(note);
    expect((await shop().build([file])).err).toMatch(/1 guest in .*, 0 files changed\n1 guest: 1 nothing to do\n$/);
    expect(existsSync(staging())).toBe(false);
  });

  test('a process that has the number of one that is gone is no owner', async () => {
    const file = await left(null);
    renameSync(`${staging()}/lock.999999999`, `${staging()}/lock.${String(process.ppid)}`);
    writeFileSync(shop().at('out/web/argv'), 'mine\n');
    expect(await shop().build([file])).toMatchObject({ status: 0 });
    expect(existsSync(staging())).toBe(false);
  });

  test.each([
    ['when it began is known', () => new Date().toISOString()],
    ['and is not known', () => ''],
  ])('a build that runs is not disturbed, nor is it in the way where nothing has changed: %s', async (_title, when) => {
    const file = await left(null);
    const other = spawn('sleep', ['600']);
    try {
      renameSync(`${staging()}/lock.999999999`, `${staging()}/lock.${String(other.pid)}`);
      writeFileSync(`${staging()}/lock.${String(other.pid)}`, `held ${when()}\n`);
      expect(await shop().build([file], { check: true })).toEqual({
        status: 0,
        out: '',
        err: '1 guest: 1 nothing to do\n',
      });
      expect(await shop().build([file])).toMatchObject({ status: 0 });
      writeFileSync(shop().at('out/web/argv'), 'mine\n');
      const { status, err } = await shop().build([file]);
      expect(status).toBe(1);
      expect(err).toMatch(/another build is writing there \(if process \d+ is none, remove .*[.]bhyvec-build\)/);
      expect(readdirSync(staging()).toSorted()).toEqual(['3.old', `lock.${String(other.pid)}`]);
    } finally {
      other.kill('SIGKILL');
    }
  });

  test('what fails afterwards does not forget which files are ours', async () => {
    const file = await left(null);
    renameSync(shop().at('out/manifest.json'), `${staging()}/manifest.json`);
    mkdirSync(shop().at('out/api/plan.json'), { recursive: true });
    expect((await shop().build([file, shop().put('api.xml')])).status).toBe(1);
    rmSync(shop().at('out/api'), { recursive: true });
    expect(await shop().build([file])).toMatchObject({ status: 0 });
    expect(shop().names()).toEqual(['LIBRARY', 'manifest.json', 'web']);
  });
});

describe('what is in the way', () => {
  const kinds: Readonly<Record<string, (file: string) => void>> = {
    'a FIFO': (file) => execFileSync('mkfifo', [file]),
    'a directory': (file) => {
      mkdirSync(file);
    },
    'a link to nothing': (file) => {
      symlinkSync('nothing', file);
    },
    'a link to itself': (file) => {
      symlinkSync(file, file);
    },
    'a link to a device': (file) => {
      symlinkSync('/dev/zero', file);
    },
    'a link to a file': (file) => {
      symlinkSync(shop().put('precious', 'of the user\n'), file);
    },
    'a large file': (file) => {
      writeFileSync(file, '');
      truncateSync(file, 2 ** 27);
    },
    'a file that nobody may read': (file) => {
      writeFileSync(file, 'held \n', { mode: 0 });
    },
    'bytes that are no text': (file) => {
      writeFileSync(file, Uint8Array.from([0xff, 0, 0xfe]));
    },
  };
  const places = [
    ...['out', 'out/web', 'out/web/argv', 'out/manifest.json', 'out/.bhyvec-build'],
    ...['pid', 'lock', 'lock.999999999', 'manifest.json', 'manifest.1.json', 'note.new', '0.new', 'folder.new'].map(
      (name) => `out/.bhyvec-build/${name}`,
    ),
  ];
  const artefact = (name: string, text: string) => ({ path: name, mode: 0o644, text, secret: false });
  const files = [artefact('web/argv', 'bhyve web\n'), artefact('manifest.json', '{"version": 1, "guests": {}}\n')];
  const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

  /** Writes the files; gives the sentence where that is not possible. */
  async function build(): Promise<string | null> {
    try {
      await replaceFiles(shop().at('out'), (take) => takeChanges(shop().at('out'), files, sha256, [], take));
      return null;
    } catch (error) {
      if (!(error instanceof FolderProblem)) throw error;
      return error.message;
    }
  }

  test.each(Object.keys(kinds))('%s', async (kind) => {
    for (const place of places) {
      rmSync(shop().at('out'), { recursive: true, force: true });
      mkdirSync(path.dirname(shop().at(place)), { recursive: true });
      kinds[kind]?.(shop().at(place));
      const problem = await build();
      if (place.includes('.bhyvec-build/')) expect([place, problem]).toEqual([place, null]);
      if (problem === null) expect(readdirSync(shop().at('out')).toSorted()).toEqual(['manifest.json', 'web']);
      else expect(problem).toContain(shop().at(place));
    }
    if (existsSync(shop().at('precious'))) expect(shop().read('precious')).toBe('of the user\n');
  });

  test('a socket in the place of a file, and of the staging', async () => {
    mkdirSync(shop().at('out/web'), { recursive: true });
    for (const place of ['out/web/argv', 'out/.bhyvec-build']) {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(shop().at(place), resolve));
      expect(await build()).toMatch(/is not a (?:file|directory)/);
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
