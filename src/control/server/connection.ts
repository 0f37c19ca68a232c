/**
 * One connection of the control socket. It reads only while it can work, so that a client that sends faster than it is
 * served, or does not read its answers, is slowed down by its own socket and costs nobody else anything.
 */
import type { Socket } from 'node:net';
import { failure, rpcCodes, type Service, type Session } from '../protocol.ts';
import type { RpcError } from '../wire-answers.ts';
import { notificationLine, readMessage, responseLine } from '../wire-calls.ts';
import { createLineSplitter } from '../wire-lines.ts';
import { createCalls } from './calls.ts';
import type { ControlLimits } from './limits.ts';

/** One client. */
export interface Connection {
  /** Bytes of input that wait here. */
  input(): number;
  /** Bytes of output that wait for the client. */
  output(): number;
  /** Ends it at once. */
  drop(): void;
  /** Says why and ends it. */
  refuse(error: RpcError): void;
  /** Answers what is being worked on and ends it. */
  close(): void;
}

/** What {@link serveConnection} needs. */
export interface ConnectionOptions {
  readonly socket: Socket;
  readonly service: Service;
  readonly limits: ControlLimits;
  readonly log: (line: string) => void;
  /** Asked after the connection has come to hold much: whether all together hold too much. */
  readonly onHolding: () => void;
  readonly onClose: (connection: Connection) => void;
}

/** Below this a connection's buffers are not worth a look at all others. */
const worthALook = 64 * 1024;

/** Serves a connection until it ends. */
export function serveConnection(options: ConnectionOptions): Connection {
  const { socket, limits } = options;
  const splitter = createLineSplitter(limits.lineBytes);
  const onClose = new Set<() => void>();
  let state: 'open' | 'leaving' | 'closed' = 'open';
  let hasEnded = false;
  let lineTimer: NodeJS.Timeout | null = null;

  const forgetTimer = (): void => {
    if (lineTimer !== null) clearTimeout(lineTimer);
    lineTimer = null;
  };

  const write = (line: string): void => {
    if (state === 'closed' || socket.writableEnded || socket.destroyed) return;
    if (socket.writableLength > limits.outputBytes) {
      socket.destroy();
      return;
    }
    socket.write(Buffer.from(line));
    if (socket.writableLength > worthALook) options.onHolding();
  };

  /** No more input is used. The client has a moment to read what was written; its input is read and dropped. */
  const leave = (): void => {
    if (state !== 'open') return;
    state = 'leaving';
    forgetTimer();
    runCloseActs();
    socket.end();
    socket.resume();
    setTimeout(() => socket.destroy(), limits.lingerTime).unref();
  };

  const runCloseActs = (): void => {
    const acts = [...onClose];
    onClose.clear();
    for (const act of acts) {
      try {
        act();
      } catch (error) {
        options.log(`bug: after the end of a connection: ${String(error)}`);
      }
    }
  };

  const session: Session = {
    notify(method, params) {
      if (state === 'open') write(notificationLine(method, params));
    },
    onClose(act) {
      onClose.add(act);
      if (state !== 'open') runCloseActs();
    },
  };

  const refuse = (error: RpcError): void => {
    if (state !== 'open') return;
    write(responseLine({ jsonrpc: '2.0', id: null, error }));
    leave();
  };

  const calls = createCalls({
    service: options.service,
    session,
    limit: limits.calls,
    batchBytes: limits.batchBytes,
    send: (line) => {
      write(`${line}\n`);
    },
    onRoom: () => {
      pump();
    },
    log: options.log,
  });

  const canWork = (): boolean => state === 'open' && calls.hasRoom() && !socket.writableNeedDrain;

  /** Takes lines as long as they can be worked on, then decides whether to read on. */
  const pump = (): void => {
    while (canWork()) {
      const line = splitter.next();
      if (line.kind === 'none') break;
      forgetTimer();
      if (line.kind === 'too long') {
        const message = `a line has more than ${String(limits.lineBytes)} bytes; the connection ends`;
        refuse({ code: rpcCodes.invalidRequest, message });
        return;
      }
      const message = readMessage(line.bytes);
      if (message !== null) calls.take(message);
    }
    if (state !== 'open') return;
    if (!canWork()) {
      // Not the client's fault: its half line has all the time that we take.
      forgetTimer();
      socket.pause();
      return;
    }
    if (hasEnded) {
      finish();
      return;
    }
    if (splitter.waiting() > 0) lineTimer ??= setTimeout(giveUpLine, limits.lineTime).unref();
    socket.resume();
  };

  const giveUpLine = (): void => {
    const message = `a line was not ended within ${String(limits.lineTime / 1000)} s; the connection ends`;
    refuse({ code: rpcCodes.invalidRequest, message });
  };

  /** The client sends no more: what it asked for is answered, then the connection ends. */
  const finish = (): void => {
    if (splitter.waiting() > 0) {
      splitter.push(Uint8Array.of(10));
      pump();
      return;
    }
    if (calls.isIdle()) leave();
  };

  const connection: Connection = {
    input: () => splitter.waiting(),
    output: () => socket.writableLength,
    drop: () => socket.destroy(),
    refuse,
    close() {
      if (state !== 'open') return;
      calls.abandon();
      leave();
    },
  };

  socket.on('data', (bytes: Buffer) => {
    if (state !== 'open') return;
    splitter.push(bytes);
    pump();
    if (splitter.waiting() > worthALook) options.onHolding();
  });
  socket.on('drain', pump);
  socket.on('end', () => {
    hasEnded = true;
    pump();
  });
  // A broken connection is not worth a word: `close` follows.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    state = 'closed';
    forgetTimer();
    runCloseActs();
    options.onClose(connection);
  });
  return connection;
}

/** The error for a client that is one too many. */
export function tooMany(connections: number): RpcError {
  const message = `the supervisor serves ${String(connections)} connections already; close some, or try again later`;
  return failure('too many', message).error;
}
