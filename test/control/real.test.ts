/** All commands against a real supervisor: `bhyvec supervise` in a process of its own, on the stand-in host. */
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { full } from '../full.ts';
import type { Host } from '../host/host.ts';
import { hostForGuests, look, xmlOf } from '../supervisor/harness.ts';
import { buildPrograms, supervise, type Programs, type Supervised } from '../supervisor/process.ts';
import { plainEnvironment, watch, type Ran, type Running } from './cli.ts';

let programs: Programs;
let host: Host;
let supervisor: Supervised;
let before: string;

beforeAll(async () => {
  programs = await buildPrograms();
  host = hostForGuests(['web', 'db']);
  before = look(host);
  supervisor = await supervise(programs, host);
});

afterAll(async () => {
  await supervisor.end();
  host.dispose();
  programs.remove();
});

function start(words: readonly string[]): Running {
  const env = plainEnvironment({ BHYVEC_ROOT: host.root });
  return watch(spawn(process.execPath, [programs.main, ...words], { cwd: host.root, env }));
}

async function run(words: string, input = ''): Promise<Ran> {
  const running = start(words.split(' '));
  running.child.stdin.end(input);
  return await running.ended;
}

const done = (out: string): Ran => ({ status: 0, out, err: '' });

test.runIf(full)('the life of two domains', async () => {
  writeFileSync(path.join(host.root, 'db.xml'), xmlOf('db'));
  expect(await run('define -', xmlOf('web'))).toMatchObject({ status: 0, out: "Domain 'web' defined from <stdin>\n" });
  expect(await run('define db.xml')).toMatchObject({ status: 0, out: "Domain 'db' defined from db.xml\n" });
  rmSync(path.join(host.root, 'db.xml'));
  expect(await run('list')).toEqual(done(' Id   Name   State\n--------------------\n\n'));
  expect(await run('list --all --name')).toEqual(done('db\nweb\n'));
  expect(await run('uri')).toEqual(done('bhyve:///system\n'));

  const events = start(['event', '--loop', '--domain', 'web', '--format', 'json']);
  const names = (): readonly unknown[] =>
    events
      .out()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { readonly event: unknown }).event);
  // It is subscribed as soon as it sees this.
  await expect
    .poll(async () => {
      await run('define -', xmlOf('web').replace('</name>', `</name><title>${String(Math.random())}</title>`));
      return names().length;
    })
    .toBeGreaterThan(0);

  expect(await run('start web db')).toEqual(done("Domain 'web' started\nDomain 'db' started\n"));
  // Compared with what runs: db has another number of vCPUs in its document, and web has none.
  const more = xmlOf('db').replace(/<vcpu>.*<\/vcpu>|<devices>/, (part) =>
    part === '<devices>' ? `<vcpu>3</vcpu>${part}` : '<vcpu>3</vcpu>',
  );
  const plan = await run('plan - --against-running --schema off', more);
  expect(plan.status).toBe(2);
  expect(plan.out).toMatch(/^~ db\n {4}~ vCPUs: 2 becomes 3 .*\n- web\n {4}- runs, and none of these/s);
  expect(await run('start wbe')).toMatchObject({
    status: 1,
    err: expect.stringMatching(/did you mean 'web'\?/) as string,
  });
  expect(await run('start web')).toMatchObject({ status: 1, err: expect.stringMatching(/web/) as string });
  expect(await run('domstate web db')).toEqual(done('running\nrunning\n'));
  const { out: id } = await run('domid web');
  expect(id).toMatch(/^\d+\n$/);
  expect(await run(`domname ${id.trim()}`)).toEqual(done('web\n'));
  expect((await run('dominfo web')).out).toContain('State:          running (booted)\n');
  expect((await run('domstats web')).out).toContain("Domain: 'web'\n  state.state=1\n");
  expect((await run('dumpxml web')).out).toContain('<name>web</name>');
  expect((await run('metrics')).out).toContain('bhyvec_');
  expect(await run('autostart db --order 2')).toEqual(done("Domain 'db' marked as autostarted\n"));
  expect(await run('list --autostart --name')).toEqual(done('db\n'));
  expect(await run('reset web')).toEqual(done("Domain 'web' was reset\n"));
  await expect.poll(async () => (await run('domstate web')).out).toBe('running\n');
  expect(await run('destroy db')).toEqual(done("Domain 'db' destroyed\n"));
  expect(await run('shutdown web --wait')).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^Domain 'web' was shut down/) as string,
  });
  expect(await run('shutdown web')).toMatchObject({ status: 1, err: expect.stringMatching(/web/) as string });
  await expect.poll(names).toEqual(expect.arrayContaining(['defined', 'starting', 'started', 'stopped']));
  events.child.kill('SIGINT');
  expect(await events.ended).toMatchObject({ status: 0, err: '' });

  expect(await run('start db --no-wait')).toEqual(done("Domain 'db' is being started\n"));
  await expect.poll(async () => (await run('domstate db')).out).toBe('running\n');
  expect(await run('shutdown-all --limit 5')).toEqual(done('1 domain shut down\n'));
  expect(await run('undefine web')).toMatchObject({
    status: 1,
    err: expect.stringMatching(/; --nvram removes it, --keep-nvram keeps it\n$/) as string,
  });
  expect(await run('undefine --nvram web db')).toEqual(
    done("Domain 'web' has been undefined\nDomain 'db' has been undefined\n"),
  );
  expect(await run('list --all')).toEqual(done(' Id   Name   State\n--------------------\n\n'));
  expect(look(host)).toBe(before);
});

test('a definition with mistakes', async () => {
  const { status, out, err } = await run('define -', xmlOf('web').replace("bus='virtio'", "bus='virtoi'"));
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(err).toMatch(/^<stdin>:\d+:\d+: error\[BV0210 bad-value\]: .*virtoi/);
});

test('shutdown-all --exit ends the supervisor; afterwards there is none', async () => {
  expect(await run('shutdown-all --exit')).toEqual(done('0 domains shut down\n'));
  expect(await supervisor.ended).toBe(0);
  expect(await run('list')).toMatchObject({
    status: 1,
    out: '',
    err: expect.stringMatching(/there is no supervisor/) as string,
  });
});
