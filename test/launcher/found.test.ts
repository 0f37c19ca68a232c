/** What an independent host and FreeBSD's own sources showed that the launcher took wrongly. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { full } from '../full.ts';
import { isNameInBuild } from '../../src/ir/names.ts';
import { Guest, hosts, limits } from './guest.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const containing = (text: string): string => expect.stringContaining(text) as string;

/** A guest that runs while its launcher was killed. */
async function orphan(): Promise<Guest> {
  const guest = new Guest();
  guest.host.script('g', 'run');
  const running = guest.host.start(guest.launch, ['run'], { env: limits });
  await guest.untilUp();
  running.kill('SIGKILL');
  await running.done;
  return guest;
}

describe.concurrent('found', () => {
  test('a guest without its launcher is neither started over nor destroyed', async () => {
    const guest = await orphan();
    for (const verb of ['check', 'run', 'start']) {
      expect(await guest.verb(verb)).toMatchObject({ status: 1, stderr: containing('whose launcher was killed') });
    }
    expect((await guest.service('onestart')).status).toBe(1);
    expect(guest.isUp).toBe(true);
    expect((await guest.verb('stop')).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test('a run that was kept is not started over', async () => {
    const guest = new Guest({ onPoweroff: 'preserve' });
    guest.host.script('g', 'exit:1');
    await guest.verb('run');
    for (const verb of ['check', 'start']) {
      expect(await guest.verb(verb)).toMatchObject({ status: 1, stderr: containing('kept as it was') });
    }
    expect((await guest.service('onestart')).status).toBe(1);
  });

  test('start does not take the moment before a refusal for a run', async () => {
    const guest = new Guest();
    guest.host.script('g', 'exit:4');
    expect(await guest.verb('start')).toMatchObject({ status: 1, stderr: containing('did not start') });
  });

  test.runIf(full)('SIGPIPE is not the end of the guest', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const running = guest.host.start(guest.launch, ['run'], { env: limits });
    await guest.untilUp();
    process.kill(running.pid, 'SIGPIPE');
    expect((await guest.verb('status')).status).toBe(0);
    running.kill('SIGTERM');
    const { status, stderr } = await running.done;
    expect([status, stderr]).toEqual([0, '']);
  });

  test('stop is done when all is unmade, whether or not somebody asked for the launcher', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    // This sh becomes another program, which never asks for its child: the launcher stays a zombie.
    const parent = spawn('sh', ['-c', '"$0" run & exec sleep 50', guest.launch], {
      env: { ...guest.host.env, ...limits },
      stdio: 'ignore',
    });
    await guest.untilUp();
    expect(await guest.verb('stop')).toMatchObject({ status: 0, stdout: containing('stopped') });
    parent.kill('SIGKILL');
  });

  test.runIf(full)('stop says so where the guest is none of ours', async () => {
    const guest = new Guest();
    writeFileSync(guest.host.path('/dev/vmm/g'), '');
    expect(await guest.verb('stop')).toMatchObject({ status: 1, stderr: containing('did not start it') });
  });

  test.runIf(full)('started by a relative path, it is what the service looks for', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const started = await guest.host.run('./launch', ['start'], { cwd: path.dirname(guest.launch), env: limits });
    expect(started).toMatchObject({ status: 0 });
    expect((await guest.service('onestatus')).status).toBe(0);
    expect((await guest.verb('stop')).status).toBe(0);
  });

  test('what launchers share is read once: a guest that runs does not notice when it goes', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const running = guest.host.start(guest.launch, ['run'], { env: limits });
    await guest.untilUp();
    const beside = path.dirname(path.dirname(guest.launch));
    const [library = ''] = readdirSync(beside).filter(isNameInBuild);
    renameSync(path.join(beside, library), path.join(beside, 'gone'));
    running.kill('SIGTERM');
    expect(await running.done).toMatchObject({ status: 0 });
    expect(guest.look()).toBe(guest.before);
    const without = await guest.verb('check');
    expect(without).toMatchObject({
      status: 5,
      stderr: `g: ${library} is not there: copy it from the build, too, beside the folder of the guest\n`,
    });
    // By a link, from a folder where nothing is.
    renameSync(path.join(beside, 'gone'), path.join(beside, library));
    symlinkSync(guest.launch, guest.host.path('/vm/link'));
    expect(await guest.host.run(guest.host.path('/vm/link'), ['status'])).toMatchObject({ status: 3 });
  });

  test('a launcher in a folder that ps shows otherwise knows itself', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const folder = path.join(guest.host.path('/vm'), 'größe \\', 'g');
    mkdirSync(folder, { recursive: true });
    cpSync(guest.launch, path.join(folder, 'launch'));
    const beside = path.dirname(path.dirname(guest.launch));
    for (const name of readdirSync(beside).filter(isNameInBuild))
      cpSync(path.join(beside, name), path.join(folder, name));
    const launch = path.join(folder, 'launch');
    expect((await guest.host.run(launch, ['start'], { env: limits })).status).toBe(0);
    expect((await guest.host.run(launch, ['status'])).status).toBe(0);
    expect((await guest.host.run(launch, ['stop'], { env: limits })).status).toBe(0);
    expect(existsSync(guest.host.path('/var/run/bhyvec'))).toBe(false);
  });

  test.each([
    ['/var/run/bhyvec/g.device.map', { boot: 'grub' }],
    ['/var/run/bhyvec/g.grub.cfg', { boot: 'kernel' }],
    ['/var/run/bhyvec/g.secrets.conf', { devices: "<graphics type='vnc' port='-1' passwd='secret'/>" }],
  ] as const)('check sees %s', async (file, options) => {
    const guest = new Guest(options);
    mkdirSync(path.dirname(guest.host.path(file)), { recursive: true });
    writeFileSync(guest.host.path(file), 'of somebody else\n');
    expect((await guest.verb('check')).stderr).toContain(`${file} is there already`);
    expect(readFileSync(guest.host.path(file), 'utf8')).toBe('of somebody else\n');
  });

  test.runIf(full)('a path with blanks is refused by the service, not taken apart', async () => {
    const guest = new Guest();
    writeFileSync(guest.host.path('/etc/rc.conf'), 'bhyve_g_launcher="/vm/a b/launch"\n');
    const { status, stdout, stderr } = await guest.service('onestart');
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain('the path in bhyve_g_launcher may have');
  });
});
