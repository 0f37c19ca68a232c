/** The whole of a supervisor: its guests, who watches them, the control socket; put together and taken apart in order. */
import { chmodSync, mkdirSync } from 'node:fs';
import type { Notice } from '../../control/vocabulary.ts';
import { defaultLimits, type Guest, type Limits } from '../machine/state.ts';
import { viewOf, viewsOf } from '../machine/view.ts';
import type { HostShare } from '../observe/domstats.ts';
import { renderMetrics } from '../observe/metrics.ts';
import { noTallies, tally } from '../observe/tally.ts';
import type { Service, Statistics } from '../../control/protocol.ts';
import type { Compiler } from '../compiler-contract.ts';
import type { Consoles } from '../../consoles/contract.ts';
import { serveControl, type ControlServer } from '../../control/server/control.ts';
import { setGroup } from '../../control/server/socket.ts';
import { createEventLog } from './event-log.ts';
import type { Disk } from './journal-file.ts';
import type { LauncherLimits } from '../../launches/launches.ts';
import type { Log } from '../../system/log.ts';
import { createObservers, type Observers } from './observers.ts';
import type { Paths } from '../paths.ts';
import { createService } from './service.ts';
import { readStatistics } from './statistics.ts';
import { startSupervisor, type Supervisor } from './supervisor.ts';
import { reasonOf, Trouble } from '../../system/trouble.ts';

/** How a supervisor is set up. */
export interface RuntimeOptions {
  readonly paths: Paths;
  /** The socket, where it is not at its usual place; null for none. */
  readonly socket?: string | null;
  /** Members of this group may use the socket. */
  readonly group?: string | null;
  readonly compiler: Compiler;
  readonly version: string;
  readonly log: Log;
  readonly environment: Readonly<Record<string, string>>;
  readonly launcherLimits: LauncherLimits;
  readonly limits?: Partial<Limits>;
  readonly preparing?: number;
  readonly consoles?: Consoles | null;
  readonly disk?: Disk;
  readonly lookEvery?: number;
  /** Aborted when it is to end before it has begun: then the start rejects with the reason, and nothing is left. */
  readonly asked?: AbortSignal;
}

/** A supervisor that runs. */
export interface Runtime {
  readonly supervisor: Supervisor;
  readonly service: Service;
  /** Resolves when it was asked to end, by a call or after it has stopped all guests. */
  readonly asked: Promise<void>;
  /** Ends it; guests go on. */
  end(): Promise<void>;
}

/** So many launchers prepare at the same time where nobody says another number. */
const defaultPreparing = 16;

/** The limits of decisions that follow from those of the launcher: it takes stronger means by itself first. */
function limitsFor({ stop, force }: LauncherLimits): Limits {
  const unmaking = 30;
  return {
    ...defaultLimits,
    shutdown: (stop + 3 * force + unmaking) * 1000,
    force: (3 * force + unmaking) * 1000,
    reboot: Math.max(defaultLimits.reboot, stop * 1000),
  };
}

function tellOf({ guest, event, detail, cause, code, signal }: Notice): string {
  const more = [
    ...(cause === null ? [] : [cause]),
    ...(code === null ? [] : [`exit status ${String(code)}`]),
    ...(signal === null ? [] : [`signal ${String(signal)}`]),
  ];
  return `${guest}: ${event}: ${detail}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

/** Statistics and metrics, for which more has to be known of a guest than the machine knows. */
function createCounters(compiler: Compiler): (guests: readonly Guest[]) => Promise<ReadonlyMap<string, Statistics>> {
  const shares = new Map<string, { readonly revision: string; readonly share: HostShare | null }>();

  function shareOf({ name, runs, definition }: Guest): HostShare | null {
    const { revision, xml } = runs ?? definition;
    const known = shares.get(name);
    if (known?.revision === revision) return known.share;
    const compiled = compiler.compile(xml, `${name}.xml`);
    const share = compiled.ok ? compiled.share : null;
    shares.set(name, { revision, share });
    return share;
  }

  return async (guests) =>
    await readStatistics(guests.map((guest) => ({ view: viewOf(guest), share: shareOf(guest) })));
}

/** Starts a supervisor and serves its socket. Rejects with a {@link Trouble} where it cannot be. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { paths, compiler, log, version } = options;
  const consoles = options.consoles ?? null;
  options.asked?.throwIfAborted();
  try {
    mkdirSync(paths.log, { recursive: true, mode: 0o750 });
  } catch (error) {
    log(`cannot make the directory ${paths.log}: ${reasonOf(error)}`);
  }
  const events = await createEventLog({ path: paths.events, onProblem: log });
  let tallies = noTallies;
  const endObservers = async (): Promise<void> => {
    await consoles?.end();
    await events.end();
  };
  const supervisor = await startSupervisor({
    ...{ paths, compiler, log, consoles },
    environment: options.environment,
    limits: { ...limitsFor(options.launcherLimits), ...options.limits },
    launcherLimits: options.launcherLimits,
    preparing: options.preparing ?? defaultPreparing,
    notice: (notice) => {
      log(tellOf(notice));
      tallies = tally(tallies, notice);
      events.record(notice);
    },
    ...(options.disk === undefined ? {} : { disk: options.disk }),
    ...(options.lookEvery === undefined ? {} : { lookEvery: options.lookEvery }),
    ...(options.asked === undefined ? {} : { asked: options.asked }),
  }).catch(async (error: unknown) => {
    await endObservers();
    throw error;
  });
  const count = createCounters(compiler);
  const { pump } = supervisor;
  let askToEnd = (): void => undefined;
  const asked = new Promise<void>((resolve) => (askToEnd = resolve));
  void supervisor.exited.then(askToEnd);
  let control: ControlServer | null = null;

  const observers: Observers = createObservers({
    consoles,
    events,
    statistics: async (guests) => {
      const found = await count(guests);
      return guests.map(({ name }) => ({ name, statistics: found.get(name) ?? {} }));
    },
    metrics: async () =>
      renderMetrics({
        version,
        since: supervisor.since,
        guests: viewsOf(pump.state()),
        tallies,
        statistics: await count(Object.values(pump.state().guests)),
        journal: { bytes: pump.journalBytes(), errors: pump.journalErrors() },
        connections: { now: control?.connections() ?? 0, total: control?.connectionsSoFar() ?? 0 },
        droppedEvents: events.dropped(),
        consoles: consoles?.views() ?? [],
      }),
  });
  const service = createService({ supervisor, compiler, observers, version, exit: askToEnd });
  const server = await serve().catch(async (error: unknown) => {
    await supervisor.end();
    await endObservers();
    throw new Trouble(reasonOf(error));
  });
  control = server;

  async function serve(): Promise<ControlServer | null> {
    const path = options.socket === undefined ? paths.socket : options.socket;
    const group = options.group ?? null;
    if (path === null) return null;
    if (group !== null && path === paths.socket) {
      // Members get through our folder to the socket; what else is in it stays ours.
      await setGroup(paths.run, group);
      chmodSync(paths.run, 0o710);
    }
    return await serveControl({ path, service, log, group });
  }

  return {
    supervisor,
    service,
    asked,
    async end() {
      supervisor.requests.end();
      await server?.close();
      await supervisor.end();
      await endObservers();
    },
  };
}
