/** `bhyvec init`, and what its project is good for, as a new user has it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/bundling.mjs';
import { runBuild } from '../../src/cli/commands/build.ts';
import { runCheck } from '../../src/cli/commands/check.ts';
import { runPlan } from '../../src/cli/commands/plan.ts';
import { runInit } from '../../src/cli/project/init.ts';
import { run } from './run.ts';
import { openWorkshop, type Built } from './workshop.ts';
import { forEachTest } from '../lend.ts';

const shop = forEachTest(openWorkshop, (it) => {
  it.remove();
});
const init = async (folder: string, target?: string): Promise<Built> =>
  run((terminal) => runInit(shop().at(folder), target === undefined ? {} : { target }, terminal));

test('a new project has no mistake, is built, and is then as it should be', async () => {
  const { status, out } = await init('new/lab', 'freebsd-14.3');
  expect(status).toBe(0);
  expect(out.match(/^wrote .*$/gm)).toHaveLength(3);
  expect(out).toMatch(/Next:\n {2}cd .*lab\n {2}bhyvec check/);
  const flags = { schema: 'error', project: shop().at('new/lab') } as const;
  const checked = await run((terminal) => runCheck([], { ...flags, format: 'text', strict: true }, terminal));
  expect(checked).toMatchObject({ status: 0, err: expect.not.stringMatching(/warning|error/) as string });
  const planned = await run((terminal) => runPlan([], { ...flags, format: 'text' }, terminal));
  expect(planned).toEqual({
    status: 2,
    out: '+ example\n    + a new guest  [host only]\n1 guest: 1 host only\n',
    err: '',
  });
  expect((await run((terminal) => runBuild([], flags, terminal))).status).toBe(0);
  expect(shop().files('new/lab')).toEqual(
    expect.arrayContaining(['644 .gitignore', '644 alpha.lock', '755 guests/alpha/example/launch']),
  );
  const again = await run((terminal) => runBuild([], { ...flags, check: true, locked: true }, terminal));
  expect(again).toEqual({ status: 0, out: '', err: '1 guest: 1 nothing to do\n' });
});

test('nothing is overwritten: not a project, not an example, not a .gitignore, to which lines are named', async () => {
  mkdirSync(shop().at('a/domains'), { recursive: true });
  writeFileSync(shop().at('a/domains/example.xml'), 'mine');
  const refused = await init('a');
  expect(refused).toMatchObject({ status: 1, out: '' });
  expect(refused.err).toMatch(
    /domains\/example\.xml: is there already, and stays as it is\nbhyvec: nothing was written\n$/,
  );
  expect(shop().files('a')).toEqual(['644 domains/example.xml']);
  mkdirSync(shop().at('b'));
  writeFileSync(shop().at('b/.gitignore'), '*.o\nsecrets.conf\n');
  expect((await init('b')).out).toMatch(/add to .*\.gitignore: passwords\.json, \.bhyvec-\*\n/);
  expect(readFileSync(shop().at('b/.gitignore'), 'utf8')).toBe('*.o\nsecrets.conf\n');
  expect((await init('b')).err).toMatch(/bhyvec\.json: is there already/);
  writeFileSync(shop().at('file'), '');
  expect(await init('file')).toMatchObject({
    status: 1,
    err: expect.stringContaining('nothing was written') as string,
  });
  expect(await init('c', 'freebsd-14,3')).toMatchObject({
    status: 2,
    err: expect.stringContaining('did you mean') as string,
  });
});

test('the examples are a project that builds, without a finding that is more than a note', async () => {
  const folder = path.join(root, 'examples');
  const flagsOf = { schema: 'error', output: shop().at('examples'), lock: shop().at('lab.lock') } as const;
  const { status, err } = await run((terminal) => runBuild([folder], flagsOf, terminal));
  expect(err).not.toMatch(/error\[|warning\[/);
  expect([status, err]).toEqual([0, expect.stringMatching(/lab: \d+ guests in /)]);
  const files = readdirSync(folder).filter((name) => name.endsWith('.xml'));
  expect(readdirSync(shop().at('examples'), { withFileTypes: true }).filter((one) => one.isDirectory())).toHaveLength(
    files.length,
  );
});
