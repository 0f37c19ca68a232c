/** The client's side of the control protocol: calls with typed results, notifications, and a clear word at the end. */
import { CallFailure, lineLimit, protocolVersion } from '../protocol.ts';
import { answerFrame, errorShape, notificationFrame, type RpcError } from '../wire-answers.ts';
import { createLineSplitter } from '../wire-lines.ts';
import { carries, isNotification, isResult, type Method, type Methods, type Notifications } from '../wire-table.ts';
import { jsonIn } from '../../text/json.ts';
import { accepts } from '../../text/shape.ts';
import { ConnectionProblem } from './problem.ts';
import { openTransport, type Transport } from './transport.ts';
import { parseUri } from './uri.ts';

/** A connection to a supervisor. */
export interface Client {
  readonly uri: string;
  /** Throws a {@link CallFailure} where the supervisor refuses. */
  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']>;
  /** From now on `act` is told of the notifications with this name. */
  on<N extends keyof Notifications>(name: N, act: (params: Notifications[N]) => void): void;
  /** Nothing is read until {@link resume}: for those who cannot keep up. */
  pause(): void;
  resume(): void;
  /** Resolves with a sentence when the connection has ended. */
  readonly ended: Promise<string>;
  close(): void;
}

/** Answers may be longer than calls: a list of thousands of domains, an XML in which much is escaped. */
const answerLimit = 16 * lineLimit;

interface Pending {
  readonly settle: (result: unknown) => void;
  readonly fail: (error: Error) => void;
}

type Listeners = { readonly [N in keyof Notifications]: ((params: Notifications[N]) => void)[] };

function errorOf(value: unknown): RpcError {
  if (accepts(errorShape, value)) return value;
  return { code: 0, message: 'the supervisor has answered with an error that this bhyvec does not understand' };
}

function tell(listeners: Listeners, name: keyof Notifications, params: unknown): void {
  if (name === 'event' && carries(name, params)) for (const act of listeners.event) act(params);
  if (name === 'console.data' && carries(name, params)) for (const act of listeners[name]) act(params);
  if (name === 'console.closed' && carries(name, params)) for (const act of listeners[name]) act(params);
}

/** A client over an open stream. */
export function createClient(uri: string, transport: Transport): Client {
  const splitter = createLineSplitter(answerLimit);
  const pending = new Map<number, Pending>();
  const listeners: Listeners = { event: [], 'console.data': [], 'console.closed': [] };
  let lastId = 0;
  let end: string | null = null;
  /** What the supervisor said to no call in particular before it ended the connection. */
  const words: { last: string | null } = { last: null };

  const take = (message: unknown): void => {
    if (accepts(notificationFrame, message)) {
      if (isNotification(message.method)) tell(listeners, message.method, message.params);
      return;
    }
    if (!accepts(answerFrame, message)) {
      words.last ??= `${uri} does not answer as a supervisor does`;
      transport.close();
      return;
    }
    const { id, error, result } = message;
    if (id === null) words.last = errorOf(error).message;
    const call = id === null ? undefined : pending.get(id);
    if (call === undefined || id === null) return;
    pending.delete(id);
    if (error === undefined) call.settle(result);
    else call.fail(new CallFailure(errorOf(error)));
  };

  const read = (bytes: Buffer): void => {
    splitter.push(bytes);
    for (let line = splitter.next(); line.kind === 'line'; line = splitter.next())
      take(jsonIn(new TextDecoder().decode(line.bytes)));
  };

  const ended = (async (): Promise<string> => {
    await new Promise<void>((resolve) => {
      transport.input.on('data', read);
      transport.input.on('close', resolve);
      transport.input.on('end', resolve);
    });
    end = words.last ?? (await transport.why());
    transport.close();
    for (const { fail } of pending.values()) fail(new ConnectionProblem(end));
    pending.clear();
    return end;
  })();

  return {
    uri,
    ended,
    async call(method, params) {
      if (end !== null) throw new ConnectionProblem(end);
      lastId += 1;
      const id = lastId;
      const line = `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
      const bytes = Buffer.byteLength(line) - 1;
      if (bytes > lineLimit) {
        const limit = String(lineLimit);
        throw new ConnectionProblem(`this takes ${String(bytes)} bytes, and the supervisor takes at most ${limit}`);
      }
      const answer = new Promise<unknown>((settle, fail) => {
        pending.set(id, { settle, fail });
      });
      transport.output.write(line);
      const result = await answer;
      if (isResult(method, result)) return result;
      throw new ConnectionProblem(`the answer to ${method} has another form; update the older of the two bhyvec`);
    },
    on(name, act) {
      listeners[name].push(act);
    },
    pause: () => void transport.input.pause(),
    resume: () => void transport.input.resume(),
    close: () => {
      transport.close();
    },
  };
}

/** Connects to what a URI names and greets it. */
export async function connectTo(
  uri: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Client> {
  const client = createClient(uri, await openTransport(parseUri(uri), environment));
  try {
    const { protocol, version } = await client.call('supervisor.hello', { client: `bhyvec ${BHYVEC_VERSION}` });
    if (protocol === protocolVersion) return client;
    const theirs = `bhyvec ${version} speaks protocol ${String(protocol)}`;
    throw new ConnectionProblem(
      `the supervisor's ${theirs}, this one ${String(protocolVersion)}; update the older one`,
    );
  } catch (error) {
    client.close();
    throw error;
  }
}
