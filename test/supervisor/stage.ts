/** A host and a supervisor for one test, taken down afterwards; what was told to the world; states to wait for. */
import { readFileSync } from 'node:fs';
import type { GuestView } from '../../src/control/vocabulary.ts';
import type { Host, HostOptions } from '../host/host.ts';
import type { GuestOptions } from '../launcher/guests.ts';
import { bhyves, hostForGuests, keep, listener, look, starts, type Keeper, type KeeperOptions } from './harness.ts';
import { until } from '../until.ts';

/** One test's world. */
export interface Stage {
  readonly host: Host;
  readonly keeper: Keeper;
  /** The host before anything ran. */
  readonly before: string;
  /** Names and details of the events of a guest, in order. */
  readonly events: (guest: string) => readonly Record<string, unknown>[];
  shows(guest: string, state: GuestView['state'], more?: Partial<GuestView>): Promise<GuestView>;
  start(guest: string): Promise<number>;
  clean(): Promise<void>;
  /** Makes the guest play an entry now; asked again while it has not heard. */
  play(guest: string, entry: string): Promise<void>;
  starts(guest: string): number;
  launcher(guest: string): number;
}

/** What a test wants. */
export interface StageOptions extends KeeperOptions {
  readonly names?: readonly string[];
  readonly guest?: GuestOptions;
  readonly host?: HostOptions;
  /** What all guests play. */
  readonly script?: readonly string[];
}

/** Worlds that have to be taken down. */
const worlds: { keeper: Keeper; host: Host }[] = [];

/** Ends all supervisors and hosts of the tests before. */
export async function strike(): Promise<void> {
  for (const { keeper, host } of worlds.splice(0)) {
    await keeper.end();
    host.dispose();
  }
}

/** The supervisor ends, and another one takes its place. */
export async function nextKeeper(stage: Stage, options: KeeperOptions = {}): Promise<Stage> {
  await stage.keeper.end();
  return await around(stage.host, stage.before, options);
}

async function around(host: Host, before: string, options: KeeperOptions): Promise<Stage> {
  const keeper = await keep(host, options);
  const world = worlds.find((one) => one.host === host);
  if (world === undefined) worlds.push({ keeper, host });
  else world.keeper = keeper;
  const client = listener();
  await keeper.call('event.subscribe', { domain: null }, client);
  return {
    ...{ host, keeper, before },
    events: (guest) =>
      client.heard
        .map(({ params }) => params as Record<string, unknown>)
        .filter((event) => event['guest'] === guest)
        .map(({ event, detail, code, signal, cause }) => ({ event, detail, code, signal, cause })),
    async shows(guest, state, more = {}) {
      const fits = (): boolean => {
        const view = keeper.view(guest);
        return view?.state === state && Object.entries(more).every(([key, value]) => Reflect.get(view, key) === value);
      };
      await keeper.until(fits);
      const view = keeper.view(guest);
      if (view === undefined) throw new Error(`${guest} is gone`);
      return view;
    },
    async start(guest) {
      const { id } = await keeper.call('domain.start', { domain: guest, wait: true });
      await host.waitRunning(guest);
      return id ?? -1;
    },
    async play(guest, entry) {
      const pid = await host.waitRunning(guest);
      host.play(guest, entry);
      await until(() => !bhyves(host, guest).includes(pid), `the end of ${guest}`);
    },
    clean: () => keeper.until(() => look(host) === before),
    starts: (guest) => starts(host, guest),
    launcher: (guest) => {
      const turn = keeper.runtime.supervisor.pump.state().guests[guest]?.activity;
      const number = turn !== undefined && 'turn' in turn ? turn.turn.number : 0;
      return Number(/launcher (\d+)/.exec(readFileSync(keeper.paths.report(guest, number), 'utf8'))?.[1]);
    },
  };
}

/** Sets the stage: guests are defined, none runs. */
export async function stage(options: StageOptions = {}): Promise<Stage> {
  const { names = ['a'], guest = {} } = options;
  const host = hostForGuests(names, guest, options.host);
  if (options.script !== undefined) host.script('*', ...options.script);
  const made = await around(host, look(host), options);
  for (const name of names) await made.keeper.define(name, guest);
  return made;
}

/** Reboots the guest `a` and waits until it runs again. */
export async function reboot(keeper: Keeper, cold = false): Promise<void> {
  await keeper.call('domain.reboot', { domain: 'a', wait: true, cold });
}
