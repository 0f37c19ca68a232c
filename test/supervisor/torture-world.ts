/** A stand-in host, the processes of supervisors on it, and all that can happen to them; what goes wrong is noted. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { GuestView } from '../../src/control/vocabulary.ts';
import type { Paths } from '../../src/supervisor/paths.ts';
import type { Host } from '../host/host.ts';
import { planOf, type GuestOptions } from '../launcher/guests.ts';
import { bhyves, hostForGuests, journalState, killPid, look, target, xmlOf } from './harness.ts';
import { found, idle, until } from '../until.ts';
import { spawnSupervisor, supervise, type Programs, type Supervised } from './process.ts';
import { Line, type Reply } from './torture-line.ts';
import { commandOf, shellsOf } from './torture-processes.ts';
import { textOf } from '../../src/ir/words.ts';

/** Guests with different policies. */
const policies: Readonly<Record<string, GuestOptions>> = {
  web: { onPoweroff: 'destroy', onReboot: 'restart', onCrash: 'restart' },
  db: { onPoweroff: 'restart', onReboot: 'destroy', onCrash: 'preserve' },
  mail: { onPoweroff: 'destroy', onReboot: 'restart', onCrash: 'destroy' },
  old: { onPoweroff: 'destroy', onReboot: 'restart', onCrash: 'restart', boot: 'freebsd' },
};

/** The guests of a history. */
export const names = Object.keys(policies);

/** Takes part in a history: a supervisor that is expected to live until it is ended from here. */
interface Life {
  readonly one: Supervised;
  line: Line;
  isEnded: boolean;
}

/** The world of one history. */
export class World {
  readonly host: Host;
  readonly before: string;
  readonly problems: string[] = [];
  /** What was done, for people. */
  readonly told: string[] = [];
  readonly #programs: Programs;
  readonly #said: string[] = [];
  readonly #watch: NodeJS.Timeout;
  #life: Life | null = null;

