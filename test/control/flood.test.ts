/** What one client does is its own trouble: floods, silence, half lines, huge lines, thousands of connections. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { full } from '../full.ts';
import { errorCodes, rpcCodes } from '../../src/control/protocol.ts';
import { connectTo, type Peer } from './peer.ts';
import { serveFake, type Served } from './served.ts';
import { startServer } from './server-process.ts';

const mebibyte = 1024 * 1024;
let served: Served | null = null;

afterEach(async () => {
  await served?.end();
  served = null;
});

/** Others are served: a new connection gets its answer. */
async function expectService(file: string): Promise<void> {
  const peer = await connectTo(file);
  peer.call('domain.list');
  expect(await peer.reply()).toMatchObject({ id: 1, result: {} });
  peer.close();
}

test('fuzzed bytes', async () => {
  served = await serveFake();
  const { file, logged } = served;
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(`${text}\n`)),
    fc.constantFrom(
      Buffer.from('\n'),
      Buffer.from('{"jsonrpc":"2.0","id":1,"method":"domain.list"}\n'),
      Buffer.from('{"jsonrpc":"2.0","method":"event.subscribe","params":{"domain":null}}\n'),
      Buffer.from('{"jsonrpc":"2.0","id":'),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.boolean(), async (pieces, isAbrupt) => {
      const peer = await connectTo(file);
      for (const bytes of pieces) peer.send(bytes);
      if (isAbrupt) {
        peer.close();
        return;
      }
      peer.socket.end();
      for (const line of await peer.rest()) expect(JSON.parse(line)).toBeTypeOf('object');
    }),
    { numRuns: 400 },
  );
  await expectService(file);
  expect(logged).toEqual([]);
  await expect.poll(() => served?.fake.held().subscribers).toBe(0);
});

test.runIf(full)('a thousand connections at a time', async () => {
  const process = await startServer();
  const peers = await Promise.all(Array.from({ length: 1000 }, () => connectTo(process.file)));
  await expect.poll(async () => (await process.health()).connections).toBe(1000);
  for (const peer of peers) peer.call('event.subscribe', { domain: null }, 7);
  const answers = await Promise.all(peers.map((peer) => peer.reply()));
  expect(answers.every(({ id, result }) => id === 7 && result !== undefined)).toBe(true);
  await expectService(process.file);
  // One start, told to a thousand.
  const [first] = peers;
  first?.call('domain.destroy', { domain: 'web' }, 8);
  const rest = await Promise.all(peers.slice(1).map((peer) => peer.reply()));
  expect(rest.every(({ method }) => method === 'event')).toBe(true);
  for (const peer of peers) peer.close();
  await expect.poll(async () => (await process.health()).connections).toBe(0);
  await process.end();
});

test('a line of 100 MB: an answer, the end, and memory that does not grow with it', async () => {
  const process = await startServer();
  await expectService(process.file);
  const before = (await process.health()).rss;
  const peer = await connectTo(process.file);
  const chunk = Buffer.alloc(mebibyte, 'x');
  let most = before;
  let isRefused = false;
  const answer = peer.reply().then((reply) => {
    isRefused = true;
    return reply;
  });
  for (let sent = 0; sent < 100 && !peer.socket.destroyed; sent += 1) {
    const drained = new Promise<void>((resolve) => {
      peer.socket.once('drain', resolve);
      peer.socket.once('close', resolve);
    });
    if (!peer.socket.write(chunk)) await drained;
    if (sent % 10 === 0) most = Math.max(most, (await process.health()).rss);
  }
  expect(await answer).toMatchObject({ id: null, error: { code: rpcCodes.invalidRequest } });
  expect(isRefused).toBe(true);
  most = Math.max(most, (await process.health()).rss);
  expect(most - before).toBeLessThan(64 * mebibyte);
  peer.close();
  await expectService(process.file);
  await process.end();
});

