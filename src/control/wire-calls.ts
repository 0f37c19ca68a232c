/**
 * JSON-RPC 2.0 (jsonrpc.org/specification), pure: from the bytes of a line to calls that have been checked, and from
 * answers to lines. No library: json-rpc-2.0 answers a batch of one without its brackets, runs all calls of a batch at
 * once however many, takes `null` for broken JSON, and checks neither parameters nor the type of `method`.
 */
import { rpcCodes } from './protocol.ts';
import type { RpcError } from './wire-answers.ts';
import { isMethod, methods, type Method } from './wire-table.ts';
import { isObject } from '../text/json.ts';
import { accepts, check, type Fields } from '../text/shape.ts';

/** What names a call in its answer. */
export type CallId = string | number | null;

/** One member of a line: a call for a method that exists, with parameters that have not been checked, or a fault. */
export type Item =
  | {
      readonly kind: 'call';
      /** Undefined for a notification: it gets no answer. */
      readonly id: CallId | undefined;
      readonly method: Method;
      readonly params: unknown;
    }
  | { readonly kind: 'fault'; readonly id: CallId | undefined; readonly error: RpcError };

/** A line: one item, or a batch. */
export interface Message {
  readonly isBatch: boolean;
  readonly items: readonly Item[];
}

/** The most calls of one batch. */
export const batchLimit = 1000;

function fault(code: keyof typeof rpcCodes, message: string, id: CallId | undefined): Item {
  return { kind: 'fault', id, error: { code: rpcCodes[code], message } };
}

/** An id that its answer can repeat exactly. */
function isId(id: unknown): id is CallId {
  if (typeof id === 'number') return Math.abs(id) <= Number.MAX_SAFE_INTEGER;
  return typeof id === 'string' || id === null;
}

function itemOf(value: unknown): Item {
  if (!isObject(value)) return fault('invalidRequest', 'a call is an object with jsonrpc, method, params and id', null);
  const hasId = Object.hasOwn(value, 'id');
  const id = value['id'];
  if (hasId && !isId(id)) {
    return fault('invalidRequest', 'id has to be text, null, or a number that JSON carries exactly', null);
  }
  const known: CallId | undefined = hasId && isId(id) ? id : undefined;
  // A thing that is no call is answered even without an id: nobody can know whether it was a notification.
  if (value['jsonrpc'] !== '2.0') return fault('invalidRequest', 'jsonrpc has to be "2.0"', known ?? null);
  const method = value['method'];
  if (typeof method !== 'string') return fault('invalidRequest', 'method has to be text', known ?? null);
  if (!isMethod(method)) {
    return fault('methodNotFound', `there is no method ${shown(method)}; docs/protocol.md lists them`, known);
  }
  return { kind: 'call', id: known, method, params: value['params'] };
}

/** A value as a message quotes it: never long. */
function shown(value: unknown): string {
  const words = JSON.stringify(value);
  return words.length > 60 ? `${words.slice(0, 57)}...` : words;
}

/** A parameter's value as a message quotes it, without walking into what may be deep. */
function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string' && value.length > 60) return `text of ${String(value.length)} characters`;
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : shown(value);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads one line. A line of white space is nothing: null. */
export function readMessage(line: Uint8Array): Message | null {
  let value: unknown;
  try {
    const text = decoder.decode(line);
    if (/^[ \t\r]*$/.test(text)) return null;
    value = JSON.parse(text);
  } catch {
    const message = 'the line is not JSON in UTF-8; each line has to be one JSON-RPC 2.0 object or batch';
    return { isBatch: false, items: [fault('parseError', message, null)] };
  }
  if (!Array.isArray(value)) return { isBatch: false, items: [itemOf(value)] };
  const problem =
    value.length === 0
      ? 'a batch has at least one call'
      : value.length > batchLimit
        ? `a batch has at most ${String(batchLimit)} calls, this one has ${String(value.length)}`
        : null;
  if (problem !== null) return { isBatch: false, items: [fault('invalidRequest', problem, null)] };
  return { isBatch: true, items: value.map(itemOf) };
}

/** What is wrong with the parameters of a call, as a sentence; null where nothing is. */
export function faultOfParams(method: Method, params: unknown): string | null {
  const table: Fields = methods[method].params;
  const names = Object.keys(table);
  const known = names.length === 0 ? `${method} has no parameters` : `${method} has ${names.join(', ')}`;
  const given = params ?? {};
  if (!isObject(given)) return `parameters have to be an object, by name; ${known}`;
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(table, name));
  if (unknown.length > 0) return `unknown parameter ${unknown.slice(0, 5).map(shown).join(', ')}; ${known}`;
  const missing = names.filter((name) => !Object.hasOwn(given, name));
  if (missing.length > 0) return `missing parameter ${missing.join(', ')}; ${known}`;
  for (const [name, shape] of Object.entries(table)) {
    const checked = check(shape, given[name]);
    if (checked.ok) continue;
    const found = checked.at === '' ? `${accepts(shape, null) ? ', or null' : ''}, but ${shownValue(given[name])}` : '';
    return `parameter ${name}${checked.at} of ${method} ${checked.what}${found}`;
  }
  return null;
}

/** An answer as it stands in a line or a batch. */
export type Response = { readonly jsonrpc: '2.0'; readonly id: CallId } & (
  | { readonly result: unknown }
  | { readonly error: RpcError }
);

/** The line of an answer. */
export function responseLine(response: Response | readonly Response[]): string {
  return `${JSON.stringify(response)}\n`;
}

/** The line of a notification. */
export function notificationLine(method: string, params: unknown): string {
  return `${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`;
}
