// Guests with consoles for tests: FIFOs stand for null modems.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ConsoleProblem, ConsoleRequest, Consoles, ConsolesOptions } from '../../src/consoles/contract.ts';
import { createConsoles } from '../../src/consoles/consoles.ts';
import type { GuestConsole } from '../../src/ir/plan.ts';

/** The guest's side of a null modem: two FIFOs. */
export interface Guest {
  readonly console: GuestConsole;
  say: (text: string) => void;
  /** What was typed since the last call. */
  typed: () => string;
}

/** Somebody who is attached. */
export interface Attached {
  handle: number;
  text: () => string;
  closed: string[];
}

/** A folder, consoles and their problems, new for each test. */
export interface Bench {
  folder: string;
  consoles: Consoles;
  readonly problems: ConsoleProblem[];
  readonly undo: (() => void)[];
  make: (options?: Partial<ConsolesOptions>) => Consoles;
  guest: (com?: number) => Guest;
  attach: (request?: Partial<ConsoleRequest>) => Attached;
  logText: () => string;
}

/** Sets up a bench for each test of a file. */
export function useBench(): Bench {
  const bench: Bench = {
    folder: '',
    consoles: createConsoles({ logFolder: '' }),
    problems: [],
    undo: [],
    make: (options = {}) => {
      bench.consoles = createConsoles({
        logFolder: bench.folder,
        root: bench.folder,
        run: () => Promise.resolve(null),
        retryMs: { first: 5, longest: 20 },
        onProblem: (problem) => bench.problems.push(problem),
        ...options,
      });
      return bench.consoles;
    },
    guest: (com = 1) => guestWithFifos(bench, com),
    attach: (request = {}) => attach(bench.consoles, request),
    logText: () => readFileSync(path.join(bench.folder, 'demo.console.log'), 'latin1'),
  };
  beforeEach(() => {
    bench.folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-consoles-'));
    bench.problems.length = 0;
    bench.make();
  });
  afterEach(async () => {
    await bench.consoles.end();
    for (const act of bench.undo.splice(0).toReversed()) act();
    rmSync(bench.folder, { recursive: true });
  });
  return bench;
}

function guestWithFifos({ folder, undo }: Bench, com: number): Guest {
  const pair = { guest: `/com${String(com)}A`, user: `/com${String(com)}B` };
  const open = (name: string): number => {
    const file = path.join(folder, name);
    execFileSync('mkfifo', [file]);
    const fd = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
    undo.push(() => {
      closeSync(fd);
    });
    return fd;
  };
  const [heard, spoken] = [open(pair.guest), open(pair.user)];
  return {
    console: { kind: 'nmdm', com, pair },
    say: (text) => void writeSync(spoken, text),
    typed: () => {
      const buffer = Buffer.alloc(65_536);
      try {
        return buffer.toString('latin1', 0, readSync(heard, buffer));
      } catch {
        return '';
      }
    },
  };
}

function attach(consoles: Consoles, request: Partial<ConsoleRequest>): Attached {
  const parts: Buffer[] = [];
  const closed: string[] = [];
  const opened = consoles.open({
    guest: 'demo',
    com: null,
    write: false,
    force: false,
    replayBytes: 0,
    onData: (bytes) => (parts.push(Buffer.from(bytes)), undefined),
    onClosed: (why) => closed.push(why),
    ...request,
  });
  if (!opened.ok) throw new Error(opened.message);
  return { handle: opened.handle, text: () => Buffer.concat(parts).toString('latin1'), closed };
}