  private constructor(programs: Programs) {
    this.#programs = programs;
    this.host = hostForGuests(names);
    for (const name of names) {
      for (const memory of ['512', '1024']) this.host.warm(words(name, memory));
    }
    this.before = look(this.host);
    this.#watch = setInterval(() => {
      this.#lookForTwins();
    }, 100);
  }

  /** Makes a host and starts a supervisor; all guests are defined. */
  static async create(programs: Programs): Promise<World> {
    const world = new World(programs);
    await world.start();
    for (const name of names) {
      const reply = await world.ask('domain.define', { xml: xml(name, '512'), name });
      if (reply?.error !== undefined) throw new Error(reply.error.message);
    }
    return world;
  }

  tell(text: string): void {
    const states = this.#states();
    this.told.push(`${text}   [${states}]`);
  }

  #states(): string {
    try {
      return journalState(this.paths())
        .map(({ name, state, id }) => `${name} ${state} ${String(id ?? '')}`.trim())
        .join(', ');
    } catch (error) {
      return String(error);
    }
  }

  /** The paths of its supervisors. */
  paths(): Paths {
    if (this.#life === null) throw new Error('there was no supervisor yet');
    return this.#life.one.paths;
  }

  #lookForTwins(): void {
    for (const name of names) {
      const pids = bhyves(this.host, name);
      if (pids.length > 1) this.problems.push(`${name} runs ${String(pids.length)} times: ${pids.join(' ')}`);
    }
  }

  /** A supervisor, which must not end by itself. */
  async start(): Promise<void> {
    const one = await supervise(this.#programs, this.host);
    const life: Life = { one, line: new Line(one.paths.socket, this.problems), isEnded: false };
    void one.ended.then((status) => {
      this.#said.push(one.said());
      if (!life.isEnded) this.problems.push(`a supervisor ended by itself with ${String(status)}: ${one.said()}`);
    });
    this.#life = life;
  }

  /** SIGKILL, or SIGTERM after which it ends with 0. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#life === null) return;
    this.#life.isEnded = true;
    const { one } = this.#life;
    one.child.kill(signal);
    const status = await one.ended;
    if (signal === 'SIGTERM' && status !== 0)
      this.problems.push(`SIGTERM ended it with ${String(status)}: ${one.said()}`);
    try {
      journalState(one.paths);
    } catch (error) {
      this.problems.push(`the journal cannot be read: ${String(error)}`);
    }
  }

  /** A supervisor that is killed while it starts. */
  async startAndKill(milliseconds: number): Promise<void> {
    const child = spawnSupervisor(this.#programs, this.host);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    await idle(milliseconds);
    if (child.exitCode !== null) this.problems.push(`a supervisor ended while it started: ${said}`);
    child.kill('SIGKILL');
    await ended;
    this.#said.push(said);
  }

  /** A request over the present connection. */
  ask(method: string, params: unknown): Promise<Reply> {
    return this.#life?.line.ask(method, params) ?? Promise.resolve(null);
  }

  /** Hangs up and connects again. */
  hangUp(): void {
    if (this.#life === null) return;
    this.#life.line.end();
    this.#life.line = new Line(this.#life.one.paths.socket, this.problems);
  }

  /** Makes a guest do something now, if it runs. */
  play(guest: string, entry: string): void {
    try {
      this.host.play(guest, entry);
    } catch {
      // It does not run.
    }
  }

  /** SIGKILL to a guest's bhyve. */
  killBhyve(guest: string): void {
    for (const pid of bhyves(this.host, guest)) killPid(pid);
  }

  /** SIGKILL to a guest's launcher. */
  killLauncher(guest: string): void {
    for (const pid of this.launchers(guest)) killPid(pid);
  }

  /** Processes that run a guest's launcher, for a turn or for a clean-up; subshells are not counted. */
  launchers(guest: string): readonly number[] {
    return shellsOf(this.paths().launcher(guest));
  }

  async #list(): Promise<readonly GuestView[]> {
    const reply = await this.ask('domain.list', {});
    if (reply === null) throw new Error('no answer to domain.list');
    return (reply.result as { readonly domains: readonly GuestView[] }).domains;
  }

  /** All is stopped by a last supervisor, and what is kept or stuck is removed. */
  async comeToRest(): Promise<void> {
    this.host.disarm();
    const closed = await this.ask('supervisor.close', { limitSeconds: 20, exit: false });
    if (closed?.error !== undefined) this.problems.push(`close: ${closed.error.message}`);
    const isOff = ({ state }: GuestView): boolean => state === 'shut off' || state === 'crashed';
    let left: readonly GuestView[] = [];
    const isAtRest = async (): Promise<true | undefined> => {
      left = (await this.#list()).filter((view) => !isOff(view));
      // An answer may be lost with a connection, so it is not waited for.
      for (const { name: domain } of left) void this.ask('domain.destroy', { domain });
      await idle(500);
      return left.length === 0 ? true : undefined;
    };
    await found(isAtRest, 'rest').catch(() => {
      this.problems.push(`does not come to rest: ${JSON.stringify(left)}`);
    });
    await this.#judge();
  }

  /** What has to be true in the end. */
  async #judge(): Promise<void> {
    if (this.#life === null) return;
    const { line, one } = this.#life;
    await this.#eventually(
      'the host as it was',
      () => look(this.host) === this.before,
      () => look(this.host),
    );
    const launchers = (): readonly number[] => names.flatMap((name) => this.launchers(name));
    await this.#eventually(
      'no launcher',
      () => launchers().length === 0,
      () =>
        launchers()
          .map((pid) => commandOf(pid))
          .join('; '),
    );
    await this.#eventually(
      'all requests answered',
      () => line.open().length === 0,
      () => line.open().join('; '),
    );
    await this.#eventually(
      'no files of turns',
      () => readdirSync(one.paths.guests).length === 0,
      () => readdirSync(one.paths.guests).join(' '),
    );
    if (line.isOver) this.problems.push('the last connection ended');
    const listed = JSON.stringify(await this.#list());
    const written = JSON.stringify(journalState(one.paths));
    if (listed !== written) this.problems.push(`list says ${listed}, the journal ${written}`);
  }

  async #eventually(what: string, condition: () => boolean, found: () => string): Promise<void> {
    await until(condition, what).catch(() => {
      this.problems.push(`not ${what}: ${found()}\nbefore: ${this.before}`);
    });
  }

  /** All that helps to understand what went wrong. */
  story(): string {
    const logs = names.flatMap((name) => {
      const file = this.paths().output(name);
      return existsSync(file)
        ? [`-- log of ${name}`, ...readFileSync(file, 'utf8').trimEnd().split('\n').slice(-40)]
        : [];
    });
    return [
      ...this.problems,
      '-- acts',
      ...this.told,
      '-- supervisors',
      ...this.#said,
      this.#life?.one.said() ?? '',
      ...logs,
    ].join('\n');
  }

  /** Takes the world down. */
  async end(): Promise<void> {
    clearInterval(this.#watch);
    await this.stop('SIGKILL');
    this.#life?.line.end();
    this.host.dispose();
  }
}

/** The XML of a guest. */
export function xml(name: string, memory: string): string {
  return xmlOf(name, { ...policies[name], memory });
}

function words(name: string, memory: string): readonly string[] {
  return planOf(xml(name, memory), target).bhyve.words.map(({ pieces }) => textOf(pieces));
}
