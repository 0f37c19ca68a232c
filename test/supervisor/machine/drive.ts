/** Drives the machine by hand: events with a clock, and what came of them. */
import type { Notice } from '../../../src/control/vocabulary.ts';
import type { Effect } from '../../../src/supervisor/machine/effect.ts';
import type { Event, Request } from '../../../src/supervisor/machine/event.ts';
import { readFact } from '../../../src/launches/facts.ts';
import {
  defaultLimits,
  emptyState,
  type Activity,
  type DefinitionFacts,
  type Guest,
  type State,
} from '../../../src/supervisor/machine/state.ts';
import { dueAt } from '../../../src/supervisor/machine/deadlines.ts';
import { step } from '../../../src/supervisor/machine/step.ts';

type Message = Event extends infer E ? (E extends Event ? Omit<E, 'at'> : never) : never;

/** What a guest of the tests is, where a test says nothing else. */
const facts: Omit<DefinitionFacts, 'uuid'> = {
  title: null,
  memoryMib: 512,
  vcpus: 1,
  startAfter: [],
  onPoweroff: 'destroy',
  onReboot: 'restart',
  onCrash: 'destroy',
  nvram: null,
};

/** A machine with a clock. */
export class Drive {
  state: State = emptyState;
  readonly events: Event[] = [];
  /** Effects of the last message. */
  effects: readonly Effect[] = [];
  readonly all: Effect[] = [];
  now = 1_000_000;
  #ids = 0;

  constructor() {
    this.feed({ kind: 'begin', boot: 'b1' });
  }

  feed(message: Message): this {
    const event: Event = { ...message, at: this.now };
    this.events.push(event);
    const result = step(this.state, event, defaultLimits);
    this.state = result.state;
    this.effects = result.effects;
    this.all.push(...result.effects);
    return this;
  }

  ask(request: Request): string {
    this.#ids += 1;
    const id = `q${String(this.#ids)}`;
    this.feed({ kind: 'request', id, request });
    return id;
  }

  define(guest: string, more: Partial<DefinitionFacts> = {}, revision = '1'): this {
    const definition = {
      revision,
      xml: `<domain><!-- ${revision} --></domain>`,
      facts: { ...facts, uuid: `u-${guest}`, ...more },
    };
    this.ask({ method: 'define', guest, definition });
    return this;
  }

  guest(name: string): Guest {
    const guest = this.state.guests[name];
    if (guest === undefined) throw new Error(`there is no guest ${name}`);
    return guest;
  }

  kind(name: string): Activity['kind'] {
    return this.guest(name).activity.kind;
  }

  /** The number of the turn that a guest is in. */
  turn(name: string): number {
    const { activity } = this.guest(name);
    if (!('turn' in activity)) throw new Error(`${name} is in no turn`);
    return activity.turn.number;
  }

  /** The launcher reports these lines, after those before. */
  report(guest: string, ...lines: readonly string[]): this {
    for (const text of lines) {
      const { activity } = this.guest(guest);
      if (!('turn' in activity)) throw new Error(`${guest} is in no turn`);
      const fact = readFact(text);
      if (fact === null) throw new Error(`not a line of a report: ${text}`);
      this.feed({ kind: 'report', guest, turn: activity.turn.number, line: activity.turn.lines + 1, fact });
    }
    return this;
  }

  gone(guest: string): this {
    return this.feed({ kind: 'gone', guest, turn: this.turn(guest), orphan: null, refusal: null });
  }

  /** From the start of the launcher to a running guest. */
  boot(guest: string, pid = 500): this {
    return this.report(guest, `launcher ${String(pid - 1)}`, `bhyve ${String(pid)}`, `guest ${String(pid)}`);
  }

  /** bhyve ends, and the launcher unmakes all. */
  end(guest: string, line: string): this {
    return this.report(guest, line, 'undone').gone(guest);
  }

  /** Time passes, with all deadlines on the way. */
  pass(milliseconds: number): this {
    const until = this.now + milliseconds;
    for (let due = dueAt(this.state); due !== null && due <= until; due = dueAt(this.state)) {
      this.now = Math.max(this.now, due);
      this.feed({ kind: 'time' });
    }
    this.now = until;
    return this;
  }

  /** Launchers that the last message started. */
  started(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.kind === 'keep' ? [effect.guest] : []));
  }

  notices(): readonly Notice[] {
    return this.all.flatMap((effect) => (effect.kind === 'notice' ? [effect.notice] : []));
  }

  answerOf(id: string): Extract<Effect, { kind: 'answer' }>['answer'] | null {
    const found = this.all.find((effect) => effect.kind === 'answer' && effect.id === id);
    return found?.kind === 'answer' ? found.answer : null;
  }
}
