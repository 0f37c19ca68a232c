/** The control socket: who connects is served by docs/protocol.md, each in its limits, all of them in theirs. */
import { createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Service } from '../protocol.ts';
import { serveConnection, tooMany, type Connection } from './connection.ts';
import { defaultControlLimits, type ControlLimits } from './limits.ts';
import { bindSocket } from './socket.ts';

/** What {@link serveControl} needs. */
export interface ControlOptions {
  /** The path of the socket; its folder has to be there. */
  readonly path: string;
  /** Permissions of the socket: 0600, or 0660 with a group, unless given. */
  readonly mode?: number;
  /** Name or number of the group that may connect; null for the owner alone. */
  readonly group?: string | null;
  readonly service: Service;
  readonly limits?: Partial<ControlLimits>;
  /** Told of bugs, a line each. */
  readonly log?: (line: string) => void;
}

/** A control socket that is being served. */
export interface ControlServer {
  /** Connections at this moment. */
  connections(): number;
  /** Connections since it began. */
  connectionsSoFar(): number;
  /** Answers or refuses what was asked, ends all connections and removes the socket file. */
  close(): Promise<void>;
}

/** Beyond the limit so many clients are told why they are refused; more are cut off. */
const politeRefusals = 64;

/** Disconnects the largest holders until all together hold no more than allowed. */
function relieve(connections: ReadonlySet<Connection>, limit: number, held: (connection: Connection) => number): void {
  const all = [...connections].map((connection) => ({ connection, bytes: held(connection) }));
  let sum = all.reduce((total, { bytes }) => total + bytes, 0);
  if (sum <= limit) return;
  for (const { connection, bytes } of all.toSorted((a, b) => b.bytes - a.bytes)) {
    if (sum <= limit) return;
    connection.drop();
    sum -= bytes;
  }
}

/**
 * Serves a service over a unix socket. Throws a {@link ControlProblem} where the socket cannot be made, or is served by
 * another process.
 */
export async function serveControl(options: ControlOptions): Promise<ControlServer> {
  const limits: ControlLimits = { ...defaultControlLimits, ...options.limits };
  const group = options.group ?? null;
  const log = options.log ?? ((): void => undefined);
  const connections = new Set<Connection>();
  let soFar = 0;
  let isClosing = false;
  let onEmpty: (() => void) | null = null;

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    if (isClosing || connections.size >= limits.connections + politeRefusals) {
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    const connection = serveConnection({
      socket,
      service: options.service,
      limits,
      log,
      onHolding: () => {
        relieve(connections, limits.allInputBytes, (one) => one.input());
        relieve(connections, limits.allOutputBytes, (one) => one.output());
      },
      onClose: (one) => {
        connections.delete(one);
        if (connections.size === 0) onEmpty?.();
      },
    });
    connections.add(connection);
    soFar += 1;
    if (connections.size > limits.connections) connection.refuse(tooMany(limits.connections));
    else socket.resume();
  });
  const unbind = await bindSocket(server, options.path, options.mode ?? (group === null ? 0o600 : 0o660), group);
  server.on('error', (error) => {
    log(`control socket: ${error.message}`);
  });

  return {
    connections: () => connections.size,
    connectionsSoFar: () => soFar,
    async close() {
      if (isClosing) return;
      isClosing = true;
      unbind();
      server.close();
      // The answer of the call that ends the supervisor, too, is to go out.
      await setImmediate();
      for (const connection of connections) connection.close();
      if (connections.size === 0) return;
      await new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
    },
  };
}
