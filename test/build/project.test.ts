/** bhyvec.json: what commands do in a project, with several hosts, with operands and without. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runArgv } from '../../src/cli/commands/argv.ts';
import { runBuild } from '../../src/cli/commands/build.ts';
import { runCheck } from '../../src/cli/commands/check.ts';
import { runPlan } from '../../src/cli/commands/plan.ts';
import { builtShape } from '../../src/cli/formats/built.ts';
import { argvShape } from '../../src/cli/formats/argv.ts';
import { findingShape } from '../../src/cli/formats/finding.ts';
import { changesShape } from '../../src/changes/shape.ts';
import { check } from '../../src/text/shape.ts';
import { run } from './run.ts';
import { guestXml, openWorkshop, vnc, type Built, type Flags, type Workshop } from './workshop.ts';

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
  mkdirSync(shop.at('domains'));
  put('domains/web.xml', guest('web'));
  put('domains/db.xml', guest('db'));
  project({ alpha: { domains: ['domains/*.xml'] } });
});
afterEach(() => {
  shop.remove();
});

function put(name: string, text: string): void {
  writeFileSync(shop.at(name), text);
}

/** A guest on the bridge of the project. */
function guest(name: string, more = ''): string {
  const nic = `<interface type='bridge'><source bridge='\${bridge}'/><model type='virtio'/></interface>`;
  return guestXml(name, `${nic}${more}`).replace("<memory unit='MiB'>512", "<memory unit='GiB'>${memory}");
}

function project(hosts: object, variables: object = { bridge: 'bridge0', memory: 2 }): void {
  put('bhyvec.json', JSON.stringify({ version: 1, variables, hosts }, null, 2));
}

/** A build of the project, without a folder that was named. */
async function build(files: readonly string[] = [], flags: Omit<Flags, 'output'> = {}): Promise<Built> {
  return run((terminal) => {
    return runBuild(files, { schema: 'error', project: shop.folder, ...flags }, terminal);
  });
}

const flags = (): { readonly schema: 'error'; readonly project: string } => ({ schema: 'error', project: shop.folder });

async function argv(files: readonly string[], more: object = {}): Promise<Built> {
  return run((terminal) => runArgv(files, { ...flags(), format: 'sh', ...more }, terminal));
}

async function checked(files: readonly string[] = [], more: object = {}): Promise<Built> {
  return run((terminal) => runCheck(files, { ...flags(), format: 'text', ...more }, terminal));
}

async function plan(files: readonly string[] = [], more: object = {}): Promise<Built> {
  return run((terminal) => runPlan(files, { ...flags(), format: 'text', ...more }, terminal));
}

const two = {
  alpha: { domains: ['domains/*.xml', '!domains/db.xml'] },
  beta: {
    profile: 'freebsd-14.3',
    domains: ['domains'],
    output: 'b',
    lock: 'locks/b',
    variables: { bridge: 'bridge7' },
  },
};

