/** A process of its own that serves the fake supervisor: its memory is measured. `serve.mjs SOCKET`, with an IPC channel. */
import { serveControl } from '../../src/control/server/control.ts';
import { createFakeSupervisor } from './fake-service.ts';

const fake = createFakeSupervisor();
fake.add('web', { state: 'running', id: 4711 });
const server = await serveControl({ path: process.argv[2] ?? '', service: fake.service, log: console.error });

process.on('message', () => {
  process.send?.({ rss: process.memoryUsage().rss, connections: server.connections() });
});
process.on('disconnect', () => {
  process.exit();
});
process.send?.('ready');
