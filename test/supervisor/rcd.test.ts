/** The rc.d script of the supervisor on the stand-in host: start, status, restart (guests go on), stop (guests end). */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { supervisorScript } from '../../src/backends/rcd/supervisor.ts';
import { pathsBelow } from '../../src/supervisor/paths.ts';
import type { Host } from '../host/host.ts';
import { bhyves, hostForGuests, look, quickEnvironment, xmlOf } from './harness.ts';
import { until } from '../until.ts';
import { buildPrograms, Client, type Programs } from './process.ts';

let programs: Programs;
let host: Host;
beforeAll(async () => {
  programs = await buildPrograms();
  host = hostForGuests(['a']);
});
afterAll(() => {
  host.dispose();
  programs.remove();
});

function install(name: string, text: string): void {
  const file = host.path(name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o555);
}

test('service bhyvecd: start, status, restart, stop', async () => {
  const settings = Object.entries(quickEnvironment).map(([name, value]) => `${name}=${value}`);
  install(
    '/usr/local/bin/bhyvec',
    `#!/bin/sh\nexec env ${settings.join(' ')} ${process.execPath} ${programs.main} "$@"\n`,
  );
  install('/usr/local/etc/rc.d/bhyvecd', supervisorScript({ stopLimit: 20, flags: ['--target', 'freebsd-14.3'] }));
  writeFileSync(host.path('/etc/rc.conf'), 'bhyvecd_enable=YES\n');
  const before = look(host);
  const service = async (verb: string): Promise<readonly [number | null, string]> => {
    const { status, stdout, stderr } = await host.run('service', ['bhyvecd', verb]);
    return [status, stdout + stderr];
  };
  const paths = pathsBelow(host.root);
  const pidOf = (): string => readFileSync(paths.pid, 'utf8').trim();
  expect(await service('status')).toEqual([1, 'bhyvecd is not running.\n']);
  expect(await service('start')).toEqual([0, expect.stringMatching(/^bhyvecd runs as pid \d+\.\n$/)]);
  expect(await service('start')).toEqual([1, expect.stringContaining(`already as pid ${pidOf()}`)]);
  expect(await service('status')).toEqual([0, `bhyvecd is running as pid ${pidOf()}.\n`]);
  const client = new Client(paths.socket);
  await client.call('domain.define', { xml: xmlOf('a'), name: 'a.xml' });
  await client.call('domain.start', { domain: 'a', wait: true });
  client.end();
  const id = await host.waitRunning('a');
  const first = pidOf();
  expect((await service('restart'))[0]).toBe(0);
  expect(pidOf()).not.toBe(first);
  expect(bhyves(host, 'a')).toEqual([id]);
  expect((await service('stop'))[0]).toBe(0);
  expect(bhyves(host, 'a')).toEqual([]);
  // daemon(8) ends after the process that it has started.
  await until(
    () => look(host) === before,
    () => look(host),
  );
  expect(await service('stop')).toEqual([0, 'bhyvecd is not running.\n']);
});

test('the script is what a shell and shellcheck accept', () => {
  const text = supervisorScript({ stopLimit: 120, flags: [] });
  expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0);
  expect(text).toMatch(/^# PROVIDE: bhyvecd$/m);
  expect(text).toMatch(/^# KEYWORD: shutdown nojail$/m);
  expect(text).toMatch(/^name="bhyvecd"$/m);
  const check = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: text, encoding: 'utf8' });
  if (check.error === undefined) expect(check.stdout).toBe('');
});
