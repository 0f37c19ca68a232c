/** Serves the calls of one connection: no more at a time than allowed, answers as they come, those of a batch together. */
import { CallFailure, failure, rpcCodes } from '../protocol.ts';
import type { RpcError } from '../wire-answers.ts';
import type { Method, Methods } from '../wire-table.ts';
import type { Service, Session } from '../protocol.ts';
import { faultOfParams, type CallId, type Item, type Message, type Response } from '../wire-calls.ts';

/** What {@link createCalls} needs. */
export interface CallsOptions {
  readonly service: Service;
  readonly session: Session;
  readonly limit: number;
  readonly batchBytes: number;
  /** Sends a line without its end. */
  readonly send: (line: string) => void;
  /** A call has ended: there is room for another. */
  readonly onRoom: () => void;
  /** Told of errors that are bugs. */
  readonly log: (line: string) => void;
}

/** The calls of one connection. */
export interface Calls {
  /** Takes a message; its calls begin as soon as there is room. */
  take(message: Message): void;
  /** Whether the next message may be taken. */
  hasRoom(): boolean;
  /** Whether nothing is being worked on. */
  isIdle(): boolean;
  /** Answers what is being worked on with a refusal; the results of these calls are dropped. */
  abandon(): void;
}

/** The answers to one message. */
interface Group {
  readonly isBatch: boolean;
  left: number;
  lines: string[];
  bytes: number;
}

interface Waiting {
  readonly item: Item;
  readonly group: Group;
}

function isParams<M extends Method>(method: M, params: unknown): params is Methods[M]['params'] {
  return faultOfParams(method, params) === null;
}

async function callMethod<M extends Method>(
  service: Service,
  method: M,
  given: unknown,
  session: Session,
): Promise<Methods[M]['result']> {
  const params: unknown = given ?? {};
  if (!isParams(method, params)) {
    throw new CallFailure({ code: rpcCodes.invalidParams, message: faultOfParams(method, params) ?? '' });
  }
  return await service[method](params, session);
}

/** The calls of a new connection. */
export function createCalls(options: CallsOptions): Calls {
  const queue: Waiting[] = [];
  const inFlight = new Set<Waiting>();

  const errorOf = (error: unknown, method: string): RpcError => {
    if (error instanceof CallFailure) return error.error;
    options.log(`bug: ${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const message = `a bug in the supervisor; its log says more about ${method}`;
    return { code: rpcCodes.internalError, message };
  };

  const lineOf = (response: Response, method: string): string => {
    try {
      return JSON.stringify(response);
    } catch (error) {
      return JSON.stringify({ jsonrpc: '2.0', id: response.id, error: errorOf(error, method) });
    }
  };

  const answer = (group: Group, id: CallId | undefined, line: string | null): void => {
    group.left -= 1;
    if (id !== undefined && line !== null) {
      if (!group.isBatch) {
        options.send(line);
        return;
      }
      group.bytes += line.length;
      const words = 'the answers of this batch are too long together: ask in several lines';
      const { error } = failure('too many', words);
      group.lines.push(group.bytes <= options.batchBytes ? line : JSON.stringify({ jsonrpc: '2.0', id, error }));
    }
    if (group.isBatch && group.left === 0 && group.lines.length > 0) options.send(`[${group.lines.join(',')}]`);
  };

  const end = (waiting: Waiting, response: Response | null, method: string): void => {
    // An abandoned call has had its answer.
    if (!inFlight.delete(waiting)) return;
    answer(waiting.group, waiting.item.id, response === null ? null : lineOf(response, method));
    begin();
    options.onRoom();
  };

  const serve = async (waiting: Waiting, item: Item & { readonly kind: 'call' }): Promise<void> => {
    const { id = null, method, params } = item;
    try {
      const result = await callMethod(options.service, method, params, options.session);
      end(waiting, { jsonrpc: '2.0', id, result }, method);
    } catch (error) {
      end(waiting, { jsonrpc: '2.0', id, error: errorOf(error, method) }, method);
    }
  };

  const begin = (): void => {
    while (inFlight.size < options.limit) {
      const waiting = queue.shift();
      if (waiting === undefined) return;
      const { item, group } = waiting;
      if (item.kind === 'fault') {
        const { id, error } = item;
        answer(group, id, id === undefined ? null : JSON.stringify({ jsonrpc: '2.0', id, error }));
        continue;
      }
      inFlight.add(waiting);
      void serve(waiting, item);
    }
  };

  return {
    take(message) {
      const group: Group = { isBatch: message.isBatch, left: message.items.length, lines: [], bytes: 0 };
      queue.push(...message.items.map((item) => ({ item, group })));
      begin();
    },
    hasRoom: () => queue.length === 0 && inFlight.size < options.limit,
    isIdle: () => queue.length === 0 && inFlight.size === 0,
    abandon() {
      const { error } = failure('going away', 'the supervisor ends; guests go on, ask again when it is back');
      const all = [...inFlight, ...queue];
      queue.length = 0;
      inFlight.clear();
      for (const { item, group } of all) {
        answer(group, item.id, JSON.stringify({ jsonrpc: '2.0', id: item.id ?? null, error }));
      }
    },
  };
}