test.runIf(full)('a client that never reads its answers is slowed down, not collected for', async () => {
  const process = await startServer();
  await expectService(process.file);
  const before = (await process.health()).rss;
  const peer = await connectTo(process.file);
  peer.socket.pause();
  const call = Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'domain.list' })}\n`.repeat(20_000));
  for (let n = 0; n < 10; n += 1) peer.send(call);
  for (let n = 0; n < 20; n += 1) await expectService(process.file);
  expect((await process.health()).rss - before).toBeLessThan(64 * mebibyte);
  peer.close();
  await process.end();
});

test('a subscriber that never reads is disconnected', async () => {
  served = await serveFake();
  const { fake, file } = served;
  const peer = await connectTo(file);
  peer.call('event.subscribe', { domain: null });
  await peer.reply();
  peer.socket.pause();
  const reader = await connectTo(file);
  reader.call('event.subscribe', { domain: null });
  await reader.reply();
  let told = 0;
  while (fake.held().subscribers === 2 && told < 2000) {
    told += 1;
    fake.tell('web', 'started', 'x'.repeat(8192));
    expect(await reader.reply()).toMatchObject({ method: 'event' });
  }
  expect(fake.held().subscribers).toBe(1);
  // More than what the system's own buffers take, and not much more than the limit.
  expect(told * 8192).toBeGreaterThan(3 * mebibyte);
  expect(told * 8192).toBeLessThan(7 * mebibyte);
  for (const one of [peer, reader]) one.close();
});

test.runIf(full)('a line that does not come to its end', async () => {
  served = await serveFake({ lineTime: 50 });
  const peer = await connectTo(served.file);
  peer.send('{"jsonrpc":"2.0",');
  const [line = ''] = await peer.rest();
  expect(JSON.parse(line)).toMatchObject({
    id: null,
    error: { message: expect.stringMatching(/not ended within 0.05 s/) as string },
  });
  await expectService(served.file);
});

test('a client that waits for its answer has all the time', async () => {
  served = await serveFake({ lineTime: 30, calls: 1 });
  const { fake, file } = served;
  fake.holdBack();
  const peer = await connectTo(file);
  peer.call('domain.start', { domain: 'db', wait: true });
  // The half of a next call is no reason to hang up while the first is worked on.
  peer.send('{"jsonrpc":"2.0","id":2,');
  await expect.poll(() => fake.calls).toContain('domain.start');
  const other = await connectTo(file);
  other.send('{');
  await other.rest();
  fake.finish('db');
  expect(await peer.reply()).toMatchObject({ id: 1, result: { name: 'db' } });
  for (const one of [peer, other]) one.close();
});

test.runIf(full)('one connection too many is told so', async () => {
  served = await serveFake({ connections: 2 });
  const { file } = served;
  const peers: Peer[] = [await connectTo(file), await connectTo(file)];
  const refused = await connectTo(file);
  expect(await refused.reply()).toMatchObject({ error: { code: errorCodes['too many'], data: { kind: 'too many' } } });
  for (const one of [refused, ...peers]) one.close();
  await expect.poll(() => served?.server.connections()).toBe(0);
  await expectService(file);
});

test.runIf(full)('many half lines together: the largest holders go', async () => {
  served = await serveFake({ allInputBytes: mebibyte });
  const { file, server } = served;
  const peers = await Promise.all(Array.from({ length: 20 }, () => connectTo(file)));
  for (const peer of peers) peer.send(Buffer.alloc(mebibyte / 4, 'x'));
  await expect.poll(() => server.connections()).toBeLessThanOrEqual(4);
  await expectService(file);
  for (const peer of peers) peer.close();
});

test.runIf(full)('a batch whose answers are too long together', async () => {
  served = await serveFake({ batchBytes: 3000 });
  const list = { jsonrpc: '2.0', method: 'domain.list' };
  const batch = [1, 2, 3, 4, 5].map((id) => ({ ...list, id }));
  const [answers] = await served.ask(JSON.stringify(batch));
  expect(answers).toHaveLength(5);
  expect(JSON.stringify(answers)).toContain('the answers of this batch are too long together');
});

test.runIf(full)('a call byte by byte', async () => {
  served = await serveFake();
  const peer = await connectTo(served.file);
  peer.socket.setNoDelay();
  for (const byte of '{"jsonrpc":"2.0","id":1,"method":"supervisor.exit"}\n') {
    await new Promise<void>((resolve) =>
      peer.socket.write(byte, () => {
        resolve();
      }),
    );
  }
  expect(await peer.reply()).toMatchObject({ id: 1 });
  peer.close();
});
