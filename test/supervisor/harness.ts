/** Supervisors for tests, on a stand-in host: in the test's own process, or as a process that can be killed. */
import type { GuestView } from '../../src/control/vocabulary.ts';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Limits } from '../../src/supervisor/machine/state.ts';
import { viewsOf } from '../../src/supervisor/machine/view.ts';
import type { Session } from '../../src/control/protocol.ts';
import type { Method, Methods, Notifications } from '../../src/control/wire-table.ts';
import { eventLine, replay } from '../../src/supervisor/journal.ts';
import type { Event } from '../../src/supervisor/machine/event.ts';
import type { Disk } from '../../src/supervisor/runtime/journal-file.ts';
import { pathsBelow, type Paths } from '../../src/supervisor/paths.ts';
import { startRuntime, type Runtime } from '../../src/supervisor/runtime/runtime.ts';
import { compilerWith } from '../../src/supervisor/compiler.ts';
import type { Host, HostOptions } from '../host/host.ts';
import { until } from '../until.ts';
import { guestXml, hostFor, planOf, profileOf, type GuestOptions } from '../launcher/guests.ts';
import { textOf } from '../../src/ir/words.ts';

/** The release that everything is compiled for. */
export const target = 'freebsd-14.3';

/** The XML of a guest that gets in the way of no other guest. */
export function xmlOf(name: string, options: GuestOptions = {}): string {
  return guestXml({ name, ...options })
    .replaceAll('nmdm-g.', `nmdm-${name}.`)
    .replaceAll('/nvram/g.fd', `/nvram/${name}.fd`)
    .replaceAll(/<mac address='.*?'\/>/g, '');
}

/** A host that has what guests with these options ask for. */
export function hostForGuests(names: readonly string[], options: GuestOptions = {}, more: HostOptions = {}): Host {
  const host = hostFor(planOf(xmlOf(names[0] ?? 'g', options), target), { cpus: 256, ...more });
  for (const name of names.slice(1)) {
    host.warm(planOf(xmlOf(name, options), target).bhyve.words.map(({ pieces }) => textOf(pieces)));
  }
  return host;
}

/** Short limits, so that waiting is short. */
export const quick = { stop: 2, force: 1, loader: 5 };

/** Launchers are quick as well. */
export const quickEnvironment = { BHYVEC_PRESS_EVERY: '1', BHYVEC_NODE_LIMIT: '2' };

/** A client that hears notifications. */
export interface Listener extends Session {
  readonly heard: { readonly method: string; readonly params: unknown }[];
  readonly closed: () => void;
}

/** Makes one. */
export function listener(): Listener {
  const heard: { method: string; params: unknown }[] = [];
  const acts: (() => void)[] = [];
  return {
    heard,
    notify: <N extends keyof Notifications>(method: N, params: Notifications[N]) => void heard.push({ method, params }),
    onClose: (act) => void acts.push(act),
    closed: () => {
      for (const act of acts) act();
    },
  };
}

/** A supervisor in this process. */
export interface Keeper {
  readonly host: Host;
  readonly paths: Paths;
  readonly runtime: Runtime;
  readonly logged: string[];
  call<M extends Method>(method: M, params: Methods[M]['params'], session?: Session): Promise<Methods[M]['result']>;
  view(name: string): GuestView | undefined;
  until(condition: () => boolean): Promise<void>;
  define(name: string, options?: GuestOptions): Promise<void>;
  end(): Promise<void>;
}

/** How it is started. */
export interface KeeperOptions {
  readonly limits?: Partial<Limits>;
  readonly launcherLimits?: typeof quick;
  readonly disk?: Disk;
  readonly preparing?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Serves its socket, to a group as well; null for the owner alone. */
  readonly group?: string | null;
}

/** Starts a supervisor in this process. */
export async function keep(host: Host, options: KeeperOptions = {}): Promise<Keeper> {
  const paths = pathsBelow(host.root);
  const logged: string[] = [];
  const runtime = await startRuntime({
    paths,
    ...(options.group === undefined ? { socket: null } : { group: options.group }),
    compiler: compilerWith({ host: profileOf(target), dialect: 'bhyvec', schema: 'error', strict: false }),
    version: 'test',
    log: (message) => void logged.push(message),
    environment: { ...host.env, LC_ALL: 'C', ...quickEnvironment, ...options.environment },
    launcherLimits: options.launcherLimits ?? quick,
    limits: { restartDelay: 50, restartDelayCap: 200, ...options.limits },
    lookEvery: 50,
    ...(options.disk === undefined ? {} : { disk: options.disk }),
    ...(options.preparing === undefined ? {} : { preparing: options.preparing }),
  });
  const { service, supervisor } = runtime;
  const view = (name: string): GuestView | undefined =>
    viewsOf(supervisor.pump.state()).find((guest) => guest.name === name);
  const call: Keeper['call'] = (method, params, session = listener()) => service[method](params, session);
  return {
    ...{ host, paths, runtime, logged, view, call },
    until: (condition) => until(condition, () => JSON.stringify({ logged, state: viewsOf(supervisor.pump.state()) })),
    async define(name, guestOptions) {
      await call('domain.define', { xml: xmlOf(name, guestOptions), name: `${name}.xml` });
    },
    end: () => runtime.end(),
  };
}

/** The state of the host without what lasts: modules, null modems, logs, the supervisor's own files. */
export function look(host: Host, tries = 20): string {
  try {
    return lookOnce(host);
  } catch (error) {
    // A file that went while it was looked at.
    if (tries === 0 || !String(error).includes('ENOENT')) throw error;
    return look(host, tries - 1);
  }
}

function lookOnce(host: Host): string {
  return host.state({
    without: ['modules', 'nmdm'],
    ignore: /^var\/(?:log|db|run\/bhyvecd)\b|^var\/run\/?$|^usr\/local\/(?:libexec|etc)/,
  });
}

/** How often bhyve was started for a guest. */
export function starts(host: Host, name: string): number {
  return host.received(name).filter(([program]) => program === 'bhyve').length;
}

/** The numbers of the processes that are a guest's bhyve, also of one that is not done with its devices. */
export function bhyves(host: Host, name: string): readonly number[] {
  return host.bhyves(name);
}

/** What the journal says, and that it can be read at all. */
export function journalState(paths: Paths): readonly GuestView[] {
  const result = replay(readFileSync(paths.journal, 'utf8'));
  if (!result.ok) throw new Error(`line ${String(result.line)}: ${result.why}`);
  return viewsOf(result.state);
}

/** Files that no guest needs any more: launchers and reports of turns that are over. */
export function leftFiles(paths: Paths): readonly string[] {
  const reports = readdirSync(paths.reports).filter(
    (name) => readFileSync(`${paths.reports}/${name}`, 'utf8') !== 'void\n',
  );
  return [...reports, ...(existsSync(paths.guests) ? readdirSync(paths.guests) : [])];
}

/** Kills a process and ignores that it may be gone. */
export function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Appends an event to the journal of a supervisor that does not run: it was killed right after it wrote it. */
export function writtenBeforeKill(file: string, event: Event): void {
  const replayed = replay(readFileSync(file, 'utf8'));
  if (!replayed.ok) throw new Error(replayed.why);
  appendFileSync(file, eventLine(replayed.state.sequence + 1, event));
}
