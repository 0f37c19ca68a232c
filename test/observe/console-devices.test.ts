// What stands in place of a console's device: tcp, sockets, files; and a pseudo-terminal of script(1), where it is
// installed, which is as much a terminal as nmdm(4) is.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src/system/command.ts';
import { useBench } from './bench.ts';
import { until } from '../until.ts';

const bench = useBench();

describe('devices', () => {
  /** bhyve with a console by tcp: it listens while it runs, for one client. */
  async function bhyve(
    port: number,
  ): Promise<{ client: () => Promise<Socket>; port: number; stop: () => Promise<void> }> {
    const clients: Socket[] = [];
    const server = createServer((socket) => clients.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    const client = async (): Promise<Socket> => {
      await until(() => clients.length > 0);
      const [socket] = clients;
      if (socket === undefined) throw new Error('no client');
      return socket;
    };
    const stop = async (): Promise<void> => {
      for (const socket of clients) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    };
    return { client, port: typeof address === 'object' && address !== null ? address.port : 0, stop };
  }

  it('connects to a tcp console once bhyve listens, and again after a reboot of the guest', async () => {
    const probe = await bhyve(0);
    const { port } = probe;
    await probe.stop();
    await bench.consoles.expect('demo', [{ kind: 'tcp', com: 2, host: '0.0.0.0', service: String(port) }]);
    const reader = bench.attach({ com: 2, write: true });
    expect(bench.consoles.write(reader.handle, Buffer.from('too early'))).toMatchObject({
      ok: false,
      message: expect.stringContaining('not connected') as string,
    });
    for (const run of ['first', 'second', 'third']) {
      const running = await bhyve(port);
      const socket = await running.client();
      let typed = '';
      socket.on('data', (bytes) => (typed += bytes.toString()));
      socket.write(`${run} boot\r\n`);
      await until(() => reader.text().endsWith(`${run} boot\r\n`));
      expect(bench.consoles.write(reader.handle, Buffer.from(`hello ${run}\r`)).ok).toBe(true);
      await until(() => typed === `hello ${run}\r`);
      await running.stop();
      await until(() => bench.consoles.views()[0]?.connected === false);
    }
    expect(reader.text()).toBe('first boot\r\nsecond boot\r\nthird boot\r\n');
    expect(reader.closed).toEqual([]);
    expect(bench.problems).toEqual([]);
    await bench.consoles.forget('demo');
    expect(readFileSync(path.join(bench.folder, 'demo.com2.log'), 'utf8')).toBe(reader.text());
  });

  it('tries again when a line goes down without a word, more than once', async () => {
    let count = 0;
    const server = createServer((socket) => {
      count += 1;
      socket.on('error', () => undefined);
      if (count < 4) socket.destroy();
      else socket.write('at last');
    });
    const file = path.join(bench.folder, 'x.1B');
    await new Promise<void>((resolve) => server.listen(file, resolve));
    bench.undo.push(() => server.close());
    await bench.consoles.expect('demo', [{ kind: 'nmdm', com: 1, pair: { guest: '/x.1A', user: '/x.1B' } }]);
    const reader = bench.attach({ replayBytes: 100 });
    await until(() => reader.text() === 'at last');
    await bench.consoles.end();
  });

  it('takes a socket in place of a null modem', async () => {
    const server = createServer((socket) => socket.pipe(socket).on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(path.join(bench.folder, 'x.1B'), resolve));
    bench.undo.push(() => server.close());
    await bench.consoles.expect('demo', [{ kind: 'nmdm', com: 1, pair: { guest: '/x.1A', user: '/x.1B' } }]);
    const reader = bench.attach({ write: true });
    expect(bench.consoles.write(reader.handle, Buffer.from('echo')).ok).toBe(true);
    await until(() => reader.text() === 'echo');
    await bench.consoles.end();
  });

  it('follows a plain file from its end, and one that comes later; what is typed goes to the other end', async () => {
    writeFileSync(path.join(bench.folder, 'x.1A'), '');
    writeFileSync(path.join(bench.folder, 'x.1B'), 'of another run\n');
    await bench.consoles.expect('demo', [{ kind: 'nmdm', com: 1, pair: { guest: '/x.1A', user: '/x.1B' } }]);
    const reader = bench.attach({ write: true, replayBytes: 100 });
    appendFileSync(path.join(bench.folder, 'x.1B'), 'said\n');
    await until(() => reader.text() === 'said\n');
    expect(bench.consoles.write(reader.handle, Buffer.from('typed\r')).ok).toBe(true);
    await until(() => readFileSync(path.join(bench.folder, 'x.1A'), 'utf8') === 'typed\r');
  });

  it('hears all of a file that was not there when the guest was expected', async () => {
    await bench.consoles.expect('demo', [{ kind: 'nmdm', com: 1, pair: { guest: '/x.1A', user: '/x.1B' } }]);
    const reader = bench.attach();
    writeFileSync(path.join(bench.folder, 'x.1B'), 'first words\n');
    await until(() => reader.text() === 'first words\n');
  });

  it('loads nmdm where there is no node, once, and keeps trying', async () => {
    const ran: string[] = [];
    bench.make({ run: (command, args) => (ran.push([command, ...args].join(' ')), Promise.resolve(null)) });
    await bench.consoles.expect('demo', [{ kind: 'nmdm', com: 1, pair: { guest: '/com1A', user: '/com1B' } }]);
    const reader = bench.attach();
    await until(() => bench.problems.length === 1);
    expect(bench.problems[0]).toMatchObject({ guest: 'demo', com: 1, solved: false });
    expect(bench.problems[0]?.message).toMatch(/^com1 of demo cannot be opened: ENOENT/);
    const guest = bench.guest();
    await until(() => bench.problems.length === 2);
    guest.say('here');
    await until(() => reader.text() === 'here');
    expect(ran).toEqual(['kldload -n nmdm']);
  });

  it('refuses what is no console in words', async () => {
    expect(() => bench.attach()).toThrow('demo has no console that is open: it does not run, or has no <serial>');
    const guest = bench.guest();
    await bench.consoles.expect('demo', [guest.console]);
    expect(() => bench.attach({ com: 3 })).toThrow('demo has no com3: it has com1');
  });

  it('keeps consoles that stay, and closes those that a new definition does not have', async () => {
    const [one, two] = [bench.guest(1), bench.guest(2)];
    await bench.consoles.expect('demo', [one.console, two.console]);
    const [first, second] = [bench.attach({ com: 1 }), bench.attach({ com: 2 })];
    await bench.consoles.expect('demo', [one.console]);
    expect(second.closed).toEqual(['the guest has no such console any more']);
    one.say('here');
    await until(() => first.text() === 'here');
    expect(first.closed).toEqual([]);
    expect(bench.consoles.views().map(({ com }) => com)).toEqual([1]);
  });
});

const hasScript = ((): boolean => {
  try {
    return execFileSync('script', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).includes('util-linux');
  } catch {
    return false;
  }
})();

describe.runIf(hasScript)('a terminal', () => {
  it('carries each byte both ways and echoes nothing', async () => {
    // script's own end is the guest's; the terminal that it makes is the user's.
    const child = spawn('script', ['-qfc', 'stty raw -echo; tty; exec sleep 600', '/dev/null'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    bench.undo.push(() => child.kill('SIGKILL'));
    const heard: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => heard.push(bytes));
    const text = (): string => Buffer.concat(heard).toString('latin1');
    await until(() => /\/dev\/pts\/\d+/.test(text()) && text().endsWith('\n'));
    const terminal = /\/dev\/pts\/\d+/.exec(text())?.[0] ?? '';
    // As nmdm(4) comes: it echoes and edits lines.
    execFileSync('stty', ['-F', terminal, 'sane', 'echo', 'icanon', 'opost', 'onlcr']);
    heard.length = 0;
    bench.make({ root: '', run: runCommand });
    await bench.consoles.expect('demo', [{ kind: 'nmdm', com: 1, pair: { guest: '/nowhere', user: terminal } }]);
    const reader = bench.attach({ write: true });
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    child.stdin.write(all);
    await until(() => reader.text().length >= 256, 'all bytes of the guest');
    expect(reader.text()).toBe(all.toString('latin1'));
    expect(text()).toBe('');
    expect(bench.consoles.write(reader.handle, all).ok).toBe(true);
    await until(() => text().length >= 256, 'all bytes that were typed');
    expect(text()).toBe(all.toString('latin1'));
    const settings = execFileSync('stty', ['-F', terminal, '-a'], { encoding: 'utf8' });
    expect(settings).toMatch(/-opost/);
    expect(settings).toMatch(/[^-]clocal/);
    // The line hangs up when the other end goes.
    child.kill('SIGKILL');
    await until(() => bench.consoles.views()[0]?.connected === false);
    expect(reader.closed).toEqual([]);
  });
});
