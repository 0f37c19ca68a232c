/** `bhyvec start`, `shutdown`, `reboot`, `reset`, `destroy` and `shutdown-all`. */
import { CallFailure, errorCodes } from '../../control/protocol.ts';
import { printable } from '../../diagnostics/printable.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { explainFailure, forEachDomain, printJson, withSession, type DomainFlags } from './session.ts';

/** Options of `bhyvec start`. */
export interface StartFlags extends DomainFlags {
  readonly console?: boolean;
  readonly wait: boolean;
}

/** Options of `bhyvec shutdown` and `bhyvec reboot`. */
export interface WaitFlags extends DomainFlags {
  readonly wait?: boolean;
  readonly cold?: boolean;
}

/** Options of `bhyvec destroy`. */
export interface DestroyFlags extends DomainFlags {
  readonly graceful?: boolean;
}

/** Options of `bhyvec shutdown-all`. */
export interface ShutdownAllFlags extends DomainFlags {
  readonly limit: number;
  readonly exit?: boolean;
}

const quoted = (name: string): string => `'${printable(name)}'`;

/** How a guest was made to end, for people. */
const byMeans: Readonly<Record<string, string>> = {
  none: '',
  press: '',
  force: ' (by force: it did not react to the power button in time)',
  kill: ' (its bhyve was killed)',
};

/** Runs `bhyvec start`. */
export async function runStart(domains: readonly string[], flags: StartFlags, terminal: Terminal): Promise<ExitStatus> {
  const [only = ''] = domains;
  if (flags.console === true) {
    if (domains.length > 1) throw new UsageError('--console is for one domain');
    if (flags.format === 'json') throw new UsageError('--console has no --format json');
  }
  return await withSession(flags, terminal, async (session) => {
    if (flags.console === true) {
      const { startWithConsole } = await import('./console.ts');
      return await startWithConsole(session, only);
    }
    return await forEachDomain(session, domains, async (domain) => {
      const result = await session.client.call('domain.start', { domain, wait: flags.wait });
      const text = flags.wait
        ? `Domain ${quoted(result.name)} started\n`
        : `Domain ${quoted(result.name)} is being started\n`;
      return { ...result, text };
    });
  });
}

/** Runs `bhyvec shutdown`. */
export async function runShutdown(
  domains: readonly string[],
  flags: WaitFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  const wait = flags.wait ?? false;
  return await withSession(flags, terminal, (session) =>
    forEachDomain(session, domains, async (domain) => {
      const result = await session.client.call('domain.shutdown', { domain, wait });
      const how = wait ? `was shut down${byMeans[result.means ?? 'none'] ?? ''}` : 'is being shutdown';
      return { ...result, text: `Domain ${quoted(result.name)} ${how}\n` };
    }),
  );
}

/** Runs `bhyvec reboot`. */
export async function runReboot(domains: readonly string[], flags: WaitFlags, terminal: Terminal): Promise<ExitStatus> {
  const { wait = false, cold = false } = flags;
  return await withSession(flags, terminal, (session) =>
    forEachDomain(session, domains, async (domain) => {
      const result = await session.client.call('domain.reboot', { domain, wait, cold });
      return { ...result, text: `Domain ${quoted(result.name)} ${wait ? 'was rebooted' : 'is being rebooted'}\n` };
    }),
  );
}

/** Runs `bhyvec reset`. */
export async function runReset(
  domains: readonly string[],
  flags: DomainFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  return await withSession(flags, terminal, (session) =>
    forEachDomain(session, domains, async (domain) => {
      const result = await session.client.call('domain.reset', { domain });
      return { ...result, text: `Domain ${quoted(result.name)} was reset\n` };
    }),
  );
}

/** Runs `bhyvec destroy`. */
export async function runDestroy(
  domains: readonly string[],
  flags: DestroyFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  return await withSession(flags, terminal, (session) =>
    forEachDomain(session, domains, async (domain) => {
      const { client } = session;
      const gently = async (): Promise<{ readonly name: string; readonly means: string | null } | null> => {
        try {
          return await client.call('domain.shutdown', { domain, wait: true });
        } catch (error) {
          if (error instanceof CallFailure && error.error.code === errorCodes['not done']) return null;
          throw error;
        }
      };
      const gentle = flags.graceful === true ? await gently() : null;
      const result = gentle ?? (await client.call('domain.destroy', { domain }));
      const how = gentle === null ? '' : (byMeans[gentle.means ?? 'none'] ?? '');
      return { ...result, text: `Domain ${quoted(result.name)} destroyed${how}\n` };
    }),
  );
}

/** Runs `bhyvec shutdown-all`. */
export async function runShutdownAll(flags: ShutdownAllFlags, terminal: Terminal): Promise<ExitStatus> {
  return await withSession(flags, terminal, async (session) => {
    const exit = flags.exit ?? false;
    try {
      const { stopped } = await session.client.call('supervisor.close', { limitSeconds: flags.limit, exit });
      if (session.isJson) await printJson(terminal, { stopped });
      else await terminal.out(`${String(stopped)} ${stopped === 1 ? 'domain' : 'domains'} shut down\n`);
      return exitStatus.done;
    } catch (failure) {
      await explainFailure(session, '', failure);
      return exitStatus.mistakes;
    }
  });
}
