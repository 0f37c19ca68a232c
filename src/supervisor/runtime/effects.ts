/** Does what the machine decides. The only module that starts, signals and removes; the machine is told how it went. */
import type { Notice } from '../../control/vocabulary.ts';
import { rmSync } from 'node:fs';
import type { Answer, Effect } from '../machine/effect.ts';
import { turnOf, type Guest, type State } from '../machine/state.ts';
import type { Consoles } from '../../consoles/contract.ts';
import { removeGuestFiles, removeReport } from '../../launches/guest-files.ts';
import type { LauncherEnd, Launches } from '../../launches/launches.ts';
import { run } from '../../system/command.ts';
import type { Log } from '../../system/log.ts';
import type { Paths } from '../paths.ts';
import { createSlots } from './slots.ts';
import { reasonOf } from '../../system/trouble.ts';
import type { Turns } from '../../launches/turns.ts';
import type { Happening } from '../machine/event.ts';

/** Seconds that bhyvectl(8) may take. */
const bhyvectlSeconds = 30;

type EffectOf<K extends Effect['kind']> = Effect & { readonly kind: K };

/** What effects act upon. */
export interface EffectsOptions {
  readonly paths: Paths;
  readonly log: Log;
  readonly launches: Launches;
  readonly turns: Turns;
  readonly consoles: Consoles | null;
  readonly environment: Readonly<Record<string, string>>;
  /** So many launchers prepare at the same time. */
  readonly preparing: number;
  readonly state: () => State;
  readonly post: (happening: Happening) => void;
  readonly answer: (id: string, answer: Answer) => void;
  readonly notice: (notice: Notice) => void;
  /** Nothing is left to do. */
  readonly exit: () => void;
}

/** Performs effects. */
export interface Effects {
  perform(effect: Effect): void;
  /** A launcher does not prepare any more. */
  prepared(guest: string, turn: number): void;
  /** Nothing is started any more. */
  close(): void;
}

/** A clean-up finds the guest locked while another one is at it: asked again so often, once a second. */
const cleanTries = 120;

function keyOf(guest: string, turn: number): string {
  return `${guest} ${String(turn)}`;
}

/** What is known of a launcher that left no report. */
function whyNoReport({ status, signal, said }: Omit<LauncherEnd, 'code'>): string {
  if (said !== null) return said;
  return signal === null
    ? `its launcher ended at once (status ${String(status)}): see its log`
    : `its launcher was ended by ${signal} before it began`;
}

