/** A connection that keeps the books: each request over it has to be answered exactly once while it lives. */
import { createConnection, type Socket } from 'node:net';

/** An answer, or null where the connection ended before. */
export type Reply = { readonly result?: unknown; readonly error?: { readonly message: string } } | null;

/** One connection. */
export class Line {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { readonly what: string; readonly act: (reply: Reply) => void }>();
  readonly #answered = new Set<number>();
  readonly #problems: string[];
  #count = 0;
  #rest = '';
  /** It was ended, from here or by the end of the supervisor. */
  isOver = false;

  /** @param problems what is wrong is added to them */
  constructor(file: string, problems: string[]) {
    this.#problems = problems;
    this.#socket = createConnection(file);
    this.#socket.on('error', () => undefined);
    this.#socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${this.#rest}${text}`.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    this.#socket.on('close', () => {
      this.isOver = true;
      for (const { act } of this.#waiting.values()) act(null);
    });
  }

  #take(line: string): void {
    const answer = JSON.parse(line) as { id?: unknown; result?: unknown; error?: { message: string } };
    if (!Object.hasOwn(answer, 'id')) return;
    const id = Number(answer.id);
    const found = this.#waiting.get(id);
    if (found === undefined) {
      const what = this.#answered.has(id) ? 'is answered twice' : 'was never asked';
      this.#problems.push(`request ${String(id)} ${what}: ${line}`);
      return;
    }
    this.#waiting.delete(id);
    this.#answered.add(id);
    if ((answer.result === undefined) === (answer.error === undefined))
      this.#problems.push(`neither a result nor an error, or both: ${line}`);
    found.act(answer);
  }

  /** Sends a request; resolves with null where the connection ends before its answer. */
  ask(method: string, params: unknown): Promise<Reply> {
    if (this.isOver) return Promise.resolve(null);
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve) => {
      this.#waiting.set(id, { what: `${method} ${JSON.stringify(params).slice(0, 80)}`, act: resolve });
      this.#socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  }

  /** Requests without an answer. */
  open(): readonly string[] {
    return this.isOver ? [] : [...this.#waiting].map(([id, { what }]) => `${String(id)} ${what}`);
  }

  /** Hangs up. */
  end(): void {
    this.#socket.destroy();
  }
}
