// daemon(8), lockf(1), rc.subr(8), service(8) and the other tools of the stand-in host, and its control program.

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { size } from '../full.ts';
import { createHost, type Host, type HostOptions } from './host.ts';

const guestsAtOnce = size(15, 200);
let host: Host;
afterEach(() => {
  host.dispose();
});
const make = (options: HostOptions = {}): Host =>
  (host = createHost({ modules: ['vmm'], disks: ['/vm/a.img'], ...options }));
const status = async (command: string, ...words: string[]) => (await host.run(command, words)).status;

function script(name: string, text: string): string {
  const file = host.path(name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o555);
  return file;
}

test('daemon keeps the pid file while the child lives', async () => {
  make();
  const pidFile = host.path('/var/run/x.pid');
  expect(
    await status('daemon', '-f', '-p', '/var/run/x.pid', '-o', '/var/log/x.log', 'sh', '-c', 'echo out; exec sleep 30'),
  ).toBe(0);
  await host.waitFor(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
  expect(await status('daemon', '-f', '-p', '/var/run/x.pid', 'true')).toBe(3);
  expect(host.state()).toMatch(/var\/run\/x.pid 0600/);
  await host.waitFor(() => readFileSync(host.path('/var/log/x.log'), 'utf8') === 'out\n');
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  await host.waitFor(() => !existsSync(pidFile) && host.processes().length === 0);
});

test('daemon refuses bad words before it detaches, and nothing after', async () => {
  make();
  expect(await status('daemon')).toBe(1);
  expect(await status('daemon', '-p', '/no/dir/x.pid', 'true')).toBe(2);
  expect(await status('daemon', '-m', '9', '-o', '/var/log/x', 'true')).toBe(6);
  expect(await status('daemon', '-R', '0', 'true')).toBe(6);
  expect(await status('daemon', '-o', '/no/dir/x', 'true')).toBe(7);
  expect(await status('daemon', '-f', '/no/such/program')).toBe(0);
});

test.each([
  ['13.2', false],
  ['14.3', true],
])('the supervisor of %s stays after SIGTERM: %s', async (release, stays) => {
  make({ release });
  const [ready, asked, mayEnd] = ['ready', 'asked', 'may-end'].map((name) => host.path(`/tmp/${name}`));
  const child = `trap ': >${asked}' TERM; : >${ready}; until [ -e ${mayEnd} ]; do sleep 0.01; done`;
  await status('daemon', '-f', '-P', '/var/run/s.pid', '-p', '/var/run/c.pid', 'sh', '-c', child);
  await host.waitFor(() => existsSync(String(ready)));
  process.kill(Number(readFileSync(host.path('/var/run/s.pid'), 'utf8')), 'SIGTERM');
  await host.waitFor(() => existsSync(String(asked)));
  // The one is gone while its child still ends, the other only afterwards.
  if (!stays) await host.waitFor(() => host.processes().length === 0);
  expect(host.processes().length).toBe(stays ? 1 : 0);
  expect(existsSync(host.path('/var/run/c.pid'))).toBe(stays);
  writeFileSync(String(mayEnd), '');
  await host.waitFor(() => !existsSync(host.path('/var/run/c.pid')) && host.processes().length === 0);
});

test('lockf gives 75 when the lock is taken, and the lock dies with it', async () => {
  make();
  const first = host.start('lockf', ['-k', '-t', '0', '/var/run/l', 'sleep', '30']);
  await host.waitFor(() => host.history().some(({ argv }) => argv[0] === 'sleep'));
  expect(await status('lockf', '-k', '-s', '-t', '0', '/var/run/l', 'true')).toBe(75);
  first.kill('SIGKILL');
  await first.done;
  expect(await status('lockf', '-k', '-t', '0', '/var/run/l', 'sh', '-c', 'exit 5')).toBe(5);
  process.kill(host.history().find(({ argv }) => argv[0] === 'sleep')?.pid ?? 0, 'SIGKILL');
});

const RCD = `#!/bin/sh
# PROVIDE: guest
. /etc/rc.subr
name="guest"
rcvar="guest_enable"
load_rc_config $name
: \${guest_enable:="NO"}
pidfile="/var/run/guest.pid"
procname="/usr/local/libexec/guest"
command_interpreter="/bin/sh"
command="/usr/sbin/daemon"
command_args="-f -p \${pidfile} /bin/sh \${BHYVEC_ROOT}\${procname}"
required_modules="vmm if_bridge"
extra_commands="hello"
hello_cmd="echo hello"
run_rc_command "$1"
`;

test('an rc.d script starts, reports and stops through service', async () => {
  make();
  script('/usr/local/libexec/guest', '#!/bin/sh\ntrap "exit 0" TERM\nwhile :; do sleep 0.05; done\n');
  script('/usr/local/etc/rc.d/guest', RCD);
  const service = async (...words: string[]) => host.run('service', words);
  expect(await service('guest', 'start')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('guest_enable') as string,
  });
  expect((await service('guest', 'status')).stdout).toContain('Cannot');
  expect((await service('guest', 'onestart')).status).toBe(0);
  await host.waitFor(() => readFileSync(host.path('/var/run/guest.pid'), 'utf8') !== '');
  expect(await status('kldstat', '-q', '-m', 'if_bridge')).toBe(0);
  expect((await service('guest', 'onestatus')).stdout).toMatch(/guest is running as pid \d+/);
  expect((await service('guest', 'onestart')).status).toBe(1);
  expect((await service('guest', 'onehello')).stdout).toBe('hello\n');
  expect(await service('guest', 'onenothing')).toMatchObject({ status: 1 });
  expect((await service('guest', 'onestop')).status).toBe(0);
  expect((await service('guest', 'onestatus')).status).toBe(1);
  await host.waitFor(() => !existsSync(host.path('/var/run/guest.pid')));
  writeFileSync(host.path('/etc/rc.conf'), 'guest_enable="YES"\n');
  expect((await service('-e')).stdout).toBe('/usr/local/etc/rc.d/guest\n');
  expect(await service('none', 'start')).toMatchObject({ status: 1 });
});

