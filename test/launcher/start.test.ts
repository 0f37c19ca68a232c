/**
 * What start, restart, status and the service say of a guest is true: that it runs once its devices are set up, that it
 * does not when it was refused, and nothing starts behind a stop. BHYVEC_FULL=1 restarts each kind of guest 200 times.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { full, oneOf, size } from '../full.ts';
import { Guest, hosts, limits } from './guest.ts';

const restarts = size(1, 200);

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

describe.concurrent('restart', () => {
  test.each(oneOf(3, ['uefi', 'grub', 'freebsd'] as const))(
    '%s: a guest that stops at once is never missed',
    async (boot) => {
      const guest = new Guest({ boot });
      guest.host.script('g', ...Array.from({ length: restarts + 1 }, () => 'term:1'));
      expect((await guest.verb('start')).status).toBe(0);
      for (let i = 1; i <= restarts; i += 1) {
        expect(await guest.verb('restart')).toMatchObject({ status: 0, stdout: 'g: runs again\n', stderr: '' });
        expect(guest.starts()).toBe(i + 1);
      }
      expect((await guest.verb('stop')).status).toBe(0);
      await guest.host.waitFor(() => guest.look() === guest.before);
    },
  );

  test.runIf(full)('a new turn that is refused is told, with the reason', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run', 'refused:4');
    expect((await guest.verb('start')).status).toBe(0);
    const { status, stdout, stderr } = await guest.verb('restart');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('g: did not start: bhyve ended with 4\n');
    expect(stderr).toContain('device emulation initialization error');
    await guest.host.waitFor(() => guest.look() === guest.before);
  });

  test.runIf(full)('a new turn whose disk is gone is told, with the cure', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    expect((await guest.verb('start')).status).toBe(0);
    await guest.host.run('rm', [guest.host.path('/vm/a.img')]);
    expect(await guest.verb('restart')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        "did not start: the disk /vm/a.img is not there: truncate -s SIZE '/vm/a.img'",
      ) as string,
    });
  });

  test.runIf(full)('a guest that has ended again is no failure', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run', 'exit:1');
    expect((await guest.verb('start')).status).toBe(0);
    const { status, stdout } = await guest.verb('restart');
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^g: (?:runs again|ran, and has ended \(bhyve: 1\))\n$/),
    ]);
    expect(guest.starts()).toBe(2);
  });

  test.runIf(full)('of two at once one restarts, the other says so', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run', 'run', 'run');
    expect((await guest.verb('start')).status).toBe(0);
    const both = await Promise.all([guest.verb('restart'), guest.verb('restart')]);
    for (const { status, stdout, stderr } of both) {
      if (status === 0) expect(stdout).toBe('g: runs again\n');
      else expect(stderr).toMatch(/is being started already: process \d+ does it/);
    }
    expect(both.some(({ status }) => status === 0)).toBe(true);
    expect((await guest.verb('stop')).status).toBe(0);
  });
});

describe.concurrent('start', () => {
  test.each(['verb', 'service'] as const)('%s: a refused device is no guest that runs', async (how) => {
    const guest = new Guest();
    guest.host.script('g', 'refused:4');
    const { status, stdout, stderr } = how === 'verb' ? await guest.verb('start') : await guest.service('onestart');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('did not start: bhyve ended with 4');
    await guest.host.waitFor(() => guest.look() === guest.before);
  });

  test('it runs once it has its title, and not before', async () => {
    const guest = new Guest();
    guest.host.script('g', 'sets-up:-:run');
    const still = await guest.verb('start', { BHYVEC_START_LIMIT: '2' });
    expect(still).toMatchObject({ status: 75, stdout: expect.stringContaining('g: is still starting') as string });
    await guest.host.waitRunning('g');
    expect((await guest.verb('status')).stdout).toMatch(/^g: starts or ends/);
    expect((await guest.verb('stop')).status).toBe(0);
    guest.host.script('g', 'sets-up:-:run');
    // Who does not want to wait does not.
    expect((await guest.verb('start', { BHYVEC_START_LIMIT: '0' })).status).toBe(0);
    await guest.host.waitRunning('g');
    writeFileSync(guest.host.path('/.host/vm/g/set-up'), '');
    await guest.untilUp();
    expect((await guest.verb('status')).stdout).toMatch(/^g: runs /);
    expect((await guest.verb('stop')).status).toBe(0);
  });

  test('without iasl bhyve would abort: it is missed before anything is made', async () => {
    const guest = new Guest({}, 'freebsd-14.3', { absentFiles: ['usr/sbin/iasl'] });
    const check = await guest.verb('check');
    expect([check.status, check.stderr]).toEqual([5, expect.stringContaining('/usr/sbin/iasl is not there')]);
    expect((await guest.service('onestart')).status).toBe(1);
    expect(guest.host.history().some(({ argv }) => argv[0] === 'ifconfig' && argv.includes('create'))).toBe(false);
  });

  test('a stop right behind it leaves nothing running', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run', 'run');
    // The launcher waits before it has its lock.
    guest.host.pause(1, { pattern: 'daemon *' });
    const starting = guest.host.start('service', ['bhyve_g', 'onestart']);
    await guest.host.paused();
    const stopping = guest.verb('stop');
    guest.host.release();
    const [started, stopped] = [await starting.done, await stopping];
    expect([stopped.status, stopped.stdout]).toEqual([0, 'g: stopped\n']);
    expect(started.status === 0 || started.stderr.includes('was stopped')).toBe(true);
    await guest.host.waitFor(() => guest.look() === guest.before);
    expect((await guest.verb('status')).status).toBe(3);
  });
});

describe.concurrent('the service', () => {
  test.runIf(full)('what rc.conf says of a daemon holds for the guest', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    const settings = {
      limits: '-n 1000',
      nice: '5',
      fib: '2',
      env: 'WORD=\\"two words\\"',
      oomprotect: 'ALL',
      cpuset: '0-1',
      prepend: 'env PREPENDED=1',
      env_file: '/etc/g.env',
      setup: 'touch $BHYVEC_ROOT/set-up',
      login_class: 'guests',
      user: 'nobody',
    };
    const lines = Object.entries(settings).map(([name, value]) => `bhyve_g_${name}="${value}"\n`);
    writeFileSync(guest.host.path('/etc/rc.conf'), lines.join('').replace('$BHYVEC_ROOT', guest.host.root));
    writeFileSync(guest.host.path('/etc/g.env'), 'FROM_FILE=yes\n');
    const { status, stderr } = await guest.service('onestart');
    expect([status, stderr]).toEqual([0, expect.stringContaining('WARNING: bhyve_g_user has no effect')]);
    expect(existsSync(guest.host.path('/set-up'))).toBe(true);
    const pid = await guest.host.waitRunning('g');
    const environment = readFileSync(`/proc/${String(pid)}/environ`, 'utf8').split('\0');
    expect(environment).toEqual(expect.arrayContaining(['WORD=two words', 'PREPENDED=1', 'FROM_FILE=yes']));
    const nice = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')[16];
    // 19 is the most: these tests may run with a priority of their own.
    expect(nice).toBe(String(Math.min(19, getPriority() + 5)));
    const ran = guest.host.history().map(({ argv }) => argv.join(' '));
    for (const words of ['cpuset -l 0-1 limits -C guests -n 1000', 'protect -i', 'setfib -F 2', 'nice -n 5']) {
      expect(ran).toContainEqual(expect.stringContaining(words));
    }
    const stopped = await guest.service('onestop');
    expect([stopped.status, stopped.stderr]).toEqual([0, '']);
  });

  test('after its launcher was killed it gives the answer of launch status', async () => {
    const guest = new Guest();
    guest.host.script('g', 'run');
    expect((await guest.service('onestart')).status).toBe(0);
    const pid = Number(readFileSync(guest.host.path('/var/run/bhyve_g.pid'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    await guest.host.waitFor(() => !existsSync(guest.host.path('/var/run/bhyve_g.pid')));
    const [own, service] = [await guest.verb('status'), await guest.service('onestatus')];
    expect([own.status, service.stdout]).toEqual([4, own.stdout]);
    expect(service.status).not.toBe(0);
    expect((await guest.service('onestart')).stderr).toContain('whose launcher was killed');
    expect((await guest.service('onestop')).status).toBe(0);
    await guest.host.waitFor(() => guest.look() === guest.before);
  });

  test('a processor that cannot run guests is told once, before a tap is made', async () => {
    const guest = new Guest({}, 'freebsd-15.0', { deadModules: ['vmm'] });
    for (const result of [await guest.verb('run'), await guest.service('onestart'), await guest.verb('check')]) {
      expect(result.status).not.toBe(0);
      expect(result.stderr).toMatch(/the processor cannot run guests.*VT-x or AMD-V/);
    }
    const { stderr } = await guest.verb('check');
    expect(stderr.split('the processor cannot run guests')).toHaveLength(2);
    expect(guest.host.history().some(({ argv }) => argv[0] === 'ifconfig' && argv.includes('create'))).toBe(false);
  });
});

describe.concurrent('status 1 of bhyve', () => {
  test.each([
    [
      'a command line that was refused, with a loader',
      { boot: 'freebsd' },
      'exit-at-once:1',
      1,
      'bhyve refused its command line',
    ],
    ['a command line that was refused, without one', {}, 'exit-at-once:1', 1, 'bhyve refused its command line'],
    ['a device that was refused', {}, 'refused:1', 1, 'bhyve could not set the guest up'],
    ['a power-off', { boot: 'freebsd' }, 'exit:1', 0, 'the guest powered off'],
    [
      'a power-off that gives the VM up',
      { domain: "<bhyve:commandline><bhyve:arg value='-D'/></bhyve:commandline>" },
      'exit:1',
      0,
      'the guest powered off',
    ],
    [
      '-D and a command line that was refused',
      { domain: "<bhyve:commandline><bhyve:arg value='-D'/></bhyve:commandline>" },
      'exit-at-once:1',
      1,
      'bhyve refused its command line',
    ],
  ] as const)('%s', async (_why, options, entry, status, meaning) => {
    const guest = new Guest(options);
    guest.host.script('g', entry);
    const result = await guest.verb('run');
    expect([result.status, `${result.stdout}${result.stderr}`]).toEqual([status, expect.stringContaining(meaning)]);
    expect(guest.look()).toBe(guest.before);
  });
});

describe.concurrent('check', () => {
  const wired = { domain: '<memoryBacking><locked/></memoryBacking>' };
  const pages = (free: number): { sysctls: Record<string, string> } => ({
    sysctls: {
      'hw.pagesize': '4096',
      'vm.stats.vm.v_free_count': String(free),
      'vm.stats.vm.v_inactive_count': '256',
      'kern.racct.enable': '1',
    },
  });
  test.each([
    [130_816, 0],
    [130_815, 6],
  ])('a wired guest of 512 MiB, %i pages free and 256 to be had', async (free, status) => {
    const guest = new Guest(wired, 'freebsd-14.3', pages(free));
    const result = await guest.verb('check');
    expect(result.status, result.stderr).toBe(status);
    if (status !== 0)
      expect(result.stderr).toContain('512 MiB of wired memory are more than the 511 MiB that are free');
  });

  test.runIf(full)('a file in the way of the folder of runs', async () => {
    const guest = new Guest();
    mkdirSync(guest.host.path('/var/run'), { recursive: true });
    writeFileSync(guest.host.path('/var/run/bhyvec'), '');
    expect(await guest.verb('check')).toMatchObject({
      status: 1,
      stderr: 'g: /var/run/bhyvec is in the way of the folder /var/run/bhyvec/g: move it away\n',
    });
    expect((await guest.host.run(guest.launch, ['run'], { env: limits })).status).toBe(1);
  });
});
