/** The launcher under every shell of this system, and what a linter says of both scripts. FreeBSD's sh is closest to dash. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { full } from '../full.ts';
import { launcher } from '../../src/backends/launcher/emit.ts';
import { rcd } from '../../src/backends/rcd/emit.ts';
import { guestXml, hostFor, install, planOf, sharedLauncher, takesTerm, type GuestOptions } from './guests.ts';

const shells = [['sh'], ['dash'], ['busybox', 'ash'], ['mksh'], ['bash', '--posix'], ['posh']].filter(
  ([program = '', ...words]) => spawnSync(program, [...words, '-c', ':']).status === 0,
);
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;

const everything: GuestOptions = {
  nics: 2,
  onCrash: 'restart',
  domain:
    '<blkiotune><device><path>*</path><read_iops_sec>100</read_iops_sec></device></blkiotune>' +
    "<cputune><global_quota>50000</global_quota><vcpupin vcpu='0' cpuset='1'/><emulatorpin cpuset='0'/>" +
    "<vcpusched vcpus='0' scheduler='rr' priority='1'/></cputune><numatune><memory nodeset='0'/></numatune>",
  devices:
    "<graphics type='vnc' port='-1' passwd='secret'/>" +
    "<channel type='unix'><source mode='bind' path='/var/run/g.sock'/><target type='virtio' name='agent.0'/></channel>" +
    "<filesystem type='mount'><source dir='/srv'/><target dir='share'/></filesystem>" +
    "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0' bus='2' slot='0' function='0'/></source></hostdev>",
};
const guests: readonly (readonly [string, GuestOptions, string])[] = [
  ['uefi', { nics: 0 }, 'freebsd-14.3'],
  ['freebsd', { boot: 'freebsd' }, 'freebsd-12.4'],
  ['grub', { boot: 'grub', nics: 4 }, 'freebsd-13.2'],
  ['everything', everything, 'freebsd-15.1'],
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-shells-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A sample has all kinds of steps. */
const linted = guests.filter(([name]) => full || name === 'everything');

describe.each(linted)('%s', (name, options, target) => {
  test('parses under every shell, and the linter has nothing to say', () => {
    const plan = planOf(guestXml(options), target);
    const { files: shared, emit } = sharedLauncher();
    const guests = emit(plan).map((file) => ({ ...file, path: 'launch-of-a-build' }));
    const files = [...launcher.emit(plan), ...guests, ...shared, ...rcd.emit(plan)].map(({ path: file, text }) => {
      const script = path.join(folder, `${name}.${file.replaceAll('/', '.')}`);
      writeFileSync(script, text);
      return script;
    });
    for (const [program = '', ...words] of shells) {
      for (const file of files)
        expect(spawnSync(program, [...words, '-n', file], { encoding: 'utf8' })).toMatchObject({
          status: 0,
          stderr: '',
        });
    }
    if (!full || !hasShellcheck) return;
    const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-f', 'gcc', ...files], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});

/** Whether a shell has its turn with a story: in a sample each second story is told under one of them. */
const has = (shell: number, story: number): boolean =>
  full || (story % 2 === 0 && shell === (story / 2) % shells.length);

const env = { BHYVEC_STOP_LIMIT: '1', BHYVEC_PRESS_EVERY: '1', BHYVEC_FORCE_LIMIT: '1', BHYVEC_RESTART_DELAY: '0' };

const stories: readonly (readonly [
  title: string,
  script: readonly string[],
  signal: NodeJS.Signals | null,
  status: number | null,
])[] = [
  ['reboots and crashes', ['exit:0', 'exit:3', 'exit:1'], null, 0],
  ['ends on request', ['run'], 'SIGTERM', 0],
  ['ends by force', ['ignore-term'], 'SIGHUP', 0],
  ['dies by a signal', ['signal:ABRT', 'exit-at-once:64'], null, 1],
  ['is killed and cleaned', ['run'], 'SIGKILL', null],
];

describe.concurrent.each(shells.map((shell, nth) => ({ title: shell.join(' '), shell, nth })))(
  '$title',
  ({ shell, nth }) => {
    const [program = '', ...words] = shell;
    test.each(stories.filter((_, story) => has(nth, story)))('%s', async (_title, script, signal, status) => {
      const plan = planOf(guestXml(everything), 'freebsd-15.1');
      const host = hostFor(plan);
      try {
        const launch = install(host, plan);
        const look = (): string => host.state({ without: ['modules', 'nmdm', 'rctl'], ignore: /^var\/(?:log|db)\b/ });
        const before = look();
        host.script('g', ...script);
        const running = host.start(program, [...words, launch, 'run'], { env });
        if (signal !== null) {
          await host.waitRunning('g');
          running.kill(signal);
        }
        const result = await running.done;
        expect(result.status, result.stderr).toBe(status);
        if (signal === 'SIGKILL')
          expect(await host.run(program, [...words, launch, 'clean'], { env })).toMatchObject({ status: 0 });
        expect(look()).toBe(before);
      } finally {
        host.dispose();
      }
    });

    test.runIf(has(nth, stories.length))('once reports, and the second USR1 kills at once', async () => {
      const plan = planOf(guestXml(everything), 'freebsd-15.1');
      const host = hostFor(plan);
      try {
        const launch = install(host, plan);
        const look = (): string => host.state({ without: ['modules', 'nmdm', 'rctl'], ignore: /^var\/(?:log|db)\b/ });
        const before = look();
        host.script('g', 'stuck');
        const report = host.path('/var/log/report');
        const patient = { BHYVEC_STOP_LIMIT: '600', BHYVEC_FORCE_LIMIT: '600', BHYVEC_REPORT: report };
        const running = host.start(program, [...words, launch, 'once', '1'], { env: patient });
        const has = (fact: string): boolean => existsSync(report) && readFileSync(report, 'utf8').includes(`\n${fact}`);
        await host.waitFor(() => has('guest '));
        const pid = await host.waitRunning('g');
        await host.waitFor(() => takesTerm(pid));
        for (const [signal, fact] of [
          ['SIGTERM', 'press\n'],
          ['SIGUSR1', 'force\n'],
          ['SIGUSR1', 'kill\n'],
        ] as const) {
          running.kill(signal);
          await host.waitFor(() => has(fact));
        }
        expect((await running.done).status).toBe(0);
        expect(readFileSync(report, 'utf8')).toMatch(/^launcher \d+\n[^]*\nend \d+ crash stop\nstep undo\nundone\n$/);
        expect(look()).toBe(before);
      } finally {
        host.dispose();
      }
    });
  },
);
