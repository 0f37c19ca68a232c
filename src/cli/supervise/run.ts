/** `bhyvec supervise`: runs the supervisor in the foreground until a signal or a command ends it. Guests go on. */
import path from 'node:path';
import { printable } from '../../diagnostics/printable.ts';
import { programFolders } from '../../ir/host.ts';
import { createConsoles } from '../../consoles/consoles.ts';
import { pathsBelow } from '../../supervisor/paths.ts';
import { startRuntime } from '../../supervisor/runtime/runtime.ts';
import { createLog } from '../../system/log.ts';
import { Trouble } from '../../system/trouble.ts';
import { supervisorScript } from '../../backends/rcd/supervisor.ts';
import { hasErrors, printDiagnostics } from '../../documents/documents.ts';
import { hostOf } from '../../documents/hosts.ts';
import { defaultTarget } from '../../host/default-target.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import type { SuperviseFlags } from './flags.ts';
import { sharedIn } from '../../documents/shared.ts';
import { readAbsoluteFiles } from '../../documents/named-files.ts';
import { compilerWith } from '../../supervisor/compiler.ts';

/** Those that the caller's PATH names come first, as for all that root types. */
const hostFolders = programFolders.join(':');

/** The environment of launchers and commands: that of the supervisor, in a language that can be read again. */
function environmentOf(variables: NodeJS.ProcessEnv): Record<string, string> {
  const own = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const { PATH: given = '' } = variables;
  return {
    ...Object.fromEntries(own),
    PATH: given === '' ? hostFolders : `${given}:${hostFolders}`,
    HOME: '/',
    LC_ALL: 'C',
  };
}

/** The options that the script passes on: those that differ from what is used anyway, as words without blanks. */
function scriptFlags({ socket, group, host, target, documents = [] }: SuperviseFlags): readonly string[] {
  const given: readonly (readonly [string, string | undefined])[] = [
    ['--socket', socket],
    ['--group', group],
    ['--host', host],
    ['--target', target === defaultTarget ? undefined : target],
    ...documents.map((given) => ['--documents', path.resolve(given)] as const),
  ];
  return given.flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (!/^[A-Za-z0-9._/@:+-]+$/.test(value)) throw new UsageError(`${name}: '${value}' cannot stand in rc.conf(5)`);
    return [name, value];
  });
}

/** Resolves when it is aborted. */
async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/**
 * Runs `bhyvec supervise`.
 * @param asked aborted when a signal asks it to end; from the first moment on, the end is an orderly one
 */
export async function runSupervise(flags: SuperviseFlags, terminal: Terminal, asked: AbortSignal): Promise<ExitStatus> {
  if (flags.printRc === true) {
    await terminal.out(supervisorScript({ stopLimit: flags.stopLimit, flags: scriptFlags(flags) }));
    return exitStatus.done;
  }
  const host = await hostOf({ schema: 'error', ...flags }, terminal, (diagnostics) => {
    printDiagnostics(diagnostics, terminal);
  });
  if (host === null) return exitStatus.mistakes;
  const root = (process.env['BHYVEC_ROOT'] ?? '').replace(/\/+$/, '');
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && root === '') {
    terminal.err('bhyvec: only root can keep guests: run it as root, or as a service (--print-rc)\n');
    return exitStatus.mistakes;
  }
  const options = { host, dialect: 'bhyvec', schema: 'error', strict: false } as const;
  const shared = await sharedIn(flags.documents ?? [], options);
  printDiagnostics(shared.diagnostics, terminal);
  for (const problem of shared.problems) terminal.err(`bhyvec: ${printable(problem)}\n`);
  if (shared.problems.length > 0 || hasErrors(shared.diagnostics)) return exitStatus.mistakes;
  const log = createLog((text) => {
    terminal.err(text);
  });
  void aborted(asked).then(() => {
    log(`${asked.reason instanceof Error ? asked.reason.message : 'asked'}: ends; guests go on`);
  });
  process.umask(0o022);
  const paths = pathsBelow(root);
  const environment = environmentOf(process.env);
  const consoles = createConsoles({
    logFolder: paths.log,
    root,
    onProblem: ({ guest, com, message }) => {
      log(`${guest}: com${String(com)}: ${message}`);
    },
  });
  try {
    const runtime = await startRuntime({
      ...{ paths, consoles, environment },
      ...(flags.socket === undefined ? {} : { socket: flags.socket }),
      group: flags.group ?? null,
      compiler: compilerWith({ ...options, ...shared.known }, readAbsoluteFiles),
      version: BHYVEC_VERSION,
      log,
      launcherLimits: { stop: flags.stopLimit, force: flags.forceLimit, loader: flags.loaderLimit ?? null },
      preparing: flags.parallel,
      asked,
    });
    if (!asked.aborted) log(`keeps guests as process ${String(process.pid)}, for ${host.name}`);
    await Promise.race([aborted(asked), runtime.asked]);
    await runtime.end();
    return exitStatus.done;
  } catch (error) {
    if (error === asked.reason) return exitStatus.done;
    if (!(error instanceof Trouble)) throw error;
    terminal.err(`bhyvec: ${error.message}\n`);
    return exitStatus.mistakes;
  }
}
