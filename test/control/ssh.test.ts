/** bhyve+ssh:// through a real sshd on 127.0.0.1, and `bhyvec proxy`, which is what runs at its far end. */
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { full } from '../full.ts';
import { buildCli, type Cli } from './cli.ts';
import { serveFake, type Served } from './served.ts';
import { until } from '../until.ts';
import { findSshd, startSshd, type Sshd } from './sshd.ts';

const program = findSshd();

let cli: Cli;
let served: Served;

beforeAll(async () => {
  cli = await buildCli();
  served = await serveFake();
});

afterAll(async () => {
  await served.end();
  cli.program.remove();
});

describe('proxy', () => {
  const list = '{"jsonrpc":"2.0","id":1,"method":"domain.list"}\n';

  test('the end of the input is passed on, the answers still come', async () => {
    const { status, out, err } = await cli.run(['proxy', '--socket', served.file], {}, list);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ id: 1, result: { domains: [{ name: 'db' }, { name: 'web' }] } });
  });

  test.runIf(full)('large answers, however slowly they are read', async () => {
    const running = cli.start(['proxy', '--socket', served.file]);
    running.child.stdout.pause();
    running.child.stdin.end(list.repeat(3000));
    await expect.poll(() => served.fake.calls.length).toBeGreaterThan(10);
    running.child.stdout.resume();
    const { status, out } = await running.ended;
    expect(status).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(3000);
  });

  test.runIf(full)('the end of the supervisor ends it, even while its input is open', async () => {
    const other = await serveFake();
    const running = cli.start(['proxy', '--socket', other.file]);
    running.child.stdin.write(list);
    await expect.poll(() => running.out()).toContain('"id":1');
    await other.end();
    expect(await running.ended).toMatchObject({ status: 0, err: '' });
  });

  test('a reader that goes away ends it', async () => {
    const running = cli.start(['proxy', '--socket', served.file]);
    running.child.stdin.write(list);
    await expect.poll(() => running.out()).toContain('"id":1');
    running.child.stdout.destroy();
    let hasEnded = false;
    const ended = running.ended.finally(() => (hasEnded = true));
    // A process that is being started beside it may hold the reader's end for a moment longer: one answer may still get there.
    await until(() => {
      if (!hasEnded) running.child.stdin.write(list);
      return hasEnded;
    });
    expect((await ended).err).toBe('');
  });
});

if (program === null) console.warn('ssh tests are left out: no sshd, ssh or ssh-keygen here (openssh-server)');

describe.skipIf(program === null)('a real sshd', () => {
  let sshd: Sshd;
  let far: string;

  beforeAll(async () => {
    sshd = await startSshd(program ?? '');
    far = path.join(sshd.folder, "far bhyvec's");
    writeFileSync(far, `#!/bin/sh\nexec ${process.execPath} ${cli.main} "$@"\n`);
    chmodSync(far, 0o755);
  });

  afterAll(async () => {
    await sshd.end();
  });

  function uri(changes: Readonly<Record<string, string>> = {}): string {
    const known_hosts = sshd.knownHosts;
    const query = { socket: served.file, command: far, keyfile: sshd.keyfile, known_hosts, no_tty: '1', ...changes };
    const words = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `bhyve+ssh://${sshd.user}@127.0.0.1:${String(sshd.port)}/system?${words.join('&')}`;
  }

  test('commands', async () => {
    expect(await cli.run(['-c', uri(), 'list', '--name'])).toMatchObject({ status: 0, out: 'web\n' });
    expect(await cli.run(['start', 'db'], { BHYVEC_DEFAULT_URI: uri() })).toMatchObject({
      out: "Domain 'db' started\n",
    });
    expect(served.fake.get('db')?.state).toBe('running');
    expect(await cli.run(['-c', uri(), 'reset', 'wbe'])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/did you mean 'web'\?/) as string,
    });
  });

  test.runIf(full)('events and the console', async () => {
    const event = cli.start(['-c', uri(), 'event', '--loop', '-f', 'json']);
    await expect.poll(() => served.fake.held().subscribers).toBe(1);
    served.fake.tell('web', 'started', 'booted');
    await expect.poll(() => event.out()).toContain('"started"');
    event.child.kill('SIGINT');
    expect(await event.ended).toMatchObject({ status: 0 });
    await expect.poll(() => served.fake.held().subscribers).toBe(0);
    const console = cli.start(['-c', uri(), 'console', 'web']);
    console.child.stdin.write('echo\n');
    await expect.poll(() => console.out()).toContain('echo\n');
    console.child.kill('SIGTERM');
    expect(await console.ended).toMatchObject({ status: 0 });
    await expect.poll(() => served.fake.held().consoles).toBe(0);
  });

  test.runIf(full)('a host that is not known is refused, unless the URI says otherwise', async () => {
    const strict = await cli.run(['-c', uri({ known_hosts: sshd.emptyKnownHosts }), 'list']);
    expect(strict).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(/verification failed[\s\S]*ssh could not reach 127.0.0.1/) as string,
    });
    const lax = await cli.run(['-c', uri({ known_hosts: '/dev/null', no_verify: '1' }), 'list', '--name']);
    expect(lax).toMatchObject({ status: 0, out: 'db\nweb\n' });
  });

  test.runIf(full)('a key that may not log in', async () => {
    const none = { keyfile: path.join(sshd.folder, 'hostkey') };
    const { status, err } = await cli.run(['-c', uri(none), 'list'], { SSH_AUTH_SOCK: '' });
    expect({ status, err }).toMatchObject({
      status: 1,
      err: expect.stringMatching(/Permission denied[\s\S]*ssh could not reach/) as string,
    });
  });

  test.runIf(full)('no bhyvec, and no supervisor, at the far side', async () => {
    const noCommand = await cli.run(['-c', uri({ command: '/nowhere/bhyvec' }), 'list']);
    expect(noCommand).toMatchObject({
      status: 1,
      err: expect.stringMatching(/127.0.0.1 has no command \/nowhere\/bhyvec; install bhyvec/) as string,
    });
    const noSocket = await cli.run(['-c', uri({ socket: "/nowhere/it's; touch x" }), 'list']);
    expect(noSocket).toMatchObject({
      status: 1,
      err: expect.stringMatching(/no socket \/nowhere\/it's; touch x; start it with/) as string,
    });
  });
});