describe('building', () => {
  test('each host has its folder, its lock and its variables, and may have the ports of another', async () => {
    project(two);
    put('domains/web.xml', guest('web', vnc('', 5907).replace(" passwd=''", '')));
    const first = await build();
    expect(first.status).toBe(0);
    expect(first.err).toMatch(
      /alpha: 1 guest in .*guests\/alpha, \d+ files changed\n\+ web\n.*\n1 guest: 1 host only\n/,
    );
    expect(first.err).toMatch(/beta: 2 guests in .*b, \d+ files changed\n(?:.*\n)*2 guests: 2 host only\n$/);
    const words = (file: string): string => readFileSync(shop.at(file), 'utf8');
    expect(words('guests/alpha/web/plan.json')).toContain('"bridge0"');
    expect(words('b/web/plan.json')).toContain('"bridge7"');
    expect(words('b/web/argv')).toContain('2048M');
    expect(existsSync(shop.at('guests/alpha/db'))).toBe(false);
    expect([words('alpha.lock').includes('"db"'), words('locks/b').includes('"db"')]).toEqual([false, true]);
    expect(existsSync(shop.at('bhyvec.lock'))).toBe(false);
    const again = await build([], { check: true });
    expect(again).toEqual({
      status: 0,
      out: '',
      err: expect.stringMatching(/^1 guest: .*\n2 guests: 2 nothing to do\n$/) as string,
    });
    expect(await build([], { locked: true })).toMatchObject({ status: 0 });
  });

  test('a domain that goes leaves the build, one host can be built alone, and --output is for one', async () => {
    project(two);
    await build();
    rmSync(shop.at('domains/db.xml'));
    project({ ...two, alpha: { domains: ['domains/*.xml'] } });
    expect((await build([], { host: 'alpha' })).err).toMatch(/^alpha: 1 guest in .*, 0 files changed\n1 guest: .*\n$/);
    expect(existsSync(shop.at('b/db'))).toBe(true);
    expect((await build([], { prune: true })).err).toMatch(
      /- db\n.*the guest goes.*\[may lose data\]\n2 guests: 1 may lose data/,
    );
    expect(existsSync(shop.at('b/db'))).toBe(false);
    expect(readFileSync(shop.at('locks/b'), 'utf8')).not.toContain('"db"');
  });

  test('a mistake on one host keeps all of them from being written', async () => {
    project({ ...two, beta: { ...two.beta, variables: { memory: 2.5 } } });
    const { status, err } = await build();
    expect(status).toBe(1);
    expect(err).toMatch(
      /web\.xml:3:22: error\[BV0210 .*'2\.5'\n(?:.*\n)*.*bhyvec\.json:\d+:\d+: note: the value of the variable memory/,
    );
    expect(err).toMatch(/bhyvec: nothing was written\n$/);
    expect([existsSync(shop.at('guests')), existsSync(shop.at('alpha.lock'))]).toEqual([false, false]);
  });

  test('as JSON: what was found, what became of each guest, file and lock', async () => {
    project(two);
    const parsed = async (more: Flags): Promise<object> => {
      const { out, err } = await build([], { ...more, format: 'json' });
      expect(err).toBe('');
      const value: unknown = JSON.parse(out);
      expect(check(builtShape, value)).toMatchObject({ ok: true });
      return value as object;
    };
    const changed = { changed: true, lock: { changed: true } };
    expect(await parsed({ check: true })).toMatchObject({ written: false, changed: true, hosts: [changed, changed] });
    expect(existsSync(shop.at('guests'))).toBe(false);
    const web = { guest: 'web', kind: 'added', degree: 'host-only' };
    const files = expect.arrayContaining([{ path: 'web/launch', change: 'added' }]) as unknown;
    expect(await parsed({})).toMatchObject({
      written: true,
      problems: [],
      findings: expect.arrayContaining([expect.objectContaining({ code: 'BV0551' })]) as unknown,
      hosts: [
        { host: 'alpha', guests: [web], files },
        { host: 'beta', guests: [{ guest: 'db' }, web], files },
      ],
    });
    expect(await parsed({})).toMatchObject({ written: true, changed: false, hosts: [{ files: [] }, { files: [] }] });
    put('domains/web.xml', guest('web').replace('2', 'x').replace('${memory}', '${memroy}'));
    expect(await parsed({})).toMatchObject({
      written: false,
      changed: false,
      hosts: [],
      findings: [{ code: 'BV1050' }],
    });
    rmSync(shop.at('domains/web.xml'));
    rmSync(shop.at('domains/db.xml'));
    expect(await parsed({})).toMatchObject({ findings: [{ code: 'BV1056' }, { code: 'BV1056' }, { code: 'BV1056' }] });
  });
});

describe('operands in a project', () => {
  test('a file of one host is compiled for it, and what the options say comes first', async () => {
    project({ ...two, beta: { ...two.beta, domains: ['domains/db.xml'] } });
    const file = shop.at('domains/db.xml');
    const { out, err } = await argv([file]);
    expect([out, err]).toEqual([expect.stringContaining('-m 2048M -A -u'), expect.any(String)]);
    expect((await argv([file], { target: 'freebsd-15.1' })).out).toContain('-m 2048M -u');
    expect((await argv([shop.at('domains/web.xml')])).out).toContain('-m 2048M -u');
    expect(await build([file, shop.at('domains/web.xml')])).toMatchObject({
      status: 2,
      err: expect.stringContaining('choose one with --host: alpha, beta') as string,
    });
    expect((await build([file, shop.at('domains/web.xml')], { host: 'beta' })).err).toMatch(/beta: 2 guests in .*\/b,/);
  });

  test('a file of no host is as it would be without the project', async () => {
    put('other.xml', guestXml('other'));
    expect((await argv([shop.at('other.xml')])).status).toBe(0);
    put('other.xml', guest('other'));
    expect((await argv([shop.at('other.xml')])).err).toContain('BV0311');
    expect(await argv([shop.at('domains/web.xml')], { project: false })).toMatchObject({ status: 1, out: '' });
    expect((await argv([shop.at('other.xml')], { host: 'alpha' })).out).toContain('other');
  });

  test('all documents of all hosts, each with its host', async () => {
    project(two);
    expect((await argv([])).out.match(/^# .*$/gm)).toEqual([
      expect.stringMatching(/^# alpha: .*web\.xml$/),
      expect.stringMatching(/^# beta: .*db\.xml$/),
      expect.stringMatching(/^# beta: .*web\.xml$/),
    ]);
    const lines = (await argv([], { format: 'json' })).out.trimEnd().split('\n');
    for (const line of lines) expect(check(argvShape, JSON.parse(line))).toMatchObject({ ok: true });
    const outside = await argv([shop.put('alone.xml')], { format: 'json', project: false });
    expect(check(argvShape, JSON.parse(outside.out))).toMatchObject({ ok: true });
    expect(lines.map((line) => (JSON.parse(line) as { host: string }).host)).toEqual(['alpha', 'beta', 'beta']);
  });

  test('a host that is not there, or nothing to do', async () => {
    expect(await build([], { host: 'alhpa' })).toMatchObject({
      status: 2,
      err: expect.stringContaining("did you mean 'alpha'?") as string,
    });
    expect(await build([], { project: false })).toMatchObject({
      status: 2,
      err: expect.stringContaining('bhyvec init') as string,
    });
    expect(await build([], { project: shop.at('no.json') })).toMatchObject({
      status: 1,
      err: expect.stringContaining('no.json: no such file') as string,
    });
  });
});

describe('findings about the project', () => {
  test('each pattern that matches nothing, each file that is not there', async () => {
    project({ alpha: { profile: 'hosts/a.json', domains: ['domain/*.xml', 'domains/web.xml', '!x.xml'] } });
    const { status, err } = await checked();
    expect(status).toBe(1);
    expect(err.match(/^\S+: error.*$/gm)).toEqual([
      expect.stringMatching(
        /bhyvec\.json:\d+:\d+: error\[BV1056 missing-project-file\]: .*hosts\/a\.json: no such file/,
      ),
      expect.stringMatching(/BV1056.*domain\/: no such file/),
      expect.stringMatching(/BV1056.*x\.xml: no such file/),
    ]);
    expect(err).toMatch(/3 errors in 1 file\n$/);
  });

  test('variables that nobody uses, of the project and of a host; a host that is compiled alone says nothing of others', async () => {
    project(
      { alpha: two.alpha, beta: { domains: ['domains/db.xml'], variables: { bridg: 'x' } } },
      { bridge: 'bridge0', memory: 2, spare: true },
    );
    const { status, err } = await checked();
    expect(status).toBe(0);
    expect(err.match(/warning\[.*$/gm)).toEqual([
      'warning[BV1052 unused-variable]: the variable "spare" is used by no domain of the project',
      'warning[BV1052 unused-variable]: the variable "bridg" is used by no domain of host beta',
    ]);
    expect(err).toContain('did you mean "bridge"?');
    expect((await checked([], { host: 'alpha' })).err).not.toContain('BV1052');
    expect((await checked([shop.at('domains/web.xml')])).err).not.toContain('BV1052');
  });

  test('as JSON and SARIF, and a finding of two hosts is told once', async () => {
    project(two);
    put('domains/web.xml', guest('web').replace('${memory}', '${memroy}'));
    const { out, err } = await checked([], { format: 'json' });
    expect(err).toBe('');
    for (const line of out.trimEnd().split('\n'))
      expect(check(findingShape, JSON.parse(line))).toMatchObject({ ok: true });
    const found = out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { code: string }).code);
    expect(found.filter((code) => code === 'BV1050')).toHaveLength(1);
    put('bhyvec.json', '{"version": 1');
    const sarif = JSON.parse((await checked([], { format: 'sarif' })).out) as { runs: [{ results: object[] }] };
    expect(sarif.runs[0].results).toMatchObject([{ ruleId: 'BV1040' }]);
  });
});

describe('plan', () => {
  test('compares with the builds of the project, or with those of another checkout of it', async () => {
    project(two);
    await build();
    expect(await plan()).toEqual({
      status: 0,
      out: 'alpha:\n1 guest: 1 nothing to do\n\nbeta:\n2 guests: 2 nothing to do\n',
      err: '',
    });
    put('domains/web.xml', guest('web').replace('</devices>', '</devices><vcpu>3</vcpu>'));
    const { status, out } = await plan();
    expect([status, out]).toEqual([
      2,
      expect.stringMatching(/^alpha:\n~ web\n {4}~ vCPUs: 1 becomes 3 {2}\[needs restart\]\n(?:.*\n)*1 guest/),
    ]);
    const json: unknown = JSON.parse((await plan([], { format: 'json' })).out);
    expect(check(changesShape, json)).toMatchObject({ ok: true });
    expect(json).toMatchObject({
      guests: [{ host: 'alpha', guest: 'web' }, { host: 'beta', guest: 'db' }, { host: 'beta' }],
    });
    expect((await plan([], { format: 'markdown' })).out).toMatch(
      /^## What bhyvec would change\n\n## alpha\n\n1 guest: .*\n\n### web: needs restart\n/,
    );

    const other = openWorkshop();
    writeFileSync(
      path.join(other.folder, 'bhyvec.json'),
      JSON.stringify({ version: 1, hosts: { alpha: { domains: [] } } }),
    );
    expect((await plan([], { against: other.folder })).out).toMatch(/^alpha:\n\+ web\n(?:.*\n)*beta:\n\+ db\n/);
    other.remove();
    expect((await plan([], { against: shop.at('guests/alpha') })).err).toContain('--against is for one host');
    expect((await plan([], { host: 'alpha', against: shop.at('guests/alpha') })).status).toBe(2);
  });
});
