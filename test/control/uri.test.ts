/** Connection URIs: what each part means, what is refused and with which words, and that no part becomes an option. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sshWords } from '../../src/control/client/ssh.ts';
import { chooseUri, defaultSocket, parseUri, type SshTarget } from '../../src/control/client/uri.ts';
import { UsageError } from '../../src/system/terminal.ts';

function sshOf(uri: string): SshTarget {
  const target = parseUri(uri);
  if (target.kind !== 'ssh') throw new Error('not ssh');
  return target;
}

test('the URI of a command', () => {
  expect(chooseUri(undefined, {})).toBe('bhyve:///system');
  expect(chooseUri(undefined, { BHYVEC_DEFAULT_URI: '' })).toBe('bhyve:///system');
  expect(chooseUri(undefined, { BHYVEC_DEFAULT_URI: 'x' })).toBe('x');
  expect(chooseUri('y', { BHYVEC_DEFAULT_URI: 'x' })).toBe('y');
  expect(defaultSocket({ BHYVEC_ROOT: '/r' })).toBe('/r/var/run/bhyvecd/sock');
});

test.each([
  ['bhyve:///system', null],
  ['bhyve+unix:///system', null],
  ['BHYVE:///system', null],
  ['bhyve+unix:///system?socket=/tmp/a%20b', '/tmp/a b'],
])('%s', (uri, socket) => {
  expect(parseUri(uri)).toEqual({ kind: 'unix', uri, socket });
});

test('all parts of an ssh URI', () => {
  const query = 'socket=/s&command=/opt/bhyvec&keyfile=/k&known_hosts=/h&no_verify=1&no_tty=1';
  expect(sshOf(`bhyve+ssh://me@[fe80::1%25em0]:2222/system?${query}`)).toMatchObject({
    user: 'me',
    host: 'fe80::1%em0',
    port: 2222,
    socket: '/s',
    command: '/opt/bhyvec',
    keyfile: '/k',
    knownHosts: '/h',
    verify: 'ignore',
    noTty: true,
  });
  expect(sshOf('bhyve+ssh://host/system?known_hosts_verify=auto')).toMatchObject({ verify: 'auto', port: null });
});

test('the words of ssh', () => {
  expect(sshWords(sshOf('bhyve+ssh://host/system'))).toEqual(['-T', '-e', 'none', '--', 'host', 'bhyvec proxy']);
  const query = "socket=/a%20'b;c&keyfile=/k%25d&known_hosts=/h%25%20x&no_verify=1&no_tty=1";
  expect(sshWords(sshOf(`bhyve+ssh://me@host:22/system?${query.replace(';', '%3b')}`))).toEqual([
    ...['-T', '-e', 'none', '-o', 'BatchMode=yes', '-p', '22', '-l', 'me', '-i', '/k%%d'],
    ...['-o', 'UserKnownHostsFile="/h%% x"', '-o', 'StrictHostKeyChecking=no'],
    ...['--', 'host', "bhyvec proxy --socket '/a '\\''b;c'"],
  ]);
});

describe('refused', () => {
  test.each([
    ['', 'it is no URI'],
    ['/var/run/sock', 'it is no URI'],
    ['qemu:///system', 'the driver has to be bhyve, not qemu'],
    ['bhyve:///session', 'the path has to be /system, not "/session"'],
    ['bhyve://host/system', 'write bhyve+ssh://host/system'],
    ['bhyve+unix://host/system', 'a host needs a transport'],
    ['bhyve+tls://host/system', 'there is no transport "tls"; there are unix and ssh'],
    ['bhyve+libssh2://host/system', 'there is no transport'],
    ['bhyve+ssh:///system', 'the host is missing'],
    ['bhyve+ssh://-oProxyCommand=x/system', 'the host "-oProxyCommand=x" has to be a name'],
    ['bhyve+ssh://%2doProxyCommand/system', 'has to be a name'],
    ['bhyve+ssh://a;b/system', 'has to be a name'],
    ['bhyve+ssh://$(x)/system', 'has to be a name'],
    ['bhyve+ssh://a%20b/system', 'has to be a name'],
    ['bhyve+ssh://-l@host/system', 'the user "-l" has characters'],
    ['bhyve+ssh://a%0ab@host/system', 'has characters that no user name has'],
    ['bhyve+ssh://me:secret@host/system', 'a password cannot be part of it'],
    ['bhyve+ssh://host:/system', 'the port "" has to be a number from 1 to 65535'],
    ['bhyve+ssh://host:0x16/system', 'the port "0x16"'],
    ['bhyve+ssh://host:65536/system', 'the port "65536"'],
    ['bhyve+ssh://host/system?socket=sock', 'socket has to be an absolute path'],
    ['bhyve+ssh://host/system?socket=', 'the parameter socket has no value'],
    ['bhyve+ssh://host/system?socket=/a%0ab', 'socket cannot contain the character "\\n"'],
    ['bhyve+ssh://host/system?socket=/a!b', 'socket cannot contain the character "!"'],
    ['bhyve+ssh://host/system?command=-x', 'command has to be an absolute path, not "-x"'],
    ['bhyve+ssh://host/system?command=a%20b', 'command has to be an absolute path'],
    ['bhyve+ssh://host/system?command=/usr/bin/ssh', 'environment variable BHYVEC_SSH'],
    ['bhyve+ssh://host/system?keyfile=-x', 'keyfile has to be an absolute path'],
    ['bhyve+ssh://host/system?known_hosts=/a%22b', 'known_hosts cannot contain the character "\\""'],
    ['bhyve+ssh://host/system?netcat=nc', "no netcat is needed: the far side runs 'bhyvec proxy'"],
    ['bhyve+ssh://host/system?pkipath=/x', 'there is no TLS transport'],
    ['bhyve+ssh://host/system?nonsense=1', 'there is no parameter "nonsense"'],
    ['bhyve+ssh://host/system?__proto__=1', 'there is no parameter "__proto__"'],
    ['bhyve+ssh://host/system?no_tty=yes', 'no_tty has to be 0 or 1, not "yes"'],
    ['bhyve+ssh://host/system?no_tty=1&no_tty=1', 'the parameter no_tty is there twice'],
    ['bhyve+ssh://host/system?no_verify=1&known_hosts_verify=auto', 'cannot be there together'],
    ['bhyve+ssh://host/system?known_hosts_verify=x', 'normal, auto or ignore'],
    ['bhyve+ssh://host/system?socket=/%zz', 'write %25 for %'],
    ['bhyve+ssh://host/system#x', 'a part behind # has no meaning'],
    ['bhyve:///system?keyfile=/x', 'there is no parameter "keyfile" for this transport; there are socket'],
  ])('%s', (uri, message) => {
    expect(() => parseUri(uri)).toThrow(UsageError);
    expect(() => parseUri(uri)).toThrow(message);
  });
});

const specials = [
  '-',
  '/',
  'a',
  ';',
  '$',
  '`',
  "'",
  '"',
  '\\',
  '!',
  '%',
  '~',
  '=',
  ' ',
  '|',
  '&',
  '<',
  '(',
  '*',
  '?',
  '[',
  '{',
  '#',
];
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...specials), maxLength: 6 }),
);
const part = fc.constantFrom('user', 'host', 'socket', 'keyfile', 'command', 'known_hosts');

function uriWith(name: string, value: string): string {
  // A lone surrogate cannot be written in a URI.
  const text = encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, ''));
  if (name === 'user') return `bhyve+ssh://${text}@host/system`;
  if (name === 'host') return `bhyve+ssh://${text}/system`;
  return `bhyve+ssh://me@host/system?${name}=${name === 'user' ? '' : '/'}${text}`;
}

test('whatever the parts are: ssh gets its own options, one host, and one command that a shell reads as meant', () => {
  let accepted = 0;
  fc.assert(
    fc.property(part, hostile, (name, value) => {
      let target: SshTarget;
      try {
        target = sshOf(uriWith(name, value));
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        return;
      }
      accepted += 1;
      const words = sshWords(target);
      const end = words.indexOf('--');
      expect(end).toBe(words.length - 3);
      // What is not an option of ours is the value of the one before it.
      const known = ['-T', '-e', '-l', '-i', '-p', '-o'];
      for (let i = 0; i < end; i += words[i] === '-T' ? 1 : 2) expect(known).toContain(words[i]);
      expect(words[end + 1]).toMatch(/^[A-Za-z0-9_]/);
      if (accepted % 20 !== 0) return;
      const far = words[end + 2] ?? '';
      const script = `set -- ${far}; printf '%s\\0' "$@"`;
      const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
      const socket = target.socket === null ? [] : ['--socket', target.socket];
      expect(stdout).toBe([target.command, 'proxy', ...socket, ''].join('\0'));
    }),
    { numRuns: 6000 },
  );
  expect(accepted).toBeGreaterThan(200);
});
