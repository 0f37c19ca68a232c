/** The control socket as programs meet it: every method, every error, batches and notifications. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorCodes, failure, rpcCodes, type Service } from '../../src/control/protocol.ts';
import { methods } from '../../src/control/wire-table.ts';
import { connectTo, type Reply } from './peer.ts';
import { serveFake, type Served } from './served.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
ajv.addSchema(JSON.parse(readFileSync('schemas/protocol.schema.json', 'utf8')) as object, 'protocol');

/** Whether the published schema takes a value: a call, or what has a name in it. */
function fits(value: unknown, name?: string): boolean {
  const pointer = name === undefined ? '' : `#/$defs/${encodeURIComponent(name)}`;
  return ajv.validate(`protocol${pointer}`, value);
}

let served: Served;

beforeEach(async () => {
  served = await serveFake();
});

afterEach(async () => {
  await served.end();
});

function error(id: unknown, code: number, message: unknown): unknown {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

describe('calls', () => {
  const domain = 'web';
  test.each([
    ['supervisor.hello', { client: 'test' }, { protocol: 1 }],
    ['supervisor.close', { limitSeconds: 60, exit: false }, { stopped: 1 }],
    ['supervisor.exit', {}, {}],
    ['supervisor.metrics', {}, { text: /bhyvec_guests/ }],
    ['domain.list', {}, { domains: [{ name: 'db' }, { name: 'web' }] }],
    ['domain.info', { domain: '4711' }, { name: 'web' }],
    ['domain.stats', { domains: [] }, { domains: [{ name: 'web' }, { name: 'db' }] }],
    ['domain.xml', { domain, inactive: false, secrets: false }, { xml: /<graphics\/>/ }],
    ['domain.define', { xml: '<domain><name>new</name></domain>', name: 'new.xml' }, { created: true }],
    ['domain.undefine', { domain: 'db', nvram: null }, { name: 'db', transient: false }],
    ['domain.autostart', { domain, enable: true, order: 3, delaySeconds: 1 }, { name: 'web' }],
    ['domain.start', { domain: 'db', wait: true }, { name: 'db', id: 4001 }],
    ['domain.shutdown', { domain, wait: true }, { means: 'press' }],
    ['domain.reboot', { domain, wait: false, cold: false }, { id: 4711 }],
    ['domain.reset', { domain }, { name: 'web' }],
    ['domain.destroy', { domain }, { means: 'kill' }],
    ['event.subscribe', { domain: null }, {}],
    ['event.unsubscribe', {}, {}],
    ['console.open', { domain, com: null, write: true, force: false, replayBytes: 0 }, { console: 1, com: 1 }],
    ['console.close', { console: 1 }, {}],
  ])('%s', async (method, params, result) => {
    const call = { jsonrpc: '2.0', id: 'x', method, params };
    const answers = await served.ask(JSON.stringify(call));
    expect(answers).toMatchObject([{ jsonrpc: '2.0', id: 'x', result }]);
    expect(served.fake.calls).toEqual([method]);
    expect([fits(call), fits(answers[0]?.result, `${method} result`)]).toEqual([true, true]);
  });

  test('every method is served, and every one refuses a parameter that it does not have', async () => {
    for (const [method, { params }] of Object.entries(methods)) {
      const names = Object.keys(params).join(', ');
      const message = `unknown parameter "x"; ${method} has ${names === '' ? 'no parameters' : names}`;
      const call = { jsonrpc: '2.0', id: 1, method, params: { x: 1 } };
      expect(await served.ask(JSON.stringify(call))).toEqual([error(1, rpcCodes.invalidParams, message)]);
    }
    expect(served.fake.calls).toEqual([]);
  });

  test.each([
    ['domain.info', undefined, 'missing parameter domain; domain.info has domain'],
    ['domain.info', ['web'], 'parameters have to be an object, by name; domain.info has domain'],
    ['domain.info', { domain: 7 }, 'parameter domain of domain.info is not a text, not empty, but 7'],
    ['domain.info', { domain: '' }, 'parameter domain of domain.info is not a text, not empty, but ""'],
    ['domain.info', { domain: 'x'.repeat(300) }, /, but text of 300 characters$/],
    ['domain.start', { domain: 'web' }, 'missing parameter wait; domain.start has domain, wait'],
    ['domain.start', { domain: 'web', wait: 'yes' }, /wait of domain.start is not true or false, but "yes"/],
    [
      'console.open',
      { domain: 'web', com: 5, write: true, force: false, replayBytes: 0 },
      /is not a whole number from 1 to 4, or null, but 5/,
    ],
    [
      'console.write',
      { console: 1, data: 'a b' },
      /data of console.write is not base64 of at most 1048578 bytes, but "a b"/,
    ],
    ['domain.undefine', { domain: 'web', nvram: 'x' }, /is not one of keep, remove, or null, but "x"/],
    ['supervisor.close', { limitSeconds: 0.5, exit: false }, /limitSeconds .* whole number from 0 to 86400, but 0.5/],
    ['domain.stats', { domains: [['x']] }, /domains\[0\] of domain.stats is not a text, not empty$/],
  ])('%s with %j is refused', async (method, params, message) => {
    const words: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    expect(await served.ask(call)).toEqual([error(1, rpcCodes.invalidParams, words)]);
    expect(fits(JSON.parse(call))).toBe(false);
  });

  test.each([
    ['{', null, rpcCodes.parseError],
    ['nonsense', null, rpcCodes.parseError],
    ['{"jsonrpc":"2.0","id":1,"method":"domain.list"', null, rpcCodes.parseError],
    ['null', null, rpcCodes.invalidRequest],
    ['1', null, rpcCodes.invalidRequest],
    ['"x"', null, rpcCodes.invalidRequest],
    ['[]', null, rpcCodes.invalidRequest],
    ['{}', null, rpcCodes.invalidRequest],
    ['{"jsonrpc":"1.0","id":1,"method":"domain.list"}', 1, rpcCodes.invalidRequest],
    ['{"jsonrpc":"2.0","id":1,"method":1}', 1, rpcCodes.invalidRequest],
    ['{"jsonrpc":"2.0","id":{},"method":"domain.list"}', null, rpcCodes.invalidRequest],
    ['{"jsonrpc":"2.0","id":1e999,"method":"domain.list"}', null, rpcCodes.invalidRequest],
    ['{"jsonrpc":"2.0","id":12345678901234567890,"method":"domain.list"}', null, rpcCodes.invalidRequest],
    ['{"jsonrpc":"2.0","id":1,"method":"domain.lisst"}', 1, rpcCodes.methodNotFound],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', 1, rpcCodes.methodNotFound],
    ['{"jsonrpc":"2.0","id":1,"method":"constructor"}', 1, rpcCodes.methodNotFound],
    ['{"jsonrpc":"2.0","id":1,"method":"domain.list","params":{"__proto__":1}}', 1, rpcCodes.invalidParams],
  ])('%s', async (line, id, code) => {
    expect(await served.ask(`${line}\n`)).toEqual([error(id, code, expect.any(String))]);
  });

  test('bytes that are no UTF-8', async () => {
    const peer = await connectTo(served.file);
    peer.send(Uint8Array.of(0x22, 0xff, 0x22, 10));
    expect(await peer.reply()).toMatchObject({ error: { code: rpcCodes.parseError } });
    peer.call('domain.list');
    expect(await peer.reply()).toMatchObject({ result: {} });
    peer.close();
  });

  test.each([['text'], [''], [0], [-5], [1.5], [null]])('the id %j comes back', async (id) => {
    const call = { jsonrpc: '2.0', id, method: 'supervisor.exit' };
    expect(await served.ask(JSON.stringify(call))).toEqual([{ jsonrpc: '2.0', id, result: {} }]);
  });

  test('the refusals of the service come with their number and word', async () => {
    const calls = [
      { jsonrpc: '2.0', id: 1, method: 'domain.info', params: { domain: 'nobody' } },
      { jsonrpc: '2.0', id: 2, method: 'domain.start', params: { domain: 'web', wait: true } },
      { jsonrpc: '2.0', id: 3, method: 'domain.define', params: { xml: '<domain/>', name: 'x.xml' } },
    ];
    const answers: readonly Reply[] = await served.ask(calls.map((call) => `${JSON.stringify(call)}\n`).join(''));
    expect(answers.toSorted((a, b) => Number(a.id) - Number(b.id))).toMatchObject([
      { id: 1, error: { code: errorCodes['no such domain'], data: { kind: 'no such domain' } } },
      { id: 2, error: { code: errorCodes['already running'], data: { kind: 'already running' } } },
      { id: 3, error: { data: { kind: 'bad definition', diagnostics: [{ code: 'BV0201' }] } } },
    ]);
  });

  test('white space between calls, CR before LF, and a last line without its end', async () => {
    const call = '{"jsonrpc":"2.0","id":1,"method":"supervisor.exit"}';
    expect(await served.ask(`\n \t\r\n${call}\r\n\n${call}`)).toHaveLength(2);
  });

  test('a bug of the service is an internal error, and goes to the log', async () => {
    const loop: Record<string, unknown> = {};
    loop['loop'] = loop;
    const spoil = (service: Service): Service => ({
      ...service,
      'supervisor.metrics': () => Promise.reject(new Error('secret detail')),
      'supervisor.exit': () => {
        throw new Error('thrown at once');
      },
      'event.unsubscribe': () => Promise.resolve(loop as never),
    });
    await served.end();
    served = await serveFake({}, spoil);
    for (const method of ['supervisor.metrics', 'supervisor.exit', 'event.unsubscribe']) {
      const [answer] = await served.ask(JSON.stringify({ jsonrpc: '2.0', id: 9, method }));
      expect(answer).toMatchObject({ id: 9, error: { code: rpcCodes.internalError } });
      expect(JSON.stringify(answer)).not.toContain('secret');
    }
    expect(served.logged.join('\n')).toMatch(/secret detail[\s\S]*thrown at once[\s\S]*circular/);
  });
});

describe('batches and notifications', () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'domain.list' };

  test('answers of a batch come together, also that of one call', async () => {
    const unknown = { ...list, id: 2, method: 'x' };
    const [answers] = await served.ask(JSON.stringify([list, unknown, 7, { ...list, id: undefined }]));
    expect(answers).toHaveLength(3);
    expect(answers).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 1 }), expect.objectContaining({ id: null })]),
    );
    expect(await served.ask(JSON.stringify([list]))).toMatchObject([[{ id: 1 }]]);
  });

  test('what has no id gets no answer, whatever becomes of it', async () => {
    const reset = { jsonrpc: '2.0', method: 'domain.reset', params: { domain: 'web' } };
    const wrong = { ...reset, params: { domain: 'nobody' } };
    const lines = [reset, wrong, { ...reset, params: 1 }, { ...reset, method: 'x' }, [reset, wrong], list];
    expect(await served.ask(lines.map((one) => `${JSON.stringify(one)}\n`).join(''))).toMatchObject([{ id: 1 }]);
    expect(served.fake.calls.filter((method) => method === 'domain.reset')).toHaveLength(4);
  });

  test('a batch that is too long is refused as a whole', async () => {
    const answers = await served.ask(JSON.stringify(Array.from({ length: 1001 }, () => list)));
    expect(answers).toEqual([error(null, rpcCodes.invalidRequest, expect.stringContaining('at most 1000 calls'))]);
    expect((await served.ask(JSON.stringify(Array.from({ length: 1000 }, () => list))))[0]).toHaveLength(1000);
  });

  test('answers come as they are done, and no more calls are begun than allowed', async () => {
    await served.end();
    served = await serveFake({ calls: 3 });
    served.fake.holdBack();
    for (const n of [1, 2, 3, 4]) served.fake.add(`g${String(n)}`);
    const peer = await connectTo(served.file);
    for (const n of [1, 2, 3, 4]) peer.call('domain.start', { domain: `g${String(n)}`, wait: true }, n);
    const other = await connectTo(served.file);
    other.call('domain.list');
    await other.reply();
    expect(served.fake.calls.filter((method) => method === 'domain.start')).toHaveLength(3);
    served.fake.finish('g2');
    expect(await peer.reply()).toMatchObject({ id: 2 });
    for (const guest of ['g1', 'g3']) served.fake.finish(guest);
    await peer.reply();
    await peer.reply();
    await expect.poll(() => served.fake.calls.filter((method) => method === 'domain.start')).toHaveLength(4);
    served.fake.finish('g4');
    expect(await peer.reply()).toMatchObject({ id: 4 });
    for (const one of [peer, other]) one.close();
  });

  test('subscribers are told, until they leave', async () => {
    const peer = await connectTo(served.file);
    peer.call('event.subscribe', { domain: null });
    await peer.reply();
    served.fake.tell('web', 'crashed', 'Panicked', { signal: 11 });
    expect(await peer.reply()).toMatchObject({
      method: 'event',
      params: { guest: 'web', event: 'crashed', signal: 11 },
    });
    peer.close();
    await expect.poll(() => served.fake.held().subscribers).toBe(0);
  });

  test('a client that stops sending gets its answers, then the end, and holds nothing any more', async () => {
    const peer = await connectTo(served.file);
    peer.call('console.open', { domain: 'web', com: null, write: true, force: false, replayBytes: 0 });
    peer.call('event.subscribe', { domain: null }, 2);
    peer.socket.end();
    expect(await peer.rest()).toHaveLength(2);
    await expect.poll(() => served.fake.held()).toEqual({ subscribers: 0, consoles: 0 });
  });
});

test('failures know their numbers', () => {
  expect(failure('busy', 'x').error).toEqual({ code: errorCodes.busy, message: 'x', data: { kind: 'busy' } });
});
