/** A real sshd on 127.0.0.1 for one test: its own keys, port and configuration; nobody's home folder is touched. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { found } from '../until.ts';

/** A running server. */
export interface Sshd {
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  /** The key that may log in. */
  readonly keyfile: string;
  /** A known_hosts file with this server in it, and an empty one. */
  readonly knownHosts: string;
  readonly emptyKnownHosts: string;
  log(): string;
  end(): Promise<void>;
}

/** The server program; null where there is none. */
export function findSshd(): string | null {
  const candidates = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'];
  const hasTools = ['ssh', 'ssh-keygen'].every((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0);
  return hasTools ? (candidates.find((file) => existsSync(file)) ?? null) : null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1');
    probe.on('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => {
      resolve(false);
    });
  });
}

function makeKey(file: string): void {
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** Starts one. */
export async function startSshd(program: string): Promise<Sshd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-sshd-'));
  const file = (name: string): string => path.join(folder, name);
  for (const name of ['hostkey', 'userkey']) makeKey(file(name));
  const port = await freePort();
  writeFileSync(file('authorized'), readFileSync(file('userkey.pub')), { mode: 0o600 });
  writeFileSync(file('known'), `[127.0.0.1]:${String(port)} ${readFileSync(file('hostkey.pub'), 'utf8')}`);
  writeFileSync(file('empty'), '');
  const lines = [
    `Port ${String(port)}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('hostkey')}`,
    `AuthorizedKeysFile ${file('authorized')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitUserEnvironment no',
  ];
  writeFileSync(file('config'), `${lines.join('\n')}\n`);
  // Debian's sshd wants this folder, which its service would have made.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(program, ['-D', '-e', '-f', file('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const isThere = async (): Promise<true | undefined> => {
    if (child.exitCode !== null) throw new Error(`sshd has ended: ${log}`);
    return (await answers(port)) ? true : undefined;
  };
  await found(isThere, () => `an answer of sshd: ${log}`);
  return {
    folder,
    port,
    user: userInfo().username,
    keyfile: file('userkey'),
    knownHosts: file('known'),
    emptyKnownHosts: file('empty'),
    log: () => log,
    async end() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
