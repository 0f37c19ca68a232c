/** The commands as a file: one word a line, the loader's command and bhyve's with an empty line between them. */
import type { Artefact, Backend } from '../backend.ts';
import { holdsSecret } from '../../ir/words.ts';
import { commandLines } from './emit.ts';
import { formatCommands } from './format.ts';

export const argvBackend: Backend = {
  name: 'argv',
  summary: 'the commands, one word a line',
  emit(plan) {
    const commands = commandLines(plan);
    // A bhyve without -k takes the password on its command line: then this file holds it too.
    const secret = commands.some(({ words }) => words.some(holdsSecret));
    const argv = { path: 'argv', mode: secret ? 0o600 : 0o644, text: formatCommands(commands, 'lines'), secret };
    const file = (path: string, text: string | null): readonly Artefact[] =>
      text === null ? [] : [{ path, mode: 0o644, text, secret: false }];
    return [argv, ...file('device.map', plan.deviceMap), ...file('grub.cfg', plan.grubConfig)];
  },
};
