/** The file of the control socket: its mode, its group, who may take its place, and its end. */
import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { errorCodes, type Service } from '../../src/control/protocol.ts';
import { serveControl } from '../../src/control/server/control.ts';
import { connectTo } from './peer.ts';
import { serveFake, type Served } from './served.ts';

const exit = '{"jsonrpc":"2.0","id":1,"method":"supervisor.exit"}';
let served: Served;
let file: string;
let service: Service;

beforeEach(async () => {
  served = await serveFake();
  file = served.file;
  service = served.fake.service;
});

afterEach(async () => {
  await served.end();
});

test('has the mode 0600, and nothing else is left in the folder', () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(served.folder)).toEqual(['sock']);
});

test('with a group it has the mode 0660; a group that is not there is refused', async () => {
  const group = String(process.getgid?.() ?? 0);
  const other = path.join(served.folder, 'other');
  const server = await serveControl({ path: other, service, group });
  expect(statSync(other).mode & 0o777).toBe(0o660);
  await server.close();
  const wrong = serveControl({ path: other, service, group: 'no-such-group' });
  await expect(wrong).rejects.toThrow(/cannot be given to the group "no-such-group": .*no-such-group/);
  expect(readdirSync(served.folder)).toEqual(['sock']);
});

test('a supervisor that answers is left alone', async () => {
  const second = serveControl({ path: file, service });
  await expect(second).rejects.toThrow(`a supervisor serves ${file} already; stop it first`);
  expect(await served.ask(exit)).toHaveLength(1);
});

test('what a dead supervisor left is replaced', async () => {
  // A name for a socket that nobody serves: bound, then renamed, so that its end does not remove it.
  const left = path.join(served.folder, 'left');
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(`${left}.1`, resolve));
  renameSync(`${left}.1`, left);
  await new Promise((resolve) => dead.close(resolve));
  expect(existsSync(left)).toBe(true);
  const server = await serveControl({ path: left, service });
  const peer = await connectTo(left);
  peer.send(`${exit}\n`);
  expect(await peer.reply()).toMatchObject({ id: 1 });
  peer.close();
  await server.close();
  expect(existsSync(left)).toBe(false);
});

test('a file that is no socket is not removed', async () => {
  const mine = path.join(served.folder, 'mine');
  writeFileSync(mine, 'mine');
  await expect(serveControl({ path: mine, service })).rejects.toThrow(`${mine} is there and is no socket`);
  expect(existsSync(mine)).toBe(true);
});

test('a folder that is not there, and a path that is too long', async () => {
  const nowhere = path.join(served.folder, 'x/sock');
  await expect(serveControl({ path: nowhere, service })).rejects.toThrow(/cannot make the socket .*ENOENT/);
  const long = path.join(served.folder, 'x'.repeat(100));
  await expect(serveControl({ path: long, service })).rejects.toThrow(/bytes too long for a unix socket/);
});

test('after the end it is gone, and what waited was answered', async () => {
  served.fake.holdBack();
  const peer = await connectTo(file);
  peer.call('domain.start', { domain: 'db', wait: true });
  await expect.poll(() => served.fake.calls).toContain('domain.start');
  await served.server.close();
  expect(await peer.reply()).toMatchObject({ id: 1, error: { code: errorCodes['going away'] } });
  expect(existsSync(file)).toBe(false);
  served.fake.finish('db');
  peer.close();
});

test('the end of an older one does not remove the file of a newer one', async () => {
  renameSync(file, `${file}.old`);
  const newer = await serveControl({ path: file, service });
  await served.server.close();
  expect(existsSync(file)).toBe(true);
  await newer.close();
  expect(existsSync(file)).toBe(false);
});