test('rctl needs the tunable and forgets rules with their process', async () => {
  make();
  expect((await host.run('rctl', ['-a', `process:${process.pid}:pcpu:deny=50`])).stderr).toContain('kern.racct.enable');
  host.dispose();
  make({ sysctls: { 'kern.racct.enable': '1' } });
  expect(await status('rctl', '-a', `process:${process.pid}:pcpu:deny=50`)).toBe(0);
  expect(await status('rctl', '-a', 'process:999999:pcpu:deny=50')).toBe(1);
  expect(host.state()).toContain('process:PID:pcpu:deny=50');
  expect(await status('rctl', '-r', `process:${process.pid}`)).toBe(0);
  expect(host.state()).toContain('[rctl]\n[files]');
});

test('zfs makes a volume whose node is a character device', async () => {
  make({ zvols: ['zroot/vm/a'] });
  expect(await status('zfs', 'create', '-V', '1G', '-o', 'volmode=dev', 'zroot/vm/b')).toBe(0);
  expect(await status('zfs', 'create', '-V', '1G', 'zroot/vm/b')).toBe(1);
  expect(await status('sh', '-c', '[ -c "$BHYVEC_ROOT/dev/zvol/zroot/vm/b" ]')).toBe(0);
  expect((await host.run('zfs', ['list', '-H', '-o', 'name', '-t', 'volume'])).stdout).toBe('zroot/vm/a\nzroot/vm/b\n');
  expect((await host.run('zfs', ['get', '-Hp', '-o', 'value', 'volsize', 'zroot/vm/b'])).stdout).toBe('1073741824\n');
  expect(await status('zfs', 'list', 'zroot/none')).toBe(1);
  expect(await status('zfs', 'destroy', 'zroot/vm/b')).toBe(0);
});

test('swtpm listens on its socket until it is told to stop', async () => {
  make();
  mkdirSync(host.path('/var/db/tpm'), { recursive: true });
  expect(
    await status(
      'swtpm',
      'socket',
      '--tpmstate',
      'dir=/var/db/tpm',
      '--ctrl',
      'type=unixio,path=/var/run/tpm.sock',
      '--tpm2',
      '--daemon',
      '--pid',
      'file=/var/run/tpm.pid',
    ),
  ).toBe(0);
  await host.waitFor(() => host.processes().length === 1);
  expect(host.state()).toContain('var/run/tpm.sock socket');
  process.kill(host.processes()[0]?.pid ?? 0, 'SIGTERM');
  await host.waitFor(() => host.processes().length === 0);
  expect(host.state()).not.toContain('tpm.sock');
});

