/** `bhyvec domstate`, `dominfo`, `domid`, `domname`, `domuuid`, `domstats`, `uri` and `metrics`. */
import type { GuestView } from '../../control/vocabulary.ts';
import { printable } from '../../diagnostics/printable.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { explainFailure, forEachDomain, printJson, withSession, type DomainFlags } from './session.ts';
import { renderPairs } from './table.ts';

/** Options of `bhyvec domstate`. */
export interface StateFlags extends DomainFlags {
  readonly reason?: boolean;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function infoOf(view: GuestView): string {
  const kib = `${String(view.memoryMib * 1024)} KiB`;
  const { autostart, autostartOrder, autostartDelaySeconds } = view;
  const order = `enable (order ${String(autostartOrder ?? 0)}, delay ${String(autostartDelaySeconds ?? 0)} s)`;
  const pairs: (readonly [string, string | null])[] = [
    ['Id', view.id === null ? '-' : String(view.id)],
    ['Name', view.name],
    ['UUID', view.uuid],
    ['Title', view.title],
    ['OS Type', 'hvm'],
    ['State', `${view.state} (${view.reason})`],
    ['Message', view.message],
    ['CPU(s)', String(view.vcpus)],
    ['Max memory', kib],
    ['Used memory', kib],
    ['Persistent', view.persistent ? 'yes' : 'no'],
    ['Autostart', autostart ? order : 'disable'],
    ['Start after', view.startAfter.length === 0 ? null : view.startAfter.join(', ')],
    ['Managed save', 'no'],
    ['On poweroff', view.onPoweroff],
    ['On reboot', view.onReboot],
    ['On crash', view.onCrash],
    ['Starts', String(view.starts)],
    ['Running since', view.since === null ? null : timeOf(view.since)],
    ['Restart at', view.restartAt === null ? null : timeOf(view.restartAt)],
    ['Definition', view.changedSinceStart ? 'changed since start: the next cold start takes the new one' : null],
  ];
  return `${renderPairs(pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))}\n`;
}

async function showEach(
  domains: readonly string[],
  flags: DomainFlags,
  terminal: Terminal,
  textOf: (view: GuestView) => string,
): Promise<ExitStatus> {
  return await withSession(flags, terminal, (session) =>
    forEachDomain(session, domains, async (domain) => {
      const view = await session.client.call('domain.info', { domain });
      return { ...view, text: textOf(view) };
    }),
  );
}

/** Runs `bhyvec domstate`. */
export async function runState(domains: readonly string[], flags: StateFlags, terminal: Terminal): Promise<ExitStatus> {
  const textOf = ({ state, reason, message }: GuestView): string =>
    flags.reason === true ? `${state} (${printable(message ?? reason)})\n` : `${state}\n`;
  return await showEach(domains, flags, terminal, textOf);
}

/** Runs `bhyvec dominfo`. */
export async function runInfo(domains: readonly string[], flags: DomainFlags, terminal: Terminal): Promise<ExitStatus> {
  return await showEach(domains, flags, terminal, infoOf);
}

/** Runs `bhyvec domid`, `domname` or `domuuid`. */
export async function runName(
  what: 'id' | 'name' | 'uuid',
  domains: readonly string[],
  flags: DomainFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  return await showEach(domains, flags, terminal, (view) => `${printable(String(view[what] ?? '-'))}\n`);
}

/** Runs `bhyvec domstats`. */
export async function runStats(
  domains: readonly string[],
  flags: DomainFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  return await withSession(flags, terminal, async (session) => {
    try {
      const answer = await session.client.call('domain.stats', { domains });
      if (session.isJson) await printJson(terminal, answer);
      for (const { name, statistics } of session.isJson ? [] : answer.domains) {
        const lines = Object.entries(statistics).map(([key, value]) => `  ${key}=${printable(String(value))}\n`);
        await terminal.out(`Domain: '${printable(name)}'\n${lines.join('')}\n`);
      }
      return exitStatus.done;
    } catch (failure) {
      await explainFailure(session, domains[0] ?? '', failure);
      return exitStatus.mistakes;
    }
  });
}

/** Runs `bhyvec uri`. */
export async function runUri(flags: DomainFlags, terminal: Terminal): Promise<ExitStatus> {
  return await withSession(flags, terminal, async ({ client, isJson }) => {
    await (isJson ? printJson(terminal, { uri: client.uri }) : terminal.out(`${client.uri}\n`));
    return exitStatus.done;
  });
}

/** Runs `bhyvec metrics`. */
export async function runMetrics(flags: DomainFlags, terminal: Terminal): Promise<ExitStatus> {
  return await withSession(flags, terminal, async ({ client }) => {
    const { text } = await client.call('supervisor.metrics', {});
    await terminal.out(text);
    return exitStatus.done;
  });
}
