/**
 * Connection URIs, in libvirt's words (libvirt.org/uri.html). Each part is taken for hostile: what has no harmless
 * meaning is refused here, before anything is run. docs/connect.md describes them for people.
 */
import { UsageError } from '../../system/terminal.ts';

/** How to get to a far host. */
export interface SshTarget {
  readonly host: string;
  readonly user: string | null;
  readonly port: number | null;
  /** The far `bhyvec`. */
  readonly command: string;
  /** The far socket; null for the default there. */
  readonly socket: string | null;
  readonly keyfile: string | null;
  readonly knownHosts: string | null;
  /** `normal`: as ssh_config(5) says. */
  readonly verify: 'normal' | 'auto' | 'ignore';
  readonly noTty: boolean;
}

/** Where a supervisor is. */
export type Target =
  | { readonly kind: 'unix'; readonly uri: string; readonly socket: string | null }
  | ({ readonly kind: 'ssh'; readonly uri: string } & SshTarget);

const parametersOf = {
  unix: ['socket'],
  ssh: ['socket', 'command', 'keyfile', 'no_verify', 'no_tty', 'known_hosts', 'known_hosts_verify'],
} as const;

/** Parameters of libvirt that have no meaning here, with what to do instead. */
const elsewhere: Readonly<Record<string, string>> = {
  netcat: "no netcat is needed: the far side runs 'bhyvec proxy'; command=PATH names that bhyvec",
  name: 'there is one kind of hypervisor here; leave it out',
  mode: 'there is one supervisor for all; leave it out',
  proxy: "the far side always runs 'bhyvec proxy'; leave it out",
  sshauth: 'ssh(1) chooses by its own configuration, ssh_config(5); leave it out',
  pkipath: 'there is no TLS transport; use bhyve+ssh',
  no_sanity: 'there is no TLS transport; use bhyve+ssh',
  tls_priority: 'there is no TLS transport; use bhyve+ssh',
};

const examples = 'bhyve:///system, bhyve+unix:///system?socket=PATH or bhyve+ssh://[user@]host/system';

/** Refuses a URI; the sentence names its part and the cure. */
function refuse(uri: string, why: string): never {
  throw new UsageError(`connection URI ${JSON.stringify(uri)}: ${why}`);
}

/** A text without its %XX. */
function decoded(uri: string, part: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(uri, `the ${part} has a % that is not followed by a character's number; write %25 for %`);
  }
}

/** A path that can go into an option of ssh(1), a line of ssh_config(5), and through any login shell. */
function pathOf(uri: string, name: string, value: string, isFar: boolean): string {
  if (!value.startsWith('/')) refuse(uri, `${name} has to be an absolute path, not ${JSON.stringify(value)}`);
  // sh, csh and fish do not agree on what these mean between quotes.
  const forbidden = isFar ? /[\p{C}!\\]/u : /[\p{C}"\\]/u;
  const found = forbidden.exec(value)?.[0];
  if (found !== undefined) refuse(uri, `${name} cannot contain the character ${JSON.stringify(found)}`);
  return value;
}

function commandOf(uri: string, value: string): string {
  if (/(?:^|[/])ssh$/.test(value)) {
    const cure = 'the ssh of this side is chosen by the environment variable BHYVEC_SSH';
    refuse(uri, `command names bhyvec on the far side, not ssh; ${cure}`);
  }
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value)) return value;
  return pathOf(uri, 'command', value, true);
}

function truthOf(uri: string, name: string, value: string | undefined): boolean {
  if (value === undefined || value === '0') return false;
  return value === '1' || refuse(uri, `${name} has to be 0 or 1, not ${JSON.stringify(value)}`);
}

