/** The project is found from the working folder upwards, by all commands; files are named from the working folder. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildProgram } from './program.ts';
import { forAllTests } from '../lend.ts';

const program = forAllTests(buildProgram, (it) => {
  it.remove();
});
test('init, build, lock, plan and rehearse below the folder of the project', () => {
  const run = (words: readonly string[]): readonly [number | null, string] => {
    const cwd = path.join(program().folder, 'lab/domains');
    const { status, stdout, stderr } = spawnSync(process.execPath, [program().main, ...words], {
      cwd,
      encoding: 'utf8',
    });
    return [status, stdout + stderr];
  };
  expect(program().run(['init', 'lab'])).toMatchObject({ status: 0, err: '' });
  expect(run(['build'])).toEqual([
    0,
    expect.stringMatching(/alpha: 1 guest in \.\.\/guests\/alpha, \d+ files changed\n/),
  ]);
  expect(run(['plan'])).toEqual([0, '1 guest: 1 nothing to do\n']);
  expect(run(['check', '--target', 'freebsd-14.3', '--no-xmllint', 'example.xml'])).toEqual([
    0,
    'no mistakes in 1 file\n',
  ]);
  expect(run(['lock', 'free', 'exampel'])).toEqual([
    1,
    expect.stringMatching(/^bhyvec: \.\.\/alpha\.lock: .*did you mean 'example'/),
  ]);
  expect(run(['lock', 'free', 'example', '--host', 'beta'])).toEqual([
    2,
    "bhyvec: ../bhyvec.json has no host 'beta'; it has alpha\n",
  ]);
  expect(run(['lock', 'rename', 'example', 'web'])).toEqual([
    0,
    expect.stringMatching(/^UEFI variables .* example_VARS[.][*] becomes web_VARS[.][*]\n$/),
  ]);
  // The folder of a project is all of it, wherever that is said.
  expect(program().run(['build', 'lab', '-o', 'other']).err).toMatch(/alpha: 1 guest in other, \d+ files changed/);
  expect(program().run(['build', 'lab', '-o', 'other', '--check', '--no-project']).err).toContain('no file *.xml');
  // The program of this test has no stand-in host; it asks for one when it has found the build.
  expect(run(['rehearse', '--quiet'])).toEqual([1, expect.stringContaining('stand-in host')]);
  expect(run(['rehearse', '--host', 'beta'])[1]).toContain("no host 'beta'");
});