/** Makes the performer. */
export function createEffects(options: EffectsOptions): Effects {
  const { paths, log, launches, turns, post } = options;
  const slots = createSlots(options.preparing);
  let isClosed = false;
  /** Compiling and starting take their time: clients are served between two of them. */
  let line: Promise<unknown> = Promise.resolve();

  function inLine<T>(act: () => Promise<T>): Promise<T> {
    const next = line.then(() => new Promise((resolve) => setTimeout(resolve, 1))).then(act);
    line = next.catch(() => undefined);
    return next;
  }

  function guestOf(name: string): Guest | null {
    const { guests } = options.state();
    return Object.hasOwn(guests, name) ? (guests[name] ?? null) : null;
  }

  /** The guest is still in that turn. */
  function isCurrent(name: string, turn: number): boolean {
    const guest = guestOf(name);
    return guest !== null && turnOf(guest)?.number === turn;
  }

  function keep({ guest, turn, warm, definition }: EffectOf<'keep'>): void {
    const key = keyOf(guest, turn);
    slots.take(key, () => {
      const isWanted = (): boolean => !isClosed && isCurrent(guest, turn) && !isStopping(guest);
      const ended = (end: Omit<LauncherEnd, 'code'>): void => {
        turns.ended(guest, turn, whyNoReport(end));
      };
      const started = (launcher: number): void => {
        turns.follow({ guest, turn, lines: 0, launcher, bhyve: null, own: true, orphan: false });
      };
      inLine(() => launches.once({ guest, turn, warm, xml: definition.xml, isWanted, started, ended })).catch(
        (error: unknown) => {
          slots.give(key);
          post({ kind: 'gone', guest, turn, orphan: null, refusal: reasonOf(error) });
        },
      );
    });
  }

  function isStopping(name: string): boolean {
    return guestOf(name)?.activity.kind === 'stopping';
  }

  function signal({ guest, turn, signal: name }: EffectOf<'signal'>): void {
    // It has not been started yet: then it need not be.
    if (slots.withdraw(keyOf(guest, turn))) {
      post({ kind: 'gone', guest, turn, orphan: null, refusal: 'it was stopped before it began' });
      return;
    }
    turns.tell(guest, turn, (launcher) => {
      send(guest, launcher, `SIG${name}`);
    });
  }

  function send(guest: string, pid: number, name: 'SIGTERM' | 'SIGUSR1' | 'SIGKILL'): void {
    try {
      process.kill(pid, name);
    } catch (error) {
      log(`${guest}: ${name} does not reach process ${String(pid)}: ${reasonOf(error)}`);
    }
  }

  function press({ guest, turn }: EffectOf<'press'>): void {
    const found = guestOf(guest);
    const current = found === null ? null : turnOf(found);
    if (current?.number === turn && current.guest !== null) send(guest, current.guest.pid, 'SIGTERM');
  }

  async function reset({ guest, id }: EffectOf<'reset'>): Promise<void> {
    const words = [`--vm=${guest}`, '--force-reset'];
    const ended = await run('bhyvectl', words, { env: options.environment, seconds: bhyvectlSeconds });
    const { status, out, err, problem } = ended;
    if (status === 0) {
      options.answer(id, { ok: true, result: { name: guest } });
      return;
    }
    const said = `${err}${out}`.trim() || (problem ?? `status ${String(status)}`);
    const message = `${guest} cannot be reset (bhyvectl): ${said}`;
    options.answer(id, { ok: false, refusal: 'not done', message });
  }

  function clean(effect: EffectOf<'clean'>): void {
    slots.take(`clean ${keyOf(effect.guest, effect.turn)}`, () => void tryToClean(effect, 1));
  }

  async function tryToClean(effect: EffectOf<'clean'>, tries: number): Promise<void> {
    const { guest, turn, how } = effect;
    let failure: string | null = null;
    let isBusy = false;
    try {
      const found = guestOf(guest);
      if (found === null) return;
      const end = await launches.clean(guest, how, (found.runs ?? found.definition).xml);
      // A supervisor that was killed may have left one that is still at it.
      isBusy = end.code === 'already-running';
      if (end.status !== 0) failure = end.said ?? `launch ${how} ended with status ${String(end.status)}`;
    } catch (error) {
      failure = reasonOf(error);
    }
    if (isBusy && tries < cleanTries && isCurrent(guest, turn)) {
      setTimeout(() => void tryToClean(effect, tries + 1), 1000).unref();
      return;
    }
    slots.give(`clean ${keyOf(guest, turn)}`);
    post({ kind: 'cleaned', guest, turn, failure });
  }

  function discard({ guest, turn, files }: EffectOf<'discard'>): void {
    attempt(guest, () => {
      removeReport(paths, guest, turn);
    });
    if (!files) return;
    void options.consoles?.forget(guest);
    attempt(guest, () => {
      removeGuestFiles(paths, guest);
    });
  }

  function removeNvram({ guest, path }: EffectOf<'remove-nvram'>): void {
    attempt(guest, () => {
      rmSync(paths.inside(path), { force: true });
    });
  }

  function attempt(guest: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      log(`${guest}: ${reasonOf(error)}`);
    }
  }

  return {
    perform(effect) {
      switch (effect.kind) {
        case 'keep':
          keep(effect);
          break;
        case 'signal':
          signal(effect);
          break;
        case 'press':
          press(effect);
          break;
        case 'reset':
          void reset(effect);
          break;
        case 'clean':
          clean(effect);
          break;
        case 'discard':
          discard(effect);
          break;
        case 'remove-nvram':
          removeNvram(effect);
          break;
        case 'answer':
          options.answer(effect.id, effect.answer);
          break;
        case 'notice':
          options.notice(effect.notice);
          break;
        case 'exit':
          options.exit();
          break;
      }
    },
    prepared(guest, turn) {
      slots.give(keyOf(guest, turn));
    },
    close() {
      isClosed = true;
    },
  };
}
