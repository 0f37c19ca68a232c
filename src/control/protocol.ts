/**
 * The control protocol: JSON-RPC 2.0, one object a line, over a unix socket. docs/protocol.md describes it for people;
 * this is the table of methods, their parameters and results, and the numbers of errors.
 */
import type { GuestView, Notice, RefusalKind } from './vocabulary.ts';

/** Changes when an old client would misunderstand a new supervisor. */
export const protocolVersion = 1;

/** The most bytes of one line, newline excluded; longer ones end the connection. */
export const lineLimit = 8 * 1024 * 1024;

/** A finding of the compiler, as `check --format json` prints it. */
export type DiagnosticView = Readonly<Record<string, unknown>>;

/** Counters of one guest: `virsh domstats` in names and units. */
export type Statistics = Readonly<Record<string, number | string>>;

/** Parameters and result of each method. Times are milliseconds since 1970, sizes as the name says. */
export interface Methods {
  /** The first call of a client. */
  readonly 'supervisor.hello': {
    readonly params: { readonly client: string };
    readonly result: {
      readonly protocol: number;
      readonly version: string;
      readonly pid: number;
      readonly since: number;
    };
  };
  /** Stops all guests in reverse order of their start; with `exit` the supervisor ends as well. */
  readonly 'supervisor.close': {
    readonly params: { readonly limitSeconds: number; readonly exit: boolean };
    readonly result: { readonly stopped: number };
  };
  /** Ends the supervisor and leaves the guests running. */
  readonly 'supervisor.exit': {
    readonly params: Readonly<Record<string, never>>;
    readonly result: Readonly<Record<string, never>>;
  };
  /** Prometheus text exposition format. */
  readonly 'supervisor.metrics': {
    readonly params: Readonly<Record<string, never>>;
    readonly result: { readonly text: string };
  };
  readonly 'domain.list': {
    readonly params: Readonly<Record<string, never>>;
    readonly result: { readonly domains: readonly GuestView[] };
  };
  /** `domain` is a name, a UUID, or the id (process number) of a running guest, here and below. */
  readonly 'domain.info': { readonly params: { readonly domain: string }; readonly result: GuestView };
  readonly 'domain.stats': {
    readonly params: { readonly domains: readonly string[] };
    readonly result: { readonly domains: readonly { readonly name: string; readonly statistics: Statistics }[] };
  };
  readonly 'domain.xml': {
    readonly params: { readonly domain: string; readonly inactive: boolean; readonly secrets: boolean };
    readonly result: { readonly xml: string };
  };
  readonly 'domain.define': {
    readonly params: { readonly xml: string; readonly name: string };
    readonly result: {
      readonly name: string;
      readonly uuid: string;
      readonly created: boolean;
      /** A running guest takes it at its next cold start. */
      readonly changedSinceStart: boolean;
      readonly diagnostics: readonly DiagnosticView[];
    };
  };
  readonly 'domain.undefine': {
    readonly params: { readonly domain: string; readonly nvram: 'keep' | 'remove' | null };
    readonly result: { readonly name: string; readonly transient: boolean };
  };
  readonly 'domain.autostart': {
    readonly params: {
      readonly domain: string;
      readonly enable: boolean;
      readonly order: number;
      readonly delaySeconds: number;
    };
    readonly result: { readonly name: string };
  };
  /** With `wait` the answer comes when it is done, without when it is accepted. */
  readonly 'domain.start': {
    readonly params: { readonly domain: string; readonly wait: boolean };
    readonly result: { readonly name: string; readonly id: number | null };
  };
  readonly 'domain.shutdown': {
    readonly params: { readonly domain: string; readonly wait: boolean };
    readonly result: { readonly name: string; readonly means: string | null };
  };
  readonly 'domain.reboot': {
    readonly params: { readonly domain: string; readonly wait: boolean; readonly cold: boolean };
    readonly result: { readonly name: string; readonly id: number | null };
  };
  readonly 'domain.reset': { readonly params: { readonly domain: string }; readonly result: { readonly name: string } };
  readonly 'domain.destroy': {
    readonly params: { readonly domain: string };
    readonly result: { readonly name: string; readonly means: string | null };
  };
  /** Notifications `event` follow, one for each notice. */
  readonly 'event.subscribe': {
    readonly params: { readonly domain: string | null };
    readonly result: Readonly<Record<string, never>>;
  };
  readonly 'event.unsubscribe': {
    readonly params: Readonly<Record<string, never>>;
    readonly result: Readonly<Record<string, never>>;
  };
  /** Notifications `console.data` follow. `com` is 1 to 4, null for the first. One session may write; `force` takes it over. */
  readonly 'console.open': {
    readonly params: {
      readonly domain: string;
      readonly com: number | null;
      readonly write: boolean;
      readonly force: boolean;
      /** So many bytes of what was said before come first. */
      readonly replayBytes: number;
    };
    readonly result: { readonly console: number; readonly name: string; readonly com: number };
  };
  /** `data` is base64. */
  readonly 'console.write': {
    readonly params: { readonly console: number; readonly data: string };
    readonly result: { readonly bytes: number };
  };
  readonly 'console.close': {
    readonly params: { readonly console: number };
    readonly result: Readonly<Record<string, never>>;
  };
}

/** The name of a method. */
export type Method = keyof Methods;

/** What the supervisor sends without being asked. */
export interface Notifications {
  readonly event: Notice & { readonly sequence: number };
  readonly 'console.data': { readonly console: number; readonly data: string };
  readonly 'console.closed': { readonly console: number; readonly why: string };
}

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

/** The error of an answer. `data.kind` is the stable word. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: { readonly kind: keyof typeof errorCodes; readonly diagnostics?: readonly DiagnosticView[] };
}

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
