/** A project in git, as its users have it: the hook and the workflow of examples/git, clones, and passwords that stay out. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { full } from '../full.ts';
import { root } from '../../scripts/bundling.mjs';
import { buildProgram, type Program } from './program.ts';

let program: Program;
beforeAll(async () => {
  program = await buildProgram();
  mkdirSync(path.join(program.folder, 'bin'));
  const shim = path.join(program.folder, 'bin/bhyvec');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${program.main}' "$@"\n`, { mode: 0o755 });
});
afterAll(() => {
  program.remove();
});

/** Runs a script of sh in a folder, with a git that asks nobody and knows no settings of the user. */
function sh(folder: string, script: string): readonly [status: number | null, out: string] {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `umask 022; ${script}`], {
    cwd: path.join(program.folder, folder),
    encoding: 'utf8',
    env: {
      PATH: `${path.join(program.folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: program.folder,
      ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a' },
      ...{ GIT_COMMITTER_EMAIL: 'a@b', GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'protocol.file.allow' },
      GIT_CONFIG_VALUE_0: 'always',
    },
  });
  return [status, stdout + stderr];
}

const example = path.join(root, 'examples/git');
const ok = (result: readonly [number | null, string]): string => {
  expect(result).toEqual([0, expect.any(String)]);
  return result[1];
};

/** Changes the example domain of the project. */
function edit(from: string, to: string): void {
  const file = path.join(program.folder, 'lab/domains/example.xml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

test('a commit without its build is refused, one with it is not', () => {
  ok(sh('.', 'bhyvec init lab && git init -q lab'));
  const hook = path.join(program.folder, 'lab/.git/hooks/pre-commit');
  mkdirSync(path.dirname(hook), { recursive: true });
  copyFileSync(path.join(example, 'pre-commit'), hook);
  chmodSync(hook, 0o755);
  const refused = sh('lab', 'git add . && git commit -qm one');
  expect(refused).toEqual([
    1,
    expect.stringMatching(/alpha\.lock would change, which --locked forbids(?:.*\n)*pre-commit: run bhyvec build/),
  ]);
  ok(sh('lab', 'bhyvec build && git add . && git commit -qm one'));
  edit('<vcpu>2<', '<vcpu>3<');
  expect(sh('lab', 'git add . && git commit -qm two')).toEqual([1, expect.stringContaining('vCPUs: 2 becomes 3')]);
});

// The story goes on with what is committed.
test.runIf(full)(
  'a password stays out of git; a clone is up to date without it, and tells a change that is one',
  () => {
    ok(sh('lab', 'bhyvec build && git add . && git commit -qm two'));
    edit("<serial type='nmdm'/>", "<serial type='nmdm'/><graphics type='vnc'/><video><model type='gop'/></video>");
    writeFileSync(path.join(program.folder, 'lab/passwords.json'), '{"example": {"vncPassword": "s3cret12"}}', {
      mode: 0o600,
    });
    ok(sh('lab', 'bhyvec build --secrets-from passwords.json && git add . && git commit -qm three'));
    expect(sh('lab', 'git grep -l s3cret12 HEAD; git ls-files')[1]).not.toMatch(
      /s3cret12|HEAD:|secrets\.conf|passwords/,
    );
    ok(sh('.', 'git clone -q lab clone'));
    const clean = sh('clone', 'bhyvec build --check --locked --no-xmllint');
    expect(clean).toEqual([
      0,
      expect.stringContaining('the passwords of example are not given: they are taken for unchanged'),
    ]);
    expect(sh('clone', 'bhyvec plan')).toEqual([0, '1 guest: 1 nothing to do\n']);
    expect(sh('lab', 'bhyvec build --check --no-xmllint')[0]).toBe(0);
    expect(sh('clone', 'echo >> guests/alpha/example/launch; bhyvec build --check --no-xmllint')[0]).toBe(1);
  },
);

test.runIf(full)('what the workflow runs, on a checkout beside that of its base', () => {
  ok(sh('.', 'git clone -q lab request && cd request && git clone -q ../lab .base && git -C .base checkout -q HEAD~1'));
  const workflow = readFileSync(path.join(example, 'plan.yml'), 'utf8');
  const steps = [...workflow.matchAll(/^ {6}- run: (.*)$/gm)].map(([, script = '']) => script);
  expect(steps).toHaveLength(4);
  for (const script of steps) ok(sh('.', `sh -n <<'END'\n${script}\nEND`));
  for (const script of steps.filter((one) => one.startsWith('bhyvec '))) ok(sh('request', script));
  const comment = readFileSync(path.join(program.folder, 'request/plan.md'), 'utf8');
  expect(comment).toMatch(/^## What bhyvec would change\n\n1 guest: 1 guest-visible\n\n### example: guest-visible\n/);
});
