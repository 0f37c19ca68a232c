/**
 * A supervisor is asked to end at any moment of its start and its life: it always ends with status 0, leaves nothing of
 * its own, and its guests do not notice. Moments are counted in calls to the system, and drawn by time.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { size } from '../full.ts';
import { pathsBelow } from '../../src/supervisor/paths.ts';
import type { Host } from '../host/host.ts';
import { idle, until } from '../until.ts';
import { bhyves, hostForGuests, look, quickEnvironment } from './harness.ts';
import { buildPrograms, Client, supervise, type Programs } from './process.ts';

/** What CI runs; every developer's run takes some of them. */
const tries = size(2, 1000);
/** Hosts at the same time. */
const lanes = size(1, 4);
const preload = fileURLToPath(new URL('signal-at.mjs', import.meta.url));
const limits = ['--target', 'freebsd-14.3', '--stop-limit', '2', '--force-limit', '1', '--loader-limit', '5'];

let programs: Programs;
const hosts: Host[] = [];

beforeAll(async () => {
  programs = await buildPrograms();
});
afterAll(() => {
  for (const host of hosts.splice(0)) host.dispose();
  programs.remove();
});

/** When it is asked, how, and what it is doing then. */
interface Try {
  readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP';
  /** Before so many calls; 0: never. Where it never comes to them, the time decides. */
  readonly call: number;
  /** After it catches signals, or keeps guests, in milliseconds. */
  readonly after: number;
  readonly since: 'caught' | 'keeps';
  /** Somebody asks for a start or an end of a guest at the same time. */
  readonly busy: boolean;
  /** The same signal comes again after so many milliseconds; null: it does not. */
  readonly again: number | null;
}

/** What a supervisor has said and how it has ended. */
interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
  readonly calls: number;
}

async function run(host: Host, { signal, call, after, since, busy, again }: Try): Promise<Ended> {
  const words = ['--import', preload, programs.supervisor, ...limits];
  const at = { SIGNAL_AT_FROM: 'caught', SIGNAL_AT_NAME: signal, SIGNAL_AT_CALL: String(call) };
  const env = { ...host.env, ...quickEnvironment, ...at };
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let [err, told, isOver] = ['', '', false];
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const tells = child.stdio[3];
  if (tells instanceof Readable) tells.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status, by) => {
      isOver = true;
      resolve({ status, signal: by, err, calls: Number(/calls (\d+)/.exec(told)?.[1]) });
    });
  });
  const keeps = (): boolean => err.includes('keeps guests as process');
  const isTime = since === 'caught' && call === 0 ? (): boolean => told.includes('caught') : keeps;
  await until(() => isOver || isTime(), 'a supervisor');
  if (isOver) return await ended;
  const client = busy && keeps() ? new Client(pathsBelow(host.root).socket) : null;
  for (const method of ['domain.start', 'domain.destroy']) {
    client?.call(method, { domain: 'c', wait: false }).catch(() => undefined);
  }
  await idle(after);
  child.kill(signal);
  if (again !== null) {
    await idle(again);
    child.kill(signal);
  }
  const end = await ended;
  client?.end();
  return end;
}

/** Files of the supervisor's own that are there only while it runs, or that it makes aside. */
function left(host: Host): readonly string[] {
  const { run: folder, db } = pathsBelow(host.root);
  const known = new Set(['boot', 'reports', 'guests', 'journal', 'nvram']);
  return [folder, db].flatMap((one) => readdirSync(one).filter((name) => !known.has(name)));
}

/** A host with two guests that run and one that is defined; the supervisor has gone. */
async function hostWithGuests(): Promise<{ readonly host: Host; readonly before: string }> {
  const host = hostForGuests(['a', 'b', 'c']);
  hosts.push(host);
  const before = look(host);
  const first = await supervise(programs, host);
  for (const name of ['a', 'b', 'c']) await first.define(name);
  for (const domain of ['a', 'b']) await first.call('domain.start', { domain, wait: true });
  for (const name of ['a', 'b']) await host.waitRunning(name);
  expect(await first.end()).toBe(0);
  return { host, before };
}

const clean = { status: 0, signal: null } as const;
const plain: Try = { signal: 'SIGTERM', call: 0, after: 0, since: 'keeps', busy: false, again: null };

/** Asks for the end of a supervisor at these moments, one after the other, beside guests that run all the time. */
async function askAt(moments: (calls: number) => readonly Try[]): Promise<void> {
  const { host, before } = await hostWithGuests();
  const guests = [bhyves(host, 'a'), bhyves(host, 'b')];
  const { calls } = await run(host, plain);
  expect(calls).toBeGreaterThan(20);
  for (const one of moments(calls)) {
    const { status, signal, err } = await run(host, one);
    const found = { one, status, signal, left: left(host), guests: [bhyves(host, 'a'), bhyves(host, 'b')], err };
    expect(found).toEqual({ one, ...clean, left: [], guests, err: found.err });
    // The null modem of c is not there before its launcher has made it, nor after: on a busy machine that is told.
    expect(err.replace(/^.*\bcom1 of c cannot be opened: ENOENT.*$/gm, '')).not.toMatch(/bug|Error|cannot/);
  }
  const last = await supervise(programs, host);
  for (const domain of ['a', 'b', 'c']) {
    await last.call('domain.destroy', { domain }).catch(() => undefined);
    await until(() => bhyves(host, domain).length === 0, `${domain} to end`);
  }
  await until(() => look(host) === before, 'the host as it was');
  expect(await last.end()).toBe(0);
}

/** The moments of one of several hosts that run at the same time; a supervisor makes so many calls to the system. */
function drawn(lane: number, calls: number): readonly Try[] {
  const one = fc.record<Try>({
    signal: fc.constantFrom('SIGTERM', 'SIGTERM', 'SIGINT', 'SIGHUP'),
    call: fc.oneof(fc.integer({ min: 1, max: calls + 20 }), fc.constant(0)),
    after: fc.integer({ min: 0, max: 400 }),
    since: fc.constantFrom('caught', 'keeps'),
    busy: fc.boolean(),
    again: fc.option(fc.integer({ min: 0, max: 40 })),
  });
  return fc.sample(one, tries).filter((_, i) => i % lanes === lane);
}

test(`asked at ${String(tries)} moments: always 0, nothing left, guests unharmed`, async () => {
  await Promise.all(Array.from({ length: lanes }, (_, lane) => askAt((calls) => drawn(lane, calls))));
});

test('asked before it has begun: it begins nothing', async () => {
  const host = hostForGuests(['a']);
  hosts.push(host);
  const before = host.state();
  const { status, signal, err } = await run(host, { ...plain, call: 1 });
  expect({ status, signal, err }).toEqual({ ...clean, err: 'bhyvec: SIGTERM: ends; guests go on\n' });
  expect(host.state()).toBe(before);
});

test('a start that fails ends, although guests run whose consoles it has begun to open', async () => {
  const { host } = await hostWithGuests();
  mkdirSync(path.join(host.root, 'var/run/bhyvecd/sock'));
  const { status, err } = await run(host, plain);
  expect(err).toContain('is there and is no socket');
  expect(status).toBe(1);
  expect(left(host)).toEqual(['sock']);
});