function queryOf(uri: string, query: string, known: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of query.split(/[&;]/).filter((one) => one !== '')) {
    const [rawName = '', ...rest] = part.split('=');
    const name = decoded(uri, 'name of a parameter', rawName);
    const hint = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
    if (hint !== undefined) refuse(uri, `the parameter ${name} has no meaning: ${hint}`);
    if (!known.includes(name)) {
      const list = known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`;
      refuse(uri, `there is no parameter ${JSON.stringify(name)} for this transport; ${list}`);
    }
    if (found.has(name)) refuse(uri, `the parameter ${name} is there twice`);
    const value = decoded(uri, `parameter ${name}`, rest.join('='));
    if (value === '') refuse(uri, `the parameter ${name} has no value`);
    found.set(name, value);
  }
  return found;
}

interface Authority {
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
}

function userOf(uri: string, text: string): string {
  if (text.includes(':')) refuse(uri, 'a password cannot be part of it; ssh(1) asks for it, or uses keys');
  const user = decoded(uri, 'user', text);
  if (/^[A-Za-z0-9_.][A-Za-z0-9_.@+\\-]*$/.test(user)) return user;
  return refuse(uri, `the user ${JSON.stringify(user)} has characters that no user name has`);
}

function authorityOf(uri: string, text: string): Authority {
  const at = text.lastIndexOf('@');
  const user = at === -1 ? null : userOf(uri, text.slice(0, at));
  const match = /^(\[[0-9A-Fa-f:.]+(?:%25[A-Za-z0-9._-]+)?\]|[^:[\]]*)(?::(.*))?$/.exec(text.slice(at + 1));
  const [, bracketed = '', portText] = match ?? [];
  const host = decoded(uri, 'host', bracketed).replace(/^\[|\]$/g, '');
  const isName = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(host) || bracketed.startsWith('[');
  if (match === null || !isName) {
    const words = JSON.stringify(text.slice(at + 1));
    refuse(uri, `the host ${words} has to be a name, an IPv4 address, or an IPv6 address in brackets`);
  }
  if (portText === undefined) return { user, host, port: null };
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) refuse(uri, `the port ${JSON.stringify(portText)} has to be a number from 1 to 65535`);
  return { user, host, port };
}

function verifyOf(uri: string, query: ReadonlyMap<string, string>): SshTarget['verify'] {
  const value = query.get('known_hosts_verify');
  const noVerify = truthOf(uri, 'no_verify', query.get('no_verify'));
  if (value === undefined) return noVerify ? 'ignore' : 'normal';
  if (noVerify) refuse(uri, 'no_verify and known_hosts_verify cannot be there together');
  if (value === 'normal' || value === 'auto' || value === 'ignore') return value;
  return refuse(uri, `known_hosts_verify has to be normal, auto or ignore, not ${JSON.stringify(value)}`);
}

function sshTargetOf(uri: string, authority: string, query: ReadonlyMap<string, string>): SshTarget {
  const path = (name: string, isFar: boolean): string | null => {
    const value = query.get(name);
    return value === undefined ? null : pathOf(uri, name, value, isFar);
  };
  return {
    ...authorityOf(uri, authority),
    command: commandOf(uri, query.get('command') ?? 'bhyvec'),
    socket: path('socket', true),
    keyfile: path('keyfile', false),
    knownHosts: path('known_hosts', false),
    verify: verifyOf(uri, query),
    noTty: truthOf(uri, 'no_tty', query.get('no_tty')),
  };
}

/** Reads a URI; a wrong one is wrong usage. */
export function parseUri(uri: string): Target {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(uri);
  if (match === null) return refuse(uri, `it is no URI; examples are ${examples}`);
  const [, scheme = '', authority = '', path = '', query = '', fragment] = match;
  const [driver = '', transport, ...more] = scheme.toLowerCase().split('+');
  if (driver !== 'bhyve') refuse(uri, `the driver has to be bhyve, not ${driver}; examples are ${examples}`);
  if (more.length > 0 || (transport !== undefined && transport !== 'unix' && transport !== 'ssh')) {
    const words = scheme.slice('bhyve+'.length);
    refuse(uri, `there is no transport ${JSON.stringify(words)}; there are unix and ssh`);
  }
  if (path !== '/system') refuse(uri, `the path has to be /system, not ${JSON.stringify(path)}`);
  if (fragment !== undefined) refuse(uri, 'a part behind # has no meaning; write %23 for #');
  if (transport === 'ssh') {
    if (authority === '') refuse(uri, 'the host is missing; write bhyve+ssh://host/system');
    return { kind: 'ssh', uri, ...sshTargetOf(uri, authority, queryOf(uri, query, parametersOf.ssh)) };
  }
  if (authority !== '') {
    refuse(uri, `a host needs a transport that gets there; write bhyve+ssh://${authority}/system`);
  }
  const socket = queryOf(uri, query, parametersOf.unix).get('socket');
  return { kind: 'unix', uri, socket: socket === undefined ? null : localPath(uri, socket) };
}

function localPath(uri: string, socket: string): string {
  if (!socket.startsWith('/')) refuse(uri, `socket has to be an absolute path, not ${JSON.stringify(socket)}`);
  if (socket.includes('\0')) refuse(uri, 'socket cannot contain a NUL');
  return socket;
}

/** The URI that a command uses: the option, the environment, or the supervisor of this host. */
export function chooseUri(
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const named = option ?? environment['BHYVEC_DEFAULT_URI'] ?? '';
  return named === '' ? 'bhyve:///system' : named;
}

/** The socket of the supervisor of this host; BHYVEC_ROOT stands for / in rehearsals. */
export function defaultSocket(environment: Readonly<Record<string, string | undefined>>): string {
  return `${environment['BHYVEC_ROOT'] ?? ''}/var/run/bhyvecd/sock`;
}
