/** Unix sockets that bhyve makes; a stale one is removed before each start, and it is removed at the end. */
import { foldedPath } from '../host-files.ts';
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface SocketStep extends StepNode<'socket'> {
  readonly path: string;
}

export const socket: StepContract<SocketStep> = {
  kind: 'socket',
  claims: ({ path }) => [{ what: `socket ${foldedPath(path)}`, exclusive: true }],
  takes: ({ path }) => ({ sockets: [path] }),
  shown: ({ path }) => ({
    make: `remove the socket ${path}, if one was left behind`,
    unmake: `remove the socket ${path}`,
  }),
  launcher: {
    ...noLauncherPart,
    look: ({ path }) => [['check_socket', path]],
    make: ({ path }) => [['note', 'socket', path]],
    beforeStart: ({ path }) => [['clear_socket', path]],
    notes: ['socket'],
  },
  rehearsal: {
    ...noRehearsalPart,
    needs: ({ sockets }) => sockets.map((path) => ['parent', path]),
    makes: ({ sockets }) => sockets,
  },
};
