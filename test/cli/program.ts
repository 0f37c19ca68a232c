/** The bundled program for tests: built once into a folder of its own, so that no test depends on a stale dist. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundle, program } from '../../scripts/bundle.mjs';
import { root } from '../../scripts/bundling.mjs';

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
  run(words: readonly string[], options?: { readonly input?: string; readonly env?: Record<string, string> }): Run;
  /** Runs with a standard output that nobody reads. */
  runUnread(words: readonly string[]): Promise<Run>;
  remove(): void;
}

/** Without what changes the output, or the time that Node takes to start. */
const unwanted = ['NODE_EXTRA_CA_CERTS', 'NO_COLOR', 'FORCE_COLOR'];
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.includes(name)));

/** Builds the program. */
export async function buildProgram(): Promise<Program> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-cli-'));
  const { outputFiles } = await bundle('dist', program, true);
  for (const file of outputFiles) {
    const target = path.join(folder, 'dist', path.relative(path.join(root, 'dist'), file.path));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.contents);
  }
  const main = path.join(folder, 'dist/bhyvec.mjs');
  return {
    ...{ folder, main },
    run(words, { input = '', env = {} } = {}) {
      const options = {
        cwd: folder,
        input,
        env: { ...environment, ...env },
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], options);
      return { status, out: stdout, err: stderr };
    },
    async runUnread(words) {
      const child = spawn(process.execPath, [main, ...words], { cwd: folder, env: environment });
      child.stdout.destroy();
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
      return { status, out: '', err };
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
