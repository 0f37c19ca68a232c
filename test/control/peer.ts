/** A raw client for tests: bytes go out as they are given, lines come back as they are. */
import { createConnection, type Socket } from 'node:net';

/** An answer or a notification, as the test wants to look at it. */
export interface Reply {
  readonly jsonrpc?: string;
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: { readonly kind: string } };
}

/** A connection. */
export interface Peer {
  readonly socket: Socket;
  send(text: string | Uint8Array): void;
  /** Sends a call. */
  call(method: string, params?: unknown, id?: unknown): void;
  /** The next line; rejects at the end of the connection. */
  line(): Promise<string>;
  /** The next line, parsed. */
  reply(): Promise<Reply>;
  /** All lines until the supervisor ends the connection. */
  rest(): Promise<readonly string[]>;
  close(): void;
}

/** Connects. */
export async function connectTo(path: string): Promise<Peer> {
  const socket = createConnection({ path, allowHalfOpen: true });
  const lines: string[] = [];
  let half = '';
  let isOver = false;
  let wake: (() => void)[] = [];
  const wakeAll = (): void => {
    const all = wake;
    wake = [];
    for (const one of all) one();
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const parts = (half + chunk).split('\n');
    half = parts.pop() ?? '';
    lines.push(...parts);
    wakeAll();
  });
  socket.on('error', () => undefined);
  for (const event of ['end', 'close']) {
    socket.on(event, () => {
      isOver = true;
      wakeAll();
    });
  }
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const more = async (): Promise<void> => {
    await new Promise<void>((resolve) => wake.push(resolve));
  };
  const line = async (): Promise<string> => {
    for (;;) {
      const next = lines.shift();
      if (next !== undefined) return next;
      if (isOver) throw new Error('the connection has ended');
      await more();
    }
  };
  return {
    socket,
    send: (text) => void socket.write(text),
    call: (method, params, id = 1) => {
      socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    },
    line,
    reply: async () => JSON.parse(await line()) as Reply,
    async rest() {
      while (!isOver) await more();
      return lines.splice(0);
    },
    close: () => socket.destroy(),
  };
}
