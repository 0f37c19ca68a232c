/** The bundled program for tests, in a folder of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/bundling.mjs';
import { folderWithProgram } from '../bundled.ts';
import { startResident } from './start-resident.ts';

/** What a run of the program left behind. */
export interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** The program, and a folder that tests may write to. */
export interface Program {
  readonly folder: string;
  /** The file that node runs. */
  readonly main: string;
  /** Runs a command; without input, in a process of the program that stays (resident.mjs). */
  run(words: readonly string[], options?: { readonly input?: string; readonly env?: Record<string, string> }): Run;
  /** Runs a command there while this process serves others; `env` is its whole environment. */
  ask(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Run>;
  /** Runs with a standard output that nobody reads. */
  runUnread(words: readonly string[]): Promise<Run>;
  remove(): void;
}

/** Without what changes the output, or the time that Node takes to start. */
const unwanted = ['NODE_EXTRA_CA_CERTS', 'NO_COLOR', 'FORCE_COLOR'];
const environment: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || unwanted.includes(name) ? [] : [[name, value]],
  ),
);

/** Gives the program, with the stand-in host beside it, which the package has there. */
export async function programWithHost(): Promise<Program> {
  const program = await buildProgram();
  mkdirSync(path.join(program.folder, 'test'));
  symlinkSync(path.join(root, 'test/host'), path.join(program.folder, 'test/host'));
  return program;
}

/** Gives the program. */
export async function buildProgram(): Promise<Program> {
  const folder = await folderWithProgram();
  const main = path.join(folder, 'dist/bhyvec.mjs');
  const resident = startResident(folder, main);
  return {
    ...{ folder, main },
    run(words, { input, env: more = {} } = {}) {
      const env = { ...environment, ...more };
      if (input === undefined) return resident.run(words, env);
      const options = { cwd: folder, input, env, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], options);
      return { status, out: stdout, err: stderr };
    },
    ask: async (words, env) => await resident.ask(words, env),
    async runUnread(words) {
      const child = spawn(process.execPath, [main, ...words], { cwd: folder, env: environment });
      child.stdout.destroy();
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
      return { status, out: '', err };
    },
    remove: () => {
      resident.end();
      rmSync(folder, { recursive: true });
    },
  };
}
