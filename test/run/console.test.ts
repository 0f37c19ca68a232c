/** `bhyvec run --console` at a real terminal, with a real terminal as the null modem: script(1) makes both. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import { openConsole } from '../../src/consoles/foreground.ts';
import { buildProgram, type Program } from '../cli/program.ts';
import { until } from '../until.ts';
import { hosts } from '../launcher/guest.ts';
import { Guest } from './guest.ts';

let program: Program;
const undo: (() => unknown)[] = [];
beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => {
  for (const act of undo.splice(0)) act();
  program.remove();
  for (const host of hosts.splice(0)) host.dispose();
});

/** Whether this script(1) is the one of util-linux, which takes a command by -c. */
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout.includes('util-linux');

/** A line of sh at a terminal of its own. */
interface Typist {
  type(text: string): void;
  /** What has come from the terminal, without carriage returns. */
  text(): string;
  has(words: string): Promise<void>;
  readonly ended: Promise<void>;
}

function atTerminal(line: string, env: Readonly<Record<string, string>> = {}): Typist {
  const child = spawn('script', ['-qefc', line, '/dev/null'], { env: { ...process.env, ...env, SHELL: '/bin/sh' } });
  undo.push(() => child.kill('SIGKILL'));
  let heard = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard += text));
  child.stdin.on('error', () => undefined);
  const text = (): string => heard.replaceAll('\r', '');
  return {
    type: (typed) => void child.stdin.write(typed),
    text,
    has: async (words) => {
      await until(
        () => text().includes(words),
        () => `${words} in ${text()}`,
      );
    },
    ended: new Promise((resolve) => {
      child.on('close', () => {
        resolve();
      });
    }),
  };
}

/** The settings of a terminal, a word each. */
function settingsOf(terminal: string): readonly string[] {
  return execFileSync('stty', ['-F', terminal, '-a'], { encoding: 'utf8' }).split(/[\s;]+/);
}

/** A guest whose null modem is a terminal, its console on another one. */
async function attach(): Promise<{
  readonly line: Typist;
  readonly person: Typist;
  readonly guest: Guest;
  readonly modem: string;
  readonly own: string;
  readonly pid: number;
}> {
  const guest = new Guest(program);
  guest.host.script('g', 'run');
  const line = atTerminal('stty sane -clocal hupcl; tty; exec sleep 3600');
  await line.has('\n');
  const modem = line.text().trim();
  rmSync(guest.host.path('/dev/nmdm-g.1B'), { force: true });
  symlinkSync(modem, guest.host.path('/dev/nmdm-g.1B'));
  const run = `exec "$NODE" "$MAIN" run --console "$FILE"`;
  const person = atTerminal(
    `trap : INT; tty; echo "before $(stty -g)"; sh -c 'echo "pid $$"; ${run}'; echo "status $?"; echo "after $(stty -g)"`,
    { ...guest.host.env, NODE: process.execPath, MAIN: guest.main, FILE: guest.file },
  );
  await person.has('pid ');
  await guest.untilUp();
  await person.has('runs as process');
  const [own = ''] = person.text().split('\n');
  return { line, person, guest, modem, own, pid: Number(/pid (\d+)/.exec(person.text())?.[1]) };
}

describe.runIf(hasScript).concurrent('a console at a terminal', () => {
  test.each([
    ['^]', '\u001d'],
    ['~.', '\r~.'],
  ])('%s leaves it, and Ctrl-C then ends the guest', async (_name, escape) => {
    const { line, person, guest, modem, own } = await attach();
    for (const terminal of [modem, own]) {
      expect(settingsOf(terminal)).toEqual(expect.arrayContaining(['-icanon', '-echo', '-isig']));
    }
    expect(settingsOf(modem)).toEqual(expect.arrayContaining(['-opost', 'clocal', '-hupcl']));
    person.type('ls\u0003');
    await line.has('ls\u0003');
    line.type('login: ');
    await person.has('login: ');
    person.type(escape);
    await person.has('left the console; the guest goes on');
    expect(settingsOf(own)).toEqual(expect.arrayContaining(['icanon', 'echo', 'isig']));
    expect(guest.pids()).toHaveLength(1);
    person.type('\u0003');
    await expectRestored(person, 0);
    expect(guest.pids()).toEqual([]);
  });

  test.each(oneOf(3, ['SIGHUP', 'SIGTERM', 'SIGINT'] as const))(
    '%s ends the guest, and the terminal is as it was',
    async (signal) => {
      const { person, pid } = await attach();
      process.kill(pid, signal);
      await expectRestored(person, 0);
    },
  );

  test.runIf(full)('the guest ends by itself', async () => {
    const { person, guest, line } = await attach();
    line.type('bye\n');
    await person.has('bye');
    guest.host.play('g', 'exit:3');
    await expectRestored(person, 6);
  });
});

test('what is no terminal is no null modem of a host', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-modem-'));
  undo.push(() => {
    rmSync(folder, { recursive: true });
  });
  const file = path.join(folder, 'nmdm0B');
  writeFileSync(file, '');
  const console = { kind: 'nmdm', com: 1, pair: { guest: `${file}-a`, user: file } } as const;
  const listener = { output: () => undefined, left: () => undefined };
  await expect(openConsole(console, '', listener)).rejects.toThrow(`${file} is no terminal`);
  expect(readdirSync(folder)).toEqual(['nmdm0B']);
});

async function expectRestored(person: Typist, status: number): Promise<void> {
  await person.ended;
  const [, before] = /^before (.*)$/m.exec(person.text()) ?? [];
  const [, after] = /^after (.*)$/m.exec(person.text()) ?? [];
  expect(person.text()).toContain(`status ${String(status)}\n`);
  expect(after).toBe(before);
}
