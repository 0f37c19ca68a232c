/** `bhyvec run` as a process on the stand-in host: how each guest ends, what Ctrl-C does, and that nothing is left. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram, type Program } from '../cli/program.ts';
import { full, oneOf } from '../full.ts';
import { hosts, limits } from '../launcher/guest.ts';
import { Guest } from './guest.ts';

let program: Program;
beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => {
  program.remove();
  for (const host of hosts.splice(0)) host.dispose();
});

describe.concurrent('the exit status tells how the guest ended', () => {
  // Each of the others is tried in another file, too.
  test.each(
    oneOf(4, [
      ['power-off', {}, ['exit:1'], 0, ''],
      ['halt after a reset', {}, ['exit:0', 'exit:2'], 0, ''],
      ['reset that is not to restart', { onReboot: 'destroy' }, ['exit:0'], 4, 'bhyvec: g: it reset\n'],
      ['triple fault', {}, ['exit:3'], 6, 'bhyvec: g: it crashed: triple fault\n'],
      ['error of bhyve', {}, ['exit:4'], 6, 'bhyvec: g: it crashed: bhyve reports an error\n'],
      ['signal', {}, ['signal:SEGV'], 6, 'bhyvec: g: it crashed: bhyve was killed by signal 11\n'],
      ['refused words', {}, ['exit-at-once:64'], 3, 'bhyvec: g: bhyve could not start it (status 64)\n'],
      [
        'crash loop',
        { onCrash: 'restart' },
        ['exit:3', 'exit:3', 'exit:3', 'exit:3', 'exit:3', 'exit:3'],
        7,
        'bhyvec: g: ended 5 times within 10 seconds of its start: not started again\n',
      ],
    ] as const),
  )('%s', async (_title, options, script, status, err) => {
    const guest = new Guest(program, options);
    guest.host.script('g', ...script);
    const result = await guest.start().done;
    // The launcher's shell may say something of a signal, too.
    const stderr = result.stderr.replace(/^.*have printed:\n {2}Segmentation fault.*\n/, '');
    expect([result.status, stderr, result.stdout]).toEqual([status, err, '']);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('what is missing on the host is said, with what to do', async () => {
    const guest = new Guest(program, {}, { disks: [] });
    const { status, stderr } = await guest.start().done;
    expect(status).toBe(3);
    expect(stderr).toBe("bhyvec: g: the disk /vm/a.img is not there: truncate -s SIZE '/vm/a.img' makes one\n");
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('what bhyve prints is shown when it fails', async () => {
    const guest = new Guest(program, { boot: 'freebsd' });
    guest.host.loaderScript('g', 'exit:5');
    const { status, stderr } = await guest.start().done;
    expect(status).toBe(3);
    expect(stderr).toContain('the boot loader ended without loading the guest');
    expect(stderr).toContain('bhyvec: g: the loader failed (status 5): the guest was not loaded\n');
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('preserved: kept with its launcher, which removes it', async () => {
    const guest = new Guest(program, { onCrash: 'preserve' });
    guest.host.script('g', 'exit:3');
    const { status, stderr } = await guest.start().done;
    expect(status).toBe(8);
    expect(existsSync(guest.host.path('/dev/vmm/g'))).toBe(true);
    const [, launch = ''] = /: sh (\S+launch) clean removes what is left\n$/.exec(stderr) ?? [];
    expect((await guest.host.run('sh', [launch, 'clean'], { env: limits })).status).toBe(0);
    expect(guest.folders()).toHaveLength(1);
    await guest.host.run('rm', ['-rf', path.dirname(launch)]);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('mistakes in the XML', async () => {
    const guest = new Guest(program);
    writeFileSync(guest.file, "<domain type='bhyve'><name>g</name></domain>");
    expect((await guest.start().done).status).toBe(1);
    expect((await guest.start([], {}, '/nowhere.xml').done).status).toBe(1);
    expect((await guest.start(['--nonsense']).done).status).toBe(2);
    expect(guest.host.forks()).toBe(0);
  });
});

describe.concurrent('Ctrl-C', () => {
  test.each(
    oneOf(4, [
      ['once: the power button', 'run', ['SIGINT'], 0, ''],
      ['TERM is the same', 'run', ['SIGTERM'], 0, ''],
      ['so is HUP', 'slow-term:0.3:1', ['SIGHUP'], 0, ''],
      ['a guest that does not listen is forced', 'ignore-term', ['SIGINT'], 5, 'bhyvec: g: it had to be forced\n'],
      ['twice: force', 'ignore-term', ['SIGINT', 'SIGINT'], 5, 'bhyvec: g: it had to be forced\n'],
      ['three times: kill', 'stuck', ['SIGINT', 'SIGINT', 'SIGINT'], 5, 'bhyvec: g: it had to be killed\n'],
    ] as const),
  )('%s', async (_title, entry, signals, status, err) => {
    const guest = new Guest(program);
    guest.host.script('g', entry);
    // Whoever presses again does not wait for the limits.
    const patient = { BHYVEC_STOP_LIMIT: '600', BHYVEC_FORCE_LIMIT: '600' };
    const running = guest.start([], signals.length > 1 ? patient : {});
    await guest.untilUp();
    const facts = ['press', 'force', 'kill'];
    for (const [i, signal] of signals.entries()) {
      running.kill(signal);
      if (i + 1 < signals.length) {
        await guest.host.waitFor(() => {
          return guest.report().includes(`\n${facts[i] ?? ''}\n`);
        });
      }
    }
    const result = await running.done;
    expect([result.status, result.stderr]).toEqual([status, err]);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('before the guest runs: all is unmade', async () => {
    const guest = new Guest(program, { boot: 'freebsd' });
    guest.host.loaderScript('g', 'hang');
    const running = guest.start();
    await guest.host.waitFor(() => guest.host.processes().some(({ label }) => label.startsWith('bhyveload')));
    running.kill('SIGINT');
    expect((await running.done).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });
});

describe.concurrent('kill -9', () => {
  test('of bhyvec: the guest is asked to power off, and all is unmade', async () => {
    const guest = new Guest(program);
    guest.host.script('g', 'slow-term:0.5:1');
    const running = guest.start();
    await guest.untilUp();
    running.kill('SIGKILL');
    await running.done;
    await guest.host.waitFor(() => guest.isAsBefore);
    expect(guest.pids()).toEqual([]);
  });

  test.runIf(full)('of bhyvec while it prepares', async () => {
    const guest = new Guest(program);
    guest.host.pause(1, { pattern: 'ifconfig * create *' });
    const running = guest.start();
    await guest.host.paused();
    running.kill('SIGKILL');
    await running.done;
    guest.host.release();
    await guest.host.waitFor(() => guest.isAsBefore);
    expect(guest.pids()).toEqual([]);
  });

  test.runIf(full)('of the launcher', async () => {
    const guest = new Guest(program);
    guest.host.script('g', 'run');
    const running = guest.start();
    await guest.untilUp();
    const report = guest.report();
    process.kill(Number(/^launcher (\d+)/.exec(report)?.[1]), 'SIGKILL');
    const { status, stderr } = await running.done;
    expect([status, stderr]).toEqual([6, 'bhyvec: g: the launcher was killed; what it had made was unmade\n']);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('of the tether', async () => {
    const guest = new Guest(program);
    guest.host.script('g', 'run');
    const running = guest.start();
    await guest.untilUp();
    const report = guest.report();
    const stat = readFileSync(`/proc/${/^launcher (\d+)/.exec(report)?.[1] ?? ''}/stat`, 'utf8');
    process.kill(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), 'SIGKILL');
    expect((await running.done).status).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });
});

describe.concurrent('console and release', () => {
  test('early output is not lost, keys reach the guest, and ~. leaves', async () => {
    const guest = new Guest(program);
    guest.host.script('g', 'run');
    const [user, other] = ['/dev/nmdm-g.1B', '/dev/nmdm-g.1A'].map((node) => guest.host.path(node));
    if (user === undefined || other === undefined) throw new Error('there are two ends');
    // What the guest says before anybody could have attached after its start.
    guest.host.pause(1, { pattern: 'bhyve *' });
    const running = guest.start(['--console']);
    await guest.host.paused();
    expect(existsSync(user)).toBe(true);
    writeFileSync(user, 'early\n');
    guest.host.release();
    await guest.untilUp();
    running.kill('SIGTERM');
    const { status, stdout } = await running.done;
    expect([status, stdout]).toEqual([0, 'early\n']);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a TCP console is reached once somebody listens', async () => {
    const port = await freePort();
    const serial = `<serial type='tcp'><source mode='bind' host='127.0.0.1' service='${String(port)}'/></serial>`;
    const guest = new Guest(program, {}, {}, 'freebsd-15.1', (xml) => xml.replace(/<serial.*<\/serial>/, serial));
    guest.host.script('g', 'run');
    const running = guest.start(['--console']);
    await guest.untilUp();
    // The stand-in bhyve does not listen itself.
    let heard = '';
    const server = createServer((socket) => {
      socket.write('login: ');
      socket.on('data', (bytes) => (heard += bytes.toString()));
      socket.on('error', () => undefined);
    }).listen(port, '127.0.0.1');
    let seen = '';
    running.child.stdout?.on('data', (bytes: Buffer | string) => (seen += bytes.toString()));
    await guest.host.waitFor(() => seen === 'login: ');
    running.kill('SIGTERM');
    expect((await running.done).status).toBe(0);
    server.close();
    expect(heard).toBe('');
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a guest without a console', async () => {
    const guest = new Guest(program);
    writeFileSync(guest.file, readFileSync(guest.file, 'utf8').replace(/<serial.*<\/serial>/, ''));
    const { status, stderr } = await guest.start(['--console']).done;
    expect([status, stderr]).toEqual([3, 'bhyvec: g: it has no serial console to attach to\n']);
  });

  test.runIf(full)('another release than the guest was compiled for', async () => {
    const guest = new Guest(program, {}, { release: '14.3' });
    guest.host.script('g', 'exit:1');
    const { status, stderr } = await guest.start().done;
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^bhyvec: g: this host runs 14[.]3-\S+, the guest is compiled for freebsd-15[.]1: .*--target/,
    );
    guest.host.script('g', 'exit:1');
    expect((await guest.start(['--target', 'freebsd-14.3']).done).stderr).toBe('');
  });
});

/** A port that nobody uses now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the server has a port');
  return address.port;
}
