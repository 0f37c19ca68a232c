/** The launcher as a supervisor's keeper of one run: what it reports, turn by turn, and what it never does by itself. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { full, oneOf } from '../full.ts';
import { Guest, hosts, limits } from './guest.ts';
import type { HostOptions, Running } from '../host/host.ts';
import { takesTerm } from './guests.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

/** A guest whose launcher reports. */
class Kept extends Guest {
  /** In a folder that the comparison of states leaves out. */
  readonly report = this.host.path('/var/log/report');
  start(verb: 'once' | 'run' = 'once', env: Readonly<Record<string, string>> = {}): Running {
    mkdirSync(path.dirname(this.report), { recursive: true });
    const words = verb === 'once' ? ['once', '7'] : ['run'];
    return this.host.start(this.launch, words, { env: { ...limits, BHYVEC_REPORT: this.report, ...env } });
  }
  facts(): readonly string[] {
    return existsSync(this.report) ? readFileSync(this.report, 'utf8').trimEnd().split('\n') : [];
  }
  async until(fact: RegExp): Promise<void> {
    await this.host.waitFor(() => this.facts().some((line) => fact.test(line)));
  }
}

/** Process numbers taken out. */
function plain(facts: readonly string[]): readonly string[] {
  return facts.map((fact) => fact.replace(/^(launcher|loader|bhyve|guest) \d+$/, '$1 PID'));
}

const uefi = ['launcher PID', 'step modules vmm if_tuntap if_bridge nmdm', 'step check'];
const made = ['step nvram /var/db/bhyvec/nvram/g_VARS.fd', 'step tap tapgg_0 bridge0'];