test('faults hit the nth matching command, before or after its effect', async () => {
  make();
  host.fail(2, { pattern: 'ifconfig', status: 9 });
  host.fail(1, { pattern: '*tap2 create*', after: true, status: 3 });
  expect(await status('ifconfig', 'tap0', 'create')).toBe(0);
  expect(await status('kldstat', '-q', '-m', 'vmm')).toBe(0);
  expect(await status('ifconfig', 'tap1', 'create')).toBe(9);
  expect(await status('ifconfig', 'tap2', 'create')).toBe(3);
  expect(host.state()).not.toContain('tap1 |');
  expect(host.state()).toContain('tap2 |');
  host.disarm();
  host.fail(1);
  expect(await status('rm', '-f', '/nothing')).toBe(1);
});

test('a paused command waits for release, or ends without effect', async () => {
  make();
  host.pause(1, { pattern: 'ifconfig' });
  const first = host.start('ifconfig', ['tap0', 'create']);
  expect(await host.paused()).toMatchObject({ pid: first.pid, ppid: process.pid });
  expect(host.state()).not.toContain('tap0');
  host.release();
  expect((await first.done).status).toBe(0);
  host.pause(1, { pattern: 'ifconfig' });
  const second = host.start('ifconfig', ['tap1', 'create']);
  await host.paused();
  host.release({ abort: true });
  expect((await second.done).signal).toBe('SIGKILL');
  expect(host.state()).not.toContain('tap1');
});

test('what is armed ends with the run that it was for, and a command that nobody answers goes on', async () => {
  make();
  host.pause(2);
  expect(await host.pausedOrOver(host.start('ifconfig', ['tap0', 'create']))).toBeNull();
  expect(await status('id', '-u')).toBe(0);
  host.pause(1);
  const paused = host.start('id', ['-u']);
  expect(await host.pausedOrOver(paused)).toMatchObject({ pid: paused.pid });
  host.disarm();
  expect(await paused.done).toMatchObject({ status: 0, stdout: '0\n' });
});

test('hostctl works by hand', async () => {
  make();
  const hostctl = path.join(import.meta.dirname, 'hostctl');
  expect((await host.run(hostctl, ['script', 'g', 'exit:1'])).status).toBe(0);
  await host.run('ifconfig', ['tap0', 'create']);
  expect((await host.run(hostctl, ['history', '--lines'])).stdout).toMatch(
    /^1 \d+ \d+ 0 "ifconfig" "tap0" "create"\n$/,
  );
  expect((await host.run(hostctl, ['state'])).stdout).toBe(host.state());
  expect((await host.run(hostctl, ['nonsense'])).status).toBe(64);
});

test(`${String(guestsAtOnce)} guests at once, each with a tap`, async () => {
  const names = Array.from({ length: guestsAtOnce }, (_, index) => index);
  make({ taps: names.map((index) => `tap${index}`) });
  const rom = 'bootrom,/usr/local/share/uefi-firmware/BHYVE_UEFI.fd';
  const guests = names.map(
    (index) => `-A -m 64M -l ${rom} -s 0,hostbridge -s 2,virtio-net,tap${index} -s 31,lpc g${index}`,
  );
  for (const guest of guests) host.warm(guest.split(' '));
  writeFileSync(host.path('/all.sh'), `${guests.map((guest) => `bhyve ${guest} &`).join('\n')}\nwait\n`);
  const all = host.start('sh', [host.path('/all.sh')]);
  await host.waitFor(() => host.processes().length === guestsAtOnce);
  await host.waitFor(() => host.state().split('open=yes').length === guestsAtOnce + 1);
  for (const { pid } of host.processes()) process.kill(pid, 'SIGTERM');
  await all.done;
  expect(host.processes()).toEqual([]);
  expect(host.state()).not.toContain('open=yes');
  expect(host.history().filter(({ status: code }) => code === '1').length).toBeGreaterThan(guestsAtOnce * 0.95);
});
