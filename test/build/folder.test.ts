/** `bhyvec build`, the folder: what is written, what is left alone, what is removed, and nothing by halves. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FolderProblem } from '../../src/build/problem.ts';
import { replaceFiles } from '../../src/build/replace-files.ts';
import { guestXml, openWorkshop } from './workshop.ts';
import { forEachTest } from '../lend.ts';

const shop = forEachTest(openWorkshop, (it) => {
  it.remove();
});
describe('writing', () => {
  test('a folder for each guest and a manifest; a second build changes nothing', async () => {
    const files = [shop().put('web.xml'), shop().put('db.xml')];
    const first = await shop().build(files);
    expect(first.status).toBe(0);
    const names = shop().files();
    expect(names).toContain('644 manifest.json');
    for (const guest of ['web', 'db']) expect(names).toContain(`644 ${guest}/plan.json`);
    const before = shop().snapshot();
    const times = names.map((name) => statSync(shop().at(`out/${name.slice(4)}`)).mtimeMs);
    const second = await shop().build(files);
    expect(second.err).toMatch(/2 guests in .*out, 0 files changed\n2 guests: 2 nothing to do\n$/);
    expect(shop().snapshot()).toEqual(before);
    expect(names.map((name) => statSync(shop().at(`out/${name.slice(4)}`)).mtimeMs)).toEqual(times);
  });

  test('a file that was changed by hand, or lost its mode, is made right again', async () => {
    const file = shop().put('web.xml');
    await shop().build([file]);
    const before = shop().snapshot();
    writeFileSync(shop().at('out/web/argv'), 'mine\n');
    chmodSync(shop().at('out/web/plan.json'), 0o640);
    const check = await shop().build([file], { check: true });
    expect(check.status).toBe(1);
    expect(check.out).toContain('-mine\n');
    expect(check.out).toContain('diff --git a/web/plan.json b/web/plan.json\nold mode 100640\nnew mode 100644\n');
    expect((await shop().build([file])).err).toMatch(
      /2 files changed\n~ \w+\n {4}~ its generated files change {2}\[host only\]\n1 guest: 1 host only\n$/,
    );
    expect(shop().snapshot()).toEqual(before);
  });

  test('launchers share a library, which goes with the last of them', async () => {
    const files = [shop().put('web.xml'), shop().put('db.xml')];
    await shop().build(files);
    const libraries = shop()
      .files()
      .filter((name) => name.includes(' launcher-'));
    const [library = ''] = libraries.map((name) => name.slice(4));
    expect(libraries).toEqual([`644 ${library}`]);
    for (const guest of ['web', 'db']) expect(shop().read(`out/${guest}/launch`)).toContain(`\nlibrary=${library}\n`);
    // One of another bhyvec, as its manifest knows it.
    const old = 'launcher-0123456789abcdef.sh';
    renameSync(shop().at(`out/${library}`), shop().at(`out/${old}`));
    writeFileSync(shop().at('out/manifest.json'), shop().read('out/manifest.json').replace(library, old));
    await shop().build(files);
    expect(
      shop()
        .files()
        .filter((name) => name.includes(' launcher-')),
    ).toEqual(libraries);
    await shop().build(files, { backend: 'argv' });
    expect(shop().files()).toEqual(['644 db/argv', '644 manifest.json', '644 web/argv']);
  });

  test('only some backends', async () => {
    const file = shop().put('web.xml');
    expect((await shop().build([file], { backend: 'argv, config' })).status).toBe(0);
    expect(shop().files()).toEqual(['644 manifest.json', '644 web/argv', '644 web/bhyve.conf']);
    expect(await shop().build([file], { backend: 'argv,make' })).toMatchObject({ status: 2 });
    expect((await shop().build([file], { backend: '' })).err).toMatch(/there is no backend ''; there are argv, config/);
  });

  test('an empty name of the folder is wrong usage', async () => {
    expect(await shop().build([shop().put('web.xml')], { output: '' })).toMatchObject({ status: 2 });
  });
});

describe('removing', () => {
  test('files of a guest that is gone go, and its folder; all else stays', async () => {
    const [web, db] = [shop().put('web.xml'), shop().put('db.xml')];
    await shop().build([web, db]);
    writeFileSync(shop().at('out/README'), 'of the user\n');
    mkdirSync(shop().at('out/db/notes'));
    writeFileSync(shop().at('out/web/notes.txt'), 'of the user\n');
    expect((await shop().build([db])).status).toBe(0);
    expect(readdirSync(shop().at('out/web'))).toEqual(['notes.txt']);
    expect(shop().names()).toEqual(['LIBRARY', 'README', 'db', 'manifest.json', 'web']);
    expect(existsSync(shop().at('out/db/notes'))).toBe(true);
    expect((await shop().build([web])).status).toBe(0);
    expect(readdirSync(shop().at('out/db'))).toEqual(['notes']);
  });

  test('what was changed by hand stays, and that is said', async () => {
    const [web, db] = [shop().put('web.xml'), shop().put('db.xml')];
    await shop().build([web, db]);
    writeFileSync(shop().at('out/web/argv'), 'mine\n');
    const check = await shop().build([db], { check: true });
    expect(check.err).toContain(
      'web/argv belongs to no guest or network any more, but was changed by hand: it would stay',
    );
    const { status, err } = await shop().build([db]);
    expect([status, readdirSync(shop().at('out/web'))]).toEqual([0, ['argv']]);
    expect(err).toContain('it stays');
  });

  test('a manifest is not believed about files that no build can have made', async () => {
    const file = shop().put('web.xml');
    await shop().build([file]);
    writeFileSync(shop().at('precious'), 'of the user\n');
    mkdirSync(shop().at('out/notes'));
    writeFileSync(shop().at('out/notes/a.txt'), 'of the user\n');
    const manifest = JSON.parse(shop().read('out/manifest.json')) as { guests: Record<string, unknown> };
    const sha256 = 'f'.repeat(64);
    manifest.guests['..'] = { files: { precious: { sha256, mode: '0644' } } };
    manifest.guests['notes'] = { files: { 'a.txt': { sha256: null }, '../../precious': { sha256 } } };
    writeFileSync(shop().at('out/manifest.json'), JSON.stringify(manifest));
    expect((await shop().build([file])).status).toBe(0);
    expect([shop().read('precious'), shop().read('out/notes/a.txt')]).toEqual(['of the user\n', 'of the user\n']);
  });
});

describe('nothing by halves', () => {
  /** The build fails with a message, and the folder is as before. */
  async function refused(files: readonly string[], message: RegExp): Promise<void> {
    const before = existsSync(shop().at('out')) ? shop().snapshot() : {};
    const { status, err } = await shop().build(files);
    expect([status, err]).toEqual([1, expect.stringMatching(message)]);
    expect(err).toContain('bhyvec: nothing was written\n');
    expect(existsSync(shop().at('out')) ? shop().snapshot() : {}).toEqual(before);
  }

  test('one file with a mistake', async () => {
    await refused([shop().put('web.xml'), shop().put('bad.xml', '<domain')], /error\[BV01/);
    expect(existsSync(shop().at('out'))).toBe(false);
  });

  test('a directory in the way', async () => {
    mkdirSync(shop().at('out/web/plan.json'), { recursive: true });
    await refused([shop().put('db.xml'), shop().put('web.xml')], /out\/web\/plan.json: is not a file/);
  });

  test('a file where the folder of a guest is to be', async () => {
    mkdirSync(shop().at('out'));
    writeFileSync(shop().at('out/web'), '');
    await refused([shop().put('db.xml'), shop().put('web.xml')], /out\/web: is not a directory/);
  });

  test('a file for the folder of the build', async () => {
    writeFileSync(shop().at('out'), '');
    const { status, err } = await shop().build([shop().put('web.xml')]);
    expect([status, err]).toEqual([1, expect.stringMatching(/out: is not a directory/)]);
  });

  test('the folder of a guest is a link out of the folder', async () => {
    mkdirSync(shop().at('elsewhere'));
    mkdirSync(shop().at('out'));
    symlinkSync(shop().at('elsewhere'), shop().at('out/web'));
    await refused([shop().put('db.xml'), shop().put('web.xml')], /out\/web: is a symbolic link/);
    expect(readdirSync(shop().at('elsewhere'))).toEqual([]);
  });

  test('the folder of a guest that is gone has become a link', async () => {
    const [web, db] = [shop().put('web.xml'), shop().put('db.xml')];
    await shop().build([web, db]);
    renameSync(shop().at('out/web'), shop().at('elsewhere'));
    symlinkSync(shop().at('elsewhere'), shop().at('out/web'));
    expect((await shop().build([db])).status).toBe(0);
    expect(readdirSync(shop().at('elsewhere'))).toContain('argv');
  });

  test('a file of the user in the place of one of ours', async () => {
    mkdirSync(shop().at('out/web'), { recursive: true });
    writeFileSync(shop().at('out/web/argv'), 'of the user\n');
    await refused([shop().put('web.xml')], /out\/web\/argv: no build has made this file/);
    expect((await shop().build([shop().at('web.xml')], { check: true })).status).toBe(1);
  });

  test('a manifest that is none, or one of a later bhyvec', async () => {
    mkdirSync(shop().at('out'));
    for (const text of ['<<<<<<< HEAD\n', '{"name": "x"}', '[]', 'null']) {
      writeFileSync(shop().at('out/manifest.json'), text);
      await refused([shop().put('web.xml')], /manifest.json: is not a manifest of bhyvec/);
    }
    writeFileSync(shop().at('out/manifest.json'), '{"version": 2, "guests": {}}');
    await refused([shop().put('web.xml')], /manifest.json: has version 2, and this bhyvec knows 1 only/);
  });

  test('two files for one guest, and a guest that is named like the manifest', async () => {
    await refused([shop().put('web.xml'), shop().put('copy.xml', guestXml('web'))], /BV0901.*'web' is already in/);
    await refused([shop().put('other.xml', guestXml('manifest.json'))], /BV0847/);
  });

  test.each(['../x', '..', 'a/b', '.hidden', 'a&#10;b', '-rf', 'a b'])(
    "the name %s in libvirt's dialect",
    async (name) => {
      const { status } = await shop().build([shop().put('web.xml', guestXml(name))], {
        compat: 'libvirt',
        schema: 'off',
      });
      expect(status).toBe(1);
      expect(readdirSync(shop().folder)).toEqual(['web.xml']);
    },
  );

  test('what fails after the first rename is undone', async () => {
    const file = shop().put('web.xml');
    await shop().build([file]);
    const before = shop().snapshot();
    const artefact = (path: string, text: string) => ({ path, mode: 0o644, text, secret: false });
    const present = (text: string) => ({ text, bytes: Buffer.from(text), mode: 0o644 });
    const old = present(shop().read('out/web/argv'));
    const changes = {
      write: [
        { file: artefact('new/argv', 'new\n'), before: null },
        { file: artefact('web/argv', 'other\n'), before: old },
        { file: artefact('manifest.json', '{}\n'), before: present(shop().read('out/manifest.json')) },
      ],
      remove: [
        { path: 'web/plan.json', before: present(''), secret: false },
        { path: 'web/not-there', before: present(''), secret: false },
      ],
      keep: [],
      folders: ['web'],
    };
    await expect(
      replaceFiles(shop().at('out'), (take) => ({ ...changes, write: changes.write.map(take) })),
    ).rejects.toThrow(FolderProblem);
    expect(shop().snapshot()).toEqual(before);
    expect(shop().names()).toEqual(['LIBRARY', 'manifest.json', 'web']);
  });

  test('another build is in the folder, or one was killed there', async () => {
    const file = shop().put('web.xml');
    await shop().build([file]);
    const manifest = shop().read('out/manifest.json');
    writeFileSync(shop().at('out/web/argv'), 'written by a build that was killed\n');
    mkdirSync(shop().at('out/.bhyvec-build'));
    writeFileSync(shop().at('out/.bhyvec-build/pid'), `${String(process.pid)}\n`);
    await refused([file], /another build is writing there/);
    writeFileSync(shop().at('out/.bhyvec-build/pid'), '999999999\n');
    writeFileSync(shop().at('out/.bhyvec-build/manifest.json'), manifest);
    writeFileSync(shop().at('out/manifest.json'), '{"version": 1, "guests": {}}\n');
    expect((await shop().build([file])).status).toBe(0);
    expect(shop().names()).toEqual(['LIBRARY', 'manifest.json', 'web']);
    expect(shop().read('out/manifest.json')).toBe(manifest);
  });
});
