/** The commands as a file: one word a line, the loader's command and bhyve's with an empty line between them. */
import type { Backend } from '../backend.ts';
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
    if (plan.deviceMap === null) return [argv];
    return [argv, { path: 'device.map', mode: 0o644, text: plan.deviceMap, secret: false }];
  },
};
