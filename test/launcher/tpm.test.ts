/** A TPM that the launcher has emulated: swtpm runs beside each bhyve, its state is kept, and its end is told. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { full } from '../full.ts';
import { Guest, hosts } from './guest.ts';

afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const state = '/var/db/bhyvec/tpm/g';
const socket = '/var/run/bhyvec/g/tpm.sock';
const withTpm = (
  inside = '',
  options: Readonly<Record<string, string>> = {},
): ConstructorParameters<typeof Guest>[0] => ({
  nics: 0,
  devices: `<tpm model='tpm-crb'><backend type='emulator' version='2.0'>${inside}</backend></tpm>`,
  ...options,
});

/** The emulators that run. */
function emulators({ host }: Guest): readonly number[] {
  return host.processes().flatMap(({ label, pid }) => (label === `swtpm ${socket}` ? [pid] : []));
}

/** The words of each start. */
function startsOf({ host }: Guest): readonly string[] {
  return host.history().flatMap(({ argv }) => (argv[0] === 'swtpm' ? [argv.join(' ')] : []));
}

describe.concurrent('swtpm', () => {
  test('runs beside each bhyve, and is gone with the guest; its state is for root alone, and stays', async () => {
    const guest = new Guest(withTpm());
    guest.host.script('g', 'exit:0', 'run');
    const running = guest.host.start(guest.launch, ['run']);
    await guest.host.waitFor(() => guest.starts() === 2);
    await guest.untilUp();
    expect(emulators(guest)).toHaveLength(1);
    expect(startsOf(guest)).toEqual(
      Array.from(
        { length: 2 },
        () =>
          `swtpm socket --tpm2 --tpmstate dir=${state},mode=0600 --server type=unixio,path=${socket},mode=0600 ` +
          '--flags not-need-init',
      ),
    );
    expect(statSync(guest.host.path(state)).mode & 0o777).toBe(0o700);
    running.kill('SIGTERM');
    const { status, stderr } = await running.done;
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('swtpm ended')]);
    expect(emulators(guest)).toEqual([]);
    expect(guest.look()).toBe(guest.before);
    expect(existsSync(guest.host.path(state))).toBe(true);
  });

  test('that ends while the guest runs is told at once, and the guest runs on', async () => {
    const guest = new Guest(withTpm());
    guest.host.script('g', 'run');
    const report = guest.host.path('/var/log/report');
    const running = guest.host.start(guest.launch, ['run'], { env: { BHYVEC_REPORT: report } });
    await guest.untilUp();
    for (const pid of emulators(guest)) process.kill(pid, 'SIGTERM');
    await guest.host.waitFor(() => readFileSync(report, 'utf8').includes('also tpm-ended swtpm ended'));
    expect(guest.isUp).toBe(true);
    running.kill('SIGTERM');
    const { status, stderr } = await running.done;
    expect([status, stderr]).toEqual([0, expect.stringContaining('the TPM of the guest does not answer any more')]);
    expect(guest.look()).toBe(guest.before);
  });

  test.runIf(full)('is ended by clean where the launcher was killed', async () => {
    const guest = new Guest(withTpm());
    guest.host.script('g', 'run');
    const running = guest.host.start(guest.launch, ['run']);
    await guest.untilUp();
    running.kill('SIGKILL');
    await running.done;
    expect(emulators(guest)).toHaveLength(1);
    expect((await guest.verb('clean')).status).toBe(0);
    expect(emulators(guest)).toEqual([]);
    expect(guest.look()).toBe(guest.before);
  });

  test('that is not installed, or cannot start, is told before the guest runs', async () => {
    const guest = new Guest(withTpm());
    const program = guest.host.path('/usr/local/bin/swtpm');
    writeFileSync(program, '#!/bin/sh\necho "swtpm: no locks available" >&2\nexit 1\n');
    const failed = await guest.verb('run');
    expect([failed.status, failed.stderr]).toEqual([1, expect.stringContaining('swtpm did not start')]);
    expect(failed.stderr).toContain('no locks available');
    expect(guest.starts()).toBe(0);
    expect(guest.look().replace(/^.*bin\/swtpm .*$/m, '')).toBe(guest.before.replace(/^.*bin\/swtpm .*$/m, ''));
    rmSync(program);
    const missed = await guest.verb('check');
    expect([missed.status, missed.stderr]).toEqual([5, expect.stringContaining('pkg install swtpm')]);
  });

  test.runIf(full)('has its passphrase from a file of the host, which has to be there', async () => {
    const secret = '6dd3e4a5-1d76-44ce-961f-f119f5aad935';
    const guest = new Guest(withTpm(`<encryption secret='${secret}'/>`));
    const file = `/usr/local/etc/bhyvec/secrets/${secret}`;
    expect((await guest.verb('check')).stderr).toContain(`the passphrase of the TPM is not in ${file}`);
    mkdirSync(path.dirname(guest.host.path(file)), { recursive: true });
    writeFileSync(guest.host.path(file), 'a long passphrase\n', { mode: 0o600 });
    guest.host.script('g', 'exit:1');
    expect((await guest.verb('run')).status).toBe(0);
    expect(startsOf(guest)[0]).toContain(` --key pwdfile=${file},mode=aes-256-cbc`);
  });
});

