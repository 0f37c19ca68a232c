/** The client against what is no supervisor, or one that it does not understand: each call ends with a sentence. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createClient } from '../../src/control/client/client.ts';

/** A client of which each call gets this line as its answer. */
function answeredBy(line: string) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  output.on('data', () => input.write(`${line}\n`));
  const close = () => void input.end();
  return createClient('bhyve:///system', { input, output, close, why: () => Promise.resolve('it has ended') });
}

test.each(['HTTP/1.1 400 Bad Request', '[]', '5', 'null', '{}', '{"id": "1", "result": {}}', '{"method": 5}'])(
  'no answer of a supervisor: %s',
  async (line) => {
    const call = answeredBy(line).call('supervisor.exit', {});
    await expect(call).rejects.toThrow('bhyve:///system does not answer as a supervisor does');
  },
);

test.each(['5', '{}', '{"code": "1", "message": "no"}', '{"code": 1, "message": "no", "data": {"kind": 1}}'])(
  'an error that is none: %s',
  async (error) => {
    const call = answeredBy(`{"jsonrpc": "2.0", "id": 1, "error": ${error}}`).call('supervisor.exit', {});
    await expect(call).rejects.toThrow('an error that this bhyvec does not understand');
  },
);

test.each([undefined, '5', '[]', '{"version": 1}'])('a result that is none: %s', async (result) => {
  const rest = result === undefined ? '' : `, "result": ${result}`;
  const call = answeredBy(`{"jsonrpc": "2.0", "id": 1${rest}}`).call('supervisor.metrics', {});
  await expect(call).rejects.toThrow('the answer to supervisor.metrics has another form');
});

test('a newer supervisor may say more, and of kinds that this bhyvec does not know', async () => {
  const error = { code: -40_000, message: 'too late', data: { kind: 'late', hours: 2 }, more: 1 };
  const call = answeredBy(
    [
      '{"jsonrpc": "2.0", "method": "moon.full"}',
      `{"jsonrpc": "2.0", "id": 1, "more": 1, "error": ${JSON.stringify(error)}}`,
    ].join('\n'),
  ).call('supervisor.exit', {});
  await expect(call).rejects.toMatchObject({ error });
});

test('an error of no call in particular is why the connection has ended', async () => {
  const client = answeredBy('{"jsonrpc": "2.0", "id": null, "error": {"code": -32014, "message": "it ends"}}');
  const call = client.call('supervisor.exit', {});
  setImmediate(() => {
    client.close();
  });
  await expect(call).rejects.toThrow('it ends');
});
