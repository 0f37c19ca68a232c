/** The console: through pipes and at a terminal, who may write, how it is left, and the terminal afterwards. */
import { spawn, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { full } from '../full.ts';
import { createEscape } from '../../src/consoles/escape.ts';
import { buildCli, plainEnvironment, watch, type Running } from './cli.ts';
import { serveFake } from './served.ts';
import { forAllTests, forEachTest } from '../lend.ts';

const cli = forAllTests(buildCli, (it) => {
  it.program.remove();
});
const served = forEachTest(serveFake, (it) => it.end());

function environment(): Record<string, string> {
  return { BHYVEC_DEFAULT_URI: `bhyve+unix:///system?socket=${served().file}` };
}

function start(...words: readonly string[]): Running {
  return cli().start(words, environment());
}

/** Whether this script(1) is the one of util-linux, which takes a command by -c. */
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout.includes('util-linux');

/** Runs a line of sh at a terminal; what is written to its standard input is typed. */
function atTerminal(line: string): Running {
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    env: { ...plainEnvironment(environment()), SHELL: '/bin/sh', BHYVEC: `${process.execPath} ${cli().main}` },
  });
  return watch(child);
}

function typed(...pieces: readonly string[]): readonly (readonly [string, boolean])[] {
  const escape = createEscape();
  return pieces.map((piece) => {
    const { send, leave } = escape(Buffer.from(piece, 'latin1'));
    return [Buffer.from(send).toString('latin1'), leave] as const;
  });
}

test('what leaves a console, and what does not', () => {
  expect(typed('ls\r', 'a\u001db')).toEqual([
    ['ls\r', false],
    ['a', true],
  ]);
  expect(typed('~.')).toEqual([['', true]]);
  expect(typed('x~.', '\r', '~', '.')).toEqual([
    ['x~.', false],
    ['\r', false],
    ['', false],
    ['', true],
  ]);
  expect(typed('~~.', '\n~a', '\r~~~')).toEqual([
    ['~.', false],
    ['\n~a', false],
    ['\r~~', false],
  ]);
});

test('through pipes: what was said before, what is piped, what the guest says, to the end of the guest', async () => {
  served().fake.say('web', 'early \u00e9\r\n');
  const running = start('console', 'web');
  running.child.stdin.end('uname -a\n');
  await expect.poll(() => running.out()).toBe('early \u00e9\r\nuname -a\n');
  served().fake.say('web', 'FreeBSD\n');
  await expect.poll(() => running.out()).toContain('FreeBSD\n');
  expect(served().fake.heard('web')).toBe('uname -a\n');
  running.child.kill('SIGTERM');
  expect(await running.ended).toEqual({ status: 0, out: 'early \u00e9\r\nuname -a\nFreeBSD\n', err: '' });
  await expect.poll(() => served().fake.held().consoles).toBe(0);
});

test.runIf(full)('a megabyte of input arrives in order', async () => {
  const running = start('console', 'web');
  const text = Array.from({ length: 100_000 }, (_, n) => `line ${String(n)}\n`).join('');
  running.child.stdin.end(text);
  await expect.poll(() => running.out().length).toBe(text.length);
  expect(served().fake.heard('web')).toBe(text);
  expect(running.out()).toBe(text);
  running.child.kill('SIGTERM');
  await running.ended;
});

test('one writes, others look on; force takes it over', async () => {
  const writer = start('console', 'web');
  writer.child.stdin.write('first\n');
  await expect.poll(() => served().fake.heard('web')).toBe('first\n');
  const refused = await cli().run(['console', 'web'], environment());
  expect(refused).toMatchObject({
    status: 1,
    out: '',
    err: expect.stringMatching(/is in use; --force takes it over, --read-only looks on/) as string,
  });
  const readers = [start('console', 'web', '--read-only'), start('console', 'web', 'com1', '--read-only')];
  await expect.poll(() => readers.map((one) => one.out())).toEqual(['first\n', 'first\n']);
  const second = start('console', '--force', 'web');
  second.child.stdin.write('second\n');
  expect(await writer.ended).toMatchObject({
    status: 1,
    err: expect.stringMatching(/another client has taken the console over/) as string,
  });
  await expect.poll(() => readers[0]?.out()).toContain('second\n');
  for (const one of [second, ...readers]) one.child.kill('SIGTERM');
  await Promise.all([second, ...readers].map((one) => one.ended));
  const none = await cli().run(['console', 'web', 'com2'], environment());
  expect(none).toMatchObject({ status: 1, err: expect.stringMatching(/has no com2/) as string });
});

test('start --console', async () => {
  const running = start('start', 'db', '--console');
  await expect.poll(() => served().fake.held().consoles).toBe(1);
  served().fake.say('db', 'boot\n');
  await expect.poll(() => running.out()).toBe('boot\n');
  running.child.kill('SIGTERM');
  expect(await running.ended).toMatchObject({ status: 0 });
  expect(await cli().run(['start', 'broken', '--console'], environment())).toMatchObject({ status: 1 });
});

test.runIf(hasScript)('at a terminal: raw as long as it takes, and as before afterwards', async () => {
  const running = atTerminal('$BHYVEC console web; echo "status $?"; stty -a');
  await expect.poll(() => running.out()).toContain('Escape character is ^]');
  running.child.stdin.write('\u0003\u0004ls\r');
  // Neither Ctrl-C nor Ctrl-D is for the program, and nothing is echoed but by the guest.
  await expect.poll(() => served().fake.heard('web')).toBe('\u0003\u0004ls\r');
  running.child.stdin.write('~.');
  const { out } = await running.ended;
  expect(out).toContain("Connected to domain 'web'\r\nEscape");
  expect(out).toContain('status 0');
  expect(out).toMatch(/ icanon /);
  expect(out).toMatch(/ echo /);
});

test.runIf(hasScript).each([['TERM'], ['HUP'], ['INT']])('a terminal after SIG%s', async (signal) => {
  const line = `$BHYVEC console web --read-only & pid=$!; echo "pid $pid"; wait $pid; echo "status $?"; stty -a`;
  // A job of the foreground, with its number known: sh -m gives each job the terminal.
  const running = atTerminal(`sh -c '${line.replaceAll("'", "'\\''")}'`.replace('& pid', '< /dev/tty & pid'));
  await expect.poll(() => running.out()).toContain('Escape character is ^]');
  const pid = Number(/pid (\d+)/.exec(running.out())?.[1]);
  process.kill(pid, `SIG${signal}`);
  const { out } = await running.ended;
  expect(out).toContain('status 0');
  expect(out).toMatch(/ icanon /);
});

test.runIf(full && hasScript)('a terminal after the supervisor has gone', async () => {
  const running = atTerminal('$BHYVEC console web; echo "status $?"; stty -a');
  await expect.poll(() => running.out()).toContain('Escape character is ^]');
  await served().server.close();
  const { out } = await running.ended;
  expect(out).toContain('the supervisor has closed the connection');
  expect(out).toContain('status 1');
  expect(out).toMatch(/ icanon /);
});