/** A real swtpm in the place of the stand-in: its paths lie below the directory that stands for /, and ps(1) of the host has it. */
const real = `#!/bin/sh
for word do
  shift
  case $word in *=/*) word=$(printf '%s' "$word" | sed "s|=/|=$BHYVEC_ROOT/|") ;; esac
  set -- "$@" "$word"
done
read -r line <"/proc/$$/stat" && line=\${line##*) }
printf '%s %s\nswtpm ${socket}\n' "$$" "$(echo "$line" | cut -d' ' -f20)" >"$BHYVEC_ROOT/.host/process/$$"
exec PROGRAM "$@"
`;
const installed = ['/usr/bin/swtpm', '/usr/local/bin/swtpm'].find((file) => existsSync(file));

/** Sends a command to the TPM; gives the answer in hexadecimal. */
async function ask(file: string, command: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const client = connect(file, () => client.write(Buffer.from(command, 'hex')));
    client.on('error', reject);
    client.once('data', (answer) => {
      client.end(() => {
        resolve(answer.toString('hex'));
      });
    });
  });
}

/** TPM2_Startup(CLEAR), and TPM2_GetRandom(8): the first one is what firmware says. */
const startup = '80010000000c000001440000';
const random = '80010000000c0000017b0008';

test.runIf(installed !== undefined)('the real swtpm answers, keeps its state, and is gone with the guest', async () => {
  const guest = new Guest(withTpm());
  const { host } = guest;
  writeFileSync(host.path('/usr/local/bin/swtpm'), real.replace('PROGRAM', installed ?? ''));
  host.script('g', 'run', 'exit:1');
  const running = host.start(guest.launch, ['run']);
  await guest.untilUp();
  expect(await ask(host.path(socket), startup)).toBe('80010000000a00000000');
  const answer = await ask(host.path(socket), random);
  expect([answer.length, answer.slice(0, 24)]).toEqual([40, '80010000001400000000' + '0008']);
  const pid = Number(readFileSync(host.path('/var/run/bhyvec/g/tpm.pid'), 'utf8'));
  expect(existsSync(`/proc/${String(pid)}`)).toBe(true);
  running.kill('SIGTERM');
  const { status, stderr } = await running.done;
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('swtpm ended')]);
  expect(existsSync(`/proc/${String(pid)}`)).toBe(false);
  expect(existsSync(host.path(socket))).toBe(false);
  expect(existsSync(host.path(`${state}/tpm2-00.permall`))).toBe(true);
  expect(statSync(host.path(`${state}/tpm2-00.permall`)).mode & 0o077).toBe(0);
});