describe.concurrent('once', () => {
  test('reports each step of a run that powers off, in order', async () => {
    const guest = new Kept();
    guest.host.script('g', 'exit:1');
    expect((await guest.start().done).status).toBe(0);
    const facts = plain(guest.facts()).map((fact) => fact.replace(/ tapg\S+/, ' tapgg_0'));
    expect(facts).toEqual([
      ...uefi,
      ...made,
      'step bhyve',
      'bhyve PID',
      'guest PID',
      'end 1 poweroff destroy',
      'step undo',
      'undone',
    ]);
    expect(guest.look()).toBe(guest.before);
  });

  test.each(
    oneOf(3, [
      ['a reset', {}, 'exit:0', 'end 0 reboot restart', 0],
      ['a reset that is to destroy', { onReboot: 'destroy' }, 'exit:0', 'end 0 reboot destroy', 0],
      ['a power-off that is to restart', { onPoweroff: 'restart' }, 'exit:2', 'end 2 poweroff restart', 0],
      ['a triple fault', { onCrash: 'restart' }, 'exit:3', 'end 3 crash restart', 1],
      ['a signal', {}, 'signal:SEGV', 'end 139 crash destroy', 1],
      ['a refused command line', { onCrash: 'restart' }, 'exit-at-once:64', 'end 64 error destroy', 1],
    ] as const),
  )('%s: one start, and all is unmade', async (_title, options, entry, end, status) => {
    const guest = new Kept(options);
    guest.host.script('g', entry, 'run');
    expect((await guest.start().done).status).toBe(status);
    expect(guest.facts()).toContain(end);
    expect(guest.facts().at(-1)).toBe('undone');
    expect(guest.starts()).toBe(1);
    expect(guest.look()).toBe(guest.before);
  });

  test('the numbers are those of the processes; a loader is one too', async () => {
    const guest = new Kept({ boot: 'freebsd' });
    guest.host.script('g', 'run');
    const running = guest.start();
    await guest.until(/^guest /);
    await guest.host.waitRunning('g');
    const [bhyve] = guest.host.bhyves('g');
    expect(guest.facts()[0]).toBe(`launcher ${String(running.pid)}`);
    expect(guest.facts()).toContain(`guest ${String(bhyve)}`);
    expect(plain(guest.facts())).toContain('loader PID');
    running.kill('SIGTERM');
    expect((await running.done).status).toBe(0);
    expect(guest.facts().slice(-4)).toEqual(['press', 'end 1 poweroff stop', 'step undo', 'undone']);
  });

  test('force and kill are reported; of two USR1 the second does not wait', async () => {
    const guest = new Kept();
    guest.host.script('g', 'stuck');
    const running = guest.start('once', { BHYVEC_STOP_LIMIT: '600', BHYVEC_FORCE_LIMIT: '600' });
    await guest.until(/^guest /);
    await guest.untilUp();
    const pid = await guest.host.waitRunning('g');
    await guest.host.waitFor(() => takesTerm(pid));
    running.kill('SIGTERM');
    await guest.until(/^press$/);
    running.kill('SIGUSR1');
    await guest.until(/^force$/);
    running.kill('SIGUSR1');
    expect((await running.done).status).toBe(0);
    expect(guest.facts().slice(-6)).toEqual(['press', 'force', 'kill', 'end 137 crash stop', 'step undo', 'undone']);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a report that is there belongs to another run', async () => {
    const guest = new Kept();
    mkdirSync(path.dirname(guest.report), { recursive: true });
    writeFileSync(guest.report, 'launcher 1\n');
    const { status, stderr } = await guest.start().done;
    expect([status, stderr]).toEqual([1, `g: ${guest.report} is there already: this run has begun before\n`]);
    expect(guest.facts()).toEqual(['launcher 1']);
    expect(guest.host.history()).toEqual([]);
  });

  test('a report that cannot be written hurts nobody', async () => {
    for (const report of ['/nowhere/at/all', ...(existsSync('/dev/full') ? ['/dev/full'] : [])]) {
      const guest = new Kept();
      guest.host.script('g', 'exit:1');
      const verb = report === '/dev/full' ? 'run' : 'once';
      const { status, stderr } = await guest.start(verb, { BHYVEC_REPORT: report }).done;
      expect([report, status, stderr]).toEqual([report, 0, '']);
      expect(guest.starts()).toBe(1);
    }
  });

  test.runIf(full)('the first error is the one that counts', async () => {
    const guest = new Kept({}, 'freebsd-14.3', { disks: [] } satisfies HostOptions);
    guest.host.fail(0, { pattern: 'rm *' });
    expect((await guest.start().done).status).toBe(1);
    const failed = guest.facts().filter((fact) => fact.startsWith('failed '));
    expect(failed).toEqual([
      "failed 6 no-file the disk /vm/a.img is not there: truncate -s SIZE '/vm/a.img' makes one",
    ]);
    expect(guest.facts().at(-1)).toBe('left');
  });

  test('two at once: the second says who has it', async () => {
    const guest = new Kept();
    guest.host.script('g', 'run');
    const running = guest.start();
    await guest.until(/^guest /);
    const other = guest.host.path('/var/log/other');
    expect((await guest.start('once', { BHYVEC_REPORT: other }).done).status).toBe(1);
    expect(readFileSync(other, 'utf8')).toMatch(
      new RegExp(
        `^launcher \\d+\nfailed 1 already-running runs already: launcher ${String(running.pid)} has it\nundone\n$`,
      ),
    );
    await guest.host.waitRunning('g');
    running.kill('SIGTERM');
    expect((await running.done).status).toBe(0);
  });

  test('preserve keeps all, but not against a request', async () => {
    const guest = new Kept({ onCrash: 'preserve', onPoweroff: 'preserve' });
    guest.host.script('g', 'exit:3');
    expect((await guest.start().done).status).toBe(1);
    expect(guest.facts().slice(-2)).toEqual(['end 3 crash preserve', 'kept crash']);
    expect(existsSync(guest.host.path('/dev/vmm/g'))).toBe(true);
    expect((await guest.verb('clean')).status).toBe(0);
    const other = new Kept({ onPoweroff: 'preserve' });
    other.host.script('g', 'run');
    const running = other.start();
    await other.untilUp();
    running.kill('SIGTERM');
    await running.done;
    expect(other.facts().at(-1)).toBe('undone');
    expect(other.look()).toBe(other.before);
  });

  test.runIf(full)('run reports each of its turns', async () => {
    const guest = new Kept({ onCrash: 'restart' });
    guest.host.script('g', 'exit:0', 'exit:3', 'exit:1');
    expect((await guest.start('run').done).status).toBe(0);
    expect(guest.facts().filter((fact) => fact.startsWith('end '))).toEqual([
      'end 0 reboot restart',
      'end 3 crash restart',
      'end 1 poweroff destroy',
    ]);
    expect(guest.facts().at(-1)).toBe('undone');
  });

  test.runIf(full)('restart from outside is no business of the launcher here', async () => {
    const guest = new Kept();
    guest.host.script('g', 'run', 'run');
    const running = guest.start();
    await guest.untilUp();
    running.kill('SIGUSR2');
    expect((await running.done).status).toBe(0);
    expect(guest.starts()).toBe(1);
    expect(guest.look()).toBe(guest.before);
  });

  test.each(['freebsd', 'grub'] as const)('%s: a loader that hangs has a limit', async (boot) => {
    const guest = new Kept({ boot });
    guest.host.loaderScript('g', 'hang');
    expect((await guest.start('once', { BHYVEC_LOADER_LIMIT: '1' }).done).status).toBe(1);
    expect(guest.facts().find((fact) => fact.startsWith('failed '))).toBe(
      'failed 1 loader-timeout the loader did not end within 1 seconds: does it wait for a key?',
    );
    expect(guest.facts().at(-1)).toBe('undone');
    expect(guest.starts()).toBe(0);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('a guest in the kernel without a process is removed where that is allowed', async () => {
    const guest = new Kept();
    guest.host.script('g', 'run', 'exit:1');
    const words = guest.host.start(guest.launch, ['argv']);
    const [program = '', ...rest] = (await words.done).stdout.trimEnd().split('\n');
    await guest.host.run('ifconfig', [
      'tap',
      'create',
      'name',
      rest.find((w) => w.includes('tap'))?.split(',')[2] ?? '',
    ]);
    await guest.host.run('kldload', ['vmm', 'nmdm']);
    mkdirSync(guest.host.path('/var/db/bhyvec/nvram'), { recursive: true });
    writeFileSync(guest.host.path('/var/db/bhyvec/nvram/g_VARS.fd'), 'BHYVE_UEFI_VARS.fd\n');
    const foreign = guest.host.start(program, rest);
    await guest.host.waitRunning('g');
    expect((await guest.start('once', { BHYVEC_ADOPT_NODE: '1' }).done).status).toBe(1);
    expect(guest.host.bhyves('g')).toHaveLength(1);
    foreign.kill('SIGKILL');
    await foreign.done;
    await guest.host.run('ifconfig', [rest.find((w) => w.includes('tap'))?.split(',')[2] ?? '', 'destroy']);
    const second = guest.host.path('/var/log/second');
    expect((await guest.start('once', { BHYVEC_REPORT: second }).done).status).toBe(1);
    expect(readFileSync(second, 'utf8')).toContain('bhyvectl --vm=g --destroy removes it');
    const third = guest.host.path('/var/log/third');
    const result = await guest.start('once', { BHYVEC_REPORT: third, BHYVEC_ADOPT_NODE: '1' }).done;
    expect([result.status, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toContain('is in the kernel without a process: removed');
    expect(guest.look()).toBe(guest.before);
  });
});
