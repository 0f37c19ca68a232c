/**
 * The control protocol: JSON-RPC 2.0, one object a line, over a unix socket. docs/protocol.md describes it for people;
 * these are its version, its numbers of errors, and who serves it; `wire-table.ts` has its
 * methods, `wire-answers.ts` what goes back.
 */
import type { RefusalKind } from './vocabulary.ts';
import type { RpcError } from './wire-answers.ts';
import type { Method, Methods, Notifications } from './wire-table.ts';

/** Changes when an old client would misunderstand a new supervisor. */
export const protocolVersion = 1;

/** The most bytes of one line, newline excluded; longer ones end the connection. */
export const lineLimit = 8 * 1024 * 1024;

/** A finding of the compiler, as `check --format json` prints it. */
export type DiagnosticView = Methods['domain.define']['result']['diagnostics'][number];

/** Counters of one guest: `virsh domstats` in names and units. */
export type Statistics = Methods['domain.stats']['result']['domains'][number]['statistics'];

/** JSON-RPC's own numbers. */
export const rpcCodes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
} as const;

/** Our numbers: one for each kind of refusal, and for what only the edges can know. */
export const errorCodes: Readonly<
  Record<RefusalKind | 'bad definition' | 'journal' | 'console' | 'going away' | 'too many', number>
> = {
  'no such domain': -32_001,
  'already running': -32_002,
  'not running': -32_003,
  busy: -32_004,
  closing: -32_005,
  conflict: -32_006,
  nvram: -32_007,
  'start failed': -32_008,
  'not done': -32_009,
  expired: -32_010,
  'bad definition': -32_011,
  /** The journal cannot be written: nothing that changes anything is accepted. */
  journal: -32_012,
  console: -32_013,
  'going away': -32_014,
  'too many': -32_015,
};

/** A failed call, for those who serve one and for those who made one. */
export class CallFailure extends Error {
  readonly error: RpcError;

  /** @param error as it goes over the wire */
  constructor(error: RpcError) {
    super(error.message);
    this.name = 'CallFailure';
    this.error = error;
  }
}

/** Makes the failure of a kind. */
export function failure(
  kind: keyof typeof errorCodes,
  message: string,
  diagnostics?: readonly DiagnosticView[],
): CallFailure {
  const data = diagnostics === undefined ? { kind } : { kind, diagnostics };
  return new CallFailure({ code: errorCodes[kind], message, data });
}

/** One client, as those who serve its calls see it. */
export interface Session {
  /** Sends a notification. A client that does not read is disconnected once too much waits for it. */
  notify<N extends keyof Notifications>(method: N, params: Notifications[N]): void;
  /** Called once when the client is gone; at once if it is. */
  onClose(act: () => void): void;
}

/** What answers calls. Parameters have been checked against the table of the protocol before. Throws `CallFailure`. */
export type Service = {
  readonly [M in Method]: (params: Methods[M]['params'], session: Session) => Promise<Methods[M]['result']>;
};
