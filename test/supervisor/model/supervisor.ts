/**
 * The supervisor of the model check: the real machine and the real journal text over a world in memory. It can be killed
 * between any two of its acts, as kill -9 does: what is not in the journal is forgotten, effects are lost.
 */
import { eventLine, replay, snapshotLine } from '../../../src/supervisor/journal.ts';
import type { Effect } from '../../../src/supervisor/machine/effect.ts';
import type { Event, Request } from '../../../src/supervisor/machine/event.ts';
import { defaultLimits, emptyState, type Limits, type State } from '../../../src/supervisor/machine/state.ts';
import { dueAt } from '../../../src/supervisor/machine/deadlines.ts';
import { step } from '../../../src/supervisor/machine/step.ts';
import type { World } from './world.ts';

/** Shorter than the real ones, so that random histories reach them. */
const limits: Limits = { ...defaultLimits, shutdown: 20_000, force: 10_000, reboot: 15_000 };

type Message = Event extends infer E ? (E extends Event ? Omit<E, 'at'> : never) : never;

/** A supervisor that the test drives act by act. */
export class ModelSupervisor {
  journal = snapshotLine(emptyState, limits);
  state: State = emptyState;
  /** Effects that were decided and not performed. */
  readonly #effects: Effect[] = [];
  /** Requests without an answer, and those with one. */
  readonly open = new Set<string>();
  readonly answers = new Map<string, number>();
  readonly problems: string[] = [];
  /** What guests have been doing. */
  readonly kinds = new Set<string>();
  #requests = 0;
  /** Turns whose launcher this supervisor has started itself. */
  readonly #own = new Set<string>();
  readonly #world: World;
  now = 1_000_000;
  boot = 'boot-1';
  exited = false;

  /** @param world what the effects meet */
  constructor(world: World) {
    this.#world = world;
    this.feed({ kind: 'begin', boot: this.boot });
  }

  /** Writes an event to the journal and applies it. Its effects wait. */
  feed(message: Message): void {
    const event: Event = { ...message, at: this.now };
    this.journal += eventLine(this.state.sequence + 1, event);
    const before = this.state;
    const result = step(before, event, limits);
    this.state = result.state;
    this.#judge(before, event, result.effects);
    this.#effects.push(...result.effects);
  }

