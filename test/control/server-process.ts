/** The fake supervisor in a process of its own, bundled once. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundle } from '../../scripts/bundle.mjs';

/** What the process says of itself. */
export interface Health {
  /** Bytes of memory in use. */
  readonly rss: number;
  readonly connections: number;
}

/** A running process. */
export interface ServerProcess {
  readonly file: string;
  health(): Promise<Health>;
  end(): Promise<void>;
}

/** Starts one. */
export async function startServer(): Promise<ServerProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-serve-'));
  const { outputFiles } = await bundle('dist-test', { serve: 'test/control/serve.ts' }, false);
  for (const file of outputFiles) writeFileSync(path.join(folder, path.basename(file.path)), file.contents);
  const file = path.join(folder, 'sock');
  const child = fork(path.join(folder, 'serve.mjs'), [file], { execArgv: [] });
  const next = (): Promise<unknown> => new Promise((resolve) => child.once('message', resolve));
  await next();
  return {
    file,
    async health() {
      const answer = next();
      child.send('health');
      return (await answer) as Health;
    },
    async end() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
