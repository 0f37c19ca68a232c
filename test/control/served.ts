/** A fake supervisor behind a real socket in a folder of its own, for one test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Service } from '../../src/control/protocol.ts';
import type { ControlLimits } from '../../src/control/server/limits.ts';
import { serveControl, type ControlServer } from '../../src/control/server/control.ts';
import { createFakeSupervisor, type FakeSupervisor } from './fake-service.ts';
import { connectTo, type Reply } from './peer.ts';

/** What a test works with. */
export interface Served {
  readonly folder: string;
  readonly file: string;
  readonly fake: FakeSupervisor;
  readonly server: ControlServer;
  /** What the server had to say. */
  readonly logged: string[];
  /** Sends a text, then the end; gives the parsed lines of the answer. */
  ask(text: string): Promise<readonly Reply[]>;
  /** Ends everything; the folder is gone afterwards. */
  end(): Promise<void>;
}

/** Serves the domains `web`, which runs, and `db`; `change` may replace methods. */
export async function serveFake(
  limits: Partial<ControlLimits> = {},
  change: (service: Service) => Service = (service) => service,
): Promise<Served> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bhyvec-control-'));
  const file = path.join(folder, 'sock');
  const fake = createFakeSupervisor();
  const logged: string[] = [];
  fake.add('web', { state: 'running', reason: 'booted', id: 4711 });
  fake.add('db');
  const log = (line: string): void => void logged.push(line);
  const server = await serveControl({ path: file, service: change(fake.service), limits, log });
  return {
    folder,
    file,
    fake,
    server,
    logged,
    async ask(text) {
      const peer = await connectTo(file);
      peer.socket.end(text);
      return (await peer.rest()).map((line) => JSON.parse(line) as Reply);
    },
    async end() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