  /** What no event may lead to. */
  #judge(before: State, event: Event, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'clean') this.#judgeClean(before, effect.guest);
      if (effect.kind !== 'keep') continue;
      const guest = before.guests[effect.guest];
      if (before.closing !== null) this.problems.push(`${effect.guest} is started while all are stopped`);
      if (guest !== undefined && guest.stopAsked !== null && guest.activity.kind !== 'off') {
        this.problems.push(`${effect.guest} is started by ${event.kind} though it was to stop`);
      }
    }
    for (const guest of Object.values(this.state.guests)) this.kinds.add(guest.activity.kind);
  }

  /** A guest that runs, and that nobody wants to end, is adopted and not cleaned away. */
  #judgeClean(before: State, name: string): void {
    const guest = before.guests[name];
    const isWanted = guest?.activity.kind === 'running' && guest.stopAsked === null && this.state.closing === null;
    const isAsked = this.state.guests[name]?.stopAsked !== null;
    if (isWanted && !isAsked && this.#world.orphanOf(name) !== null)
      this.problems.push(`${name} runs and is cleaned away`);
  }

  /** Once all effects are performed, the launcher of a guest that is to stop knows it. */
  checkSignals(): void {
    for (const { name, activity } of Object.values(this.state.guests)) {
      if (activity.kind !== 'stopping') continue;
      const launcher = this.#world.of(name, activity.turn.number);
      const isTold = launcher === undefined || launcher.stage === 'gone' || launcher.told;
      if (!isTold) this.problems.push(`the launcher of ${name} was not told to stop`);
    }
  }

  /** An old message comes again, as after a restart. */
  repeat(guest: string, turn: number): void {
    const facts = this.#world.factsFrom(guest, turn, 0);
    const found = facts.at(-1);
    if (found === undefined) return;
    const current = this.state.guests[guest]?.activity;
    const isCurrent = current !== undefined && 'turn' in current && current.turn.number === turn;
    if (!isCurrent) this.feed({ kind: 'report', guest, turn, line: found.line, fact: found.fact });
    else
      for (const { line, fact } of facts.filter((each) => each.line <= current.turn.lines)) {
        this.feed({ kind: 'report', guest, turn, line, fact });
      }
  }

  /** Performs at most so many effects. */
  perform(most = Infinity): void {
    for (let i = 0; i < most; i += 1) {
      const effect = this.#effects.shift();
      if (effect === undefined) return;
      this.#act(effect);
    }
  }

  #act(effect: Effect): void {
    switch (effect.kind) {
      case 'keep':
        this.#own.add(`${effect.guest}.${String(effect.turn)}`);
        this.#world.keep(effect.guest, effect.turn);
        break;
      case 'signal':
        this.#world.signal(effect.guest, effect.turn, effect.signal);
        break;
      case 'press':
        this.#world.press(effect.guest, effect.turn);
        break;
      case 'clean':
        this.#world.clean(effect.guest, effect.turn);
        break;
      case 'reset':
        this.#answered(effect.id);
        break;
      case 'answer':
        this.#answered(effect.id);
        break;
      case 'exit':
        this.exited = true;
        break;
      case 'discard':
      case 'notice':
      case 'remove-nvram':
        break;
    }
  }

  #answered(id: string): void {
    if (!this.open.delete(id)) this.problems.push(`request ${id} is answered without being open`);
    this.answers.set(id, (this.answers.get(id) ?? 0) + 1);
  }

  request(request: Request): string {
    this.#requests += 1;
    const id = `r${String(this.#requests)}`;
    this.open.add(id);
    this.feed({ kind: 'request', id, request });
    return id;
  }

  /** Reads what launchers have reported, and sees which are gone. */
  watch(): void {
    for (const { name } of Object.values(this.state.guests)) {
      const guest = this.state.guests[name];
      if (guest === undefined || !('turn' in guest.activity)) continue;
      const { number, lines } = guest.activity.turn;
      for (const { line, fact } of this.#world.factsFrom(name, number, lines)) {
        this.feed({ kind: 'report', guest: name, turn: number, line, fact });
      }
      this.#watchLauncher(name, number);
    }
  }

  #watchLauncher(guest: string, turn: number): void {
    const launcher = this.#world.of(guest, turn);
    const activity = this.state.guests[guest]?.activity;
    if (activity === undefined || !('turn' in activity) || activity.kind === 'cleaning') return;
    // The effect is still to come: nothing is known of the turn yet.
    if (this.#effects.some((effect) => effect.kind === 'keep' && effect.guest === guest && effect.turn === turn))
      return;
    if (launcher?.stage === 'gone' || launcher === undefined) {
      const isOwn = this.#own.has(`${guest}.${String(turn)}`);
      const isSilent = launcher === undefined || launcher.report.length === 0;
      const orphan = this.#world.orphanOf(guest);
      const known = activity.turn;
      // An orphan that was adopted and still runs is no news.
      if (orphan !== null && known.launcher === null && activity.kind === 'running') return;
      this.feed({
        kind: 'gone',
        guest,
        turn,
        orphan,
        refusal: isSilent && isOwn ? 'its launcher did not begin' : null,
      });
    }
  }

  /** A clean-up of the world has ended. */
  cleaned(guest: string, turn: number, ok: boolean): void {
    this.feed({ kind: 'cleaned', guest, turn, failure: ok ? null : 'the tap cannot be removed' });
  }

  /** Time passes; a deadline that it reaches is felt. */
  pass(milliseconds: number): void {
    this.now += milliseconds;
    const due = dueAt(this.state);
    if (due !== null && due <= this.now) this.feed({ kind: 'time' });
    for (const { name, reboot, activity } of Object.values(this.state.guests)) {
      const isLate = reboot !== null && activity.kind === 'running' && this.now > reboot.until;
      if (isLate) this.problems.push(`the reboot request of ${name} does not expire`);
    }
  }

  /** kill -9, and a new supervisor on the same journal. A torn last line may be there. */
  killAndRestart(torn: string): void {
    this.#effects.length = 0;
    this.#own.clear();
    this.open.clear();
    const found = replay(this.journal + torn);
    if (!found.ok) {
      this.problems.push(`the journal cannot be read: line ${String(found.line)}: ${found.why}`);
      return;
    }
    this.journal = this.journal.slice(0, found.wholeLength);
    const same = JSON.stringify(found.state) === JSON.stringify(this.state);
    if (!same) this.problems.push('the journal gives another state than the one that was lost');
    this.state = found.state;
    this.exited = false;
    this.feed({ kind: 'begin', boot: this.boot });
    this.#attach();
  }

  /** Turns whose launcher never wrote a report get one from us, so that a late launcher does nothing. */
  #attach(): void {
    for (const guest of Object.values(this.state.guests)) {
      if (!('turn' in guest.activity)) continue;
      const { number } = guest.activity.turn;
      const launcher = this.#world.of(guest.name, number);
      if (launcher === undefined || launcher.report.length === 0)
        this.#world.voided.add(`${guest.name}.${String(number)}`);
      if (launcher?.stage === 'new') launcher.stage = 'gone';
    }
  }
}
