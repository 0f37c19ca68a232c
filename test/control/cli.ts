/** The bundled program against a fake supervisor in this process: runs beside it, not instead of it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { buildProgram, type Program } from '../cli/program.ts';

/** What a run left behind. */
export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A run that goes on. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has written so far. */
  out(): string;
  err(): string;
  readonly ended: Promise<Ran>;
}

/** The program. */
export interface Cli {
  readonly main: string;
  readonly program: Program;
  start(words: readonly string[], env?: Readonly<Record<string, string>>): Running;
  run(words: readonly string[], env?: Readonly<Record<string, string>>, input?: string): Promise<Ran>;
  /** The same in a process that stays, for what starts no program that writes by itself. */
  ask(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
}

/** Collects what a child writes. */
export function watch(child: ChildProcessWithoutNullStreams): Running {
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ran>((resolve) => {
    child.once('close', (status) => {
      resolve({ status, out, err });
    });
  });
  return { child, out: () => out, err: () => err, ended };
}

/** The environment without what would change the output. */
export function plainEnvironment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const unwanted = /^(?:NODE_EXTRA_CA_CERTS|FORCE_COLOR|BHYVEC_.*)$/;
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || unwanted.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...env };
}

/** Builds it. */
export async function buildCli(): Promise<Cli> {
  const program = await buildProgram();
  const main = path.join(program.folder, 'dist/bhyvec.mjs');
  const start: Cli['start'] = (words, env = {}) => {
    const options = { cwd: program.folder, env: plainEnvironment(env) };
    return watch(spawn(process.execPath, [main, ...words], options));
  };
  return {
    main,
    program,
    start,
    ask: async (words, env = {}) => await program.ask(words, plainEnvironment(env)),
    async run(words, env, input = '') {
      const running = start(words, env);
      running.child.stdin.end(input);
      return await running.ended;
    },
  };
}
