/**
 * The stand-in host's control (test/host/lib/hostctl.mjs) as one process that answers many calls: Node takes longer to
 * start than most of them take.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isObject, jsonIn } from '../text/json.ts';

/** How a call ended. */
export interface Answer {
  /** Null where there is none: it took too long, or the process has ended. */
  readonly status: number | null;
  readonly text: string;
}

/** The process. */
export interface Control {
  /** Calls hostctl with words, and a text as its standard input. */
  call(words: readonly string[], input?: string): Promise<Answer>;
  end(): void;
}

/** What the process is. */
export interface ControlOptions {
  /** hostctl.mjs. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Seconds that an answer may take. */
  readonly limit: number;
}

/** Starts it. */
export function openControl({ file, env, cwd, limit }: ControlOptions): Control {
  // A group of its own: Ctrl-C is for us, and we still need it to end what runs.
  const child = spawn(process.execPath, [file, 'serve'], {
    ...{ env, cwd, detached: true },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let count = 0;
  const end = (text: string): void => {
    child.kill('SIGKILL');
    for (const resolve of waiting.values()) resolve({ status: null, text });
    waiting.clear();
  };
  child.on('error', (error) => {
    end(error.message);
  });
  child.on('close', () => {
    end('it has ended');
  });
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = answerIn(line);
    if (answer === null) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  return {
    async call(words, input) {
      if (child.exitCode !== null || child.signalCode !== null) return { status: null, text: 'it has ended' };
      count += 1;
      const id = count;
      const timer = setTimeout(() => {
        end(`no answer within ${String(limit)} seconds`);
      }, limit * 1000);
      const answer = new Promise<Answer>((resolve) => {
        waiting.set(id, resolve);
      });
      child.stdin.write(`${JSON.stringify({ id, words, ...(input === undefined ? {} : { input }) })}\n`);
      return answer.finally(() => {
        clearTimeout(timer);
      });
    },
    end: () => {
      end('it was ended');
    },
  };
}

/** No shape: a text of our own process may hold a NUL, which no text of a shape does. */
function answerIn(line: string): (Answer & { readonly id: number }) | null {
  const value = jsonIn(line);
  if (!isObject(value)) return null;
  const { id, status, text } = value;
  return typeof id === 'number' && typeof status === 'number' && typeof text === 'string' ? { id, status, text } : null;
}
