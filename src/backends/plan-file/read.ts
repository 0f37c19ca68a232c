/** A plan file back to a plan, strictly: what this version of bhyvec would not write is refused, with the place. */
import type { Span } from '../../diagnostics/source.ts';
import type { Identity, LoaderCommand, Command, HostStep, Plan } from '../../ir/plan.ts';
import type { ConfigEntry, Setting } from '../../ir/settings.ts';
import { hiddenSecret, piecesOf, type Piece, type Word } from '../../ir/words.ts';
import { isObject, jsonIn } from '../../text/json.ts';
import { check, faultText, type TypeOf } from '../../text/shape.ts';
import { disagreement } from './agreement.ts';
import { planVersion } from './emit.ts';
import { createPlaceReader, type PlaceReader } from './places.ts';
import { planShape, type commandShape, type loaderShape, type PlanFile } from './plan-shape.ts';
import type { WrittenPiece, WrittenWord } from './shapes.ts';
import type { WrittenStep } from './step-shapes.ts';

/** What became of the text. */
export type ReadPlan =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** Where the plan needs the VNC password that the file does not hold: in a command's words, or in secrets.conf. */
      readonly missing: 'words' | 'file' | null;
    }
  | { readonly ok: false; readonly problem: string };

/** Reads the text of a plan.json; `passwordOf` gives the VNC password of a guest by its name, null where it is not known. */
export function readPlan(text: string, passwordOf: (vmname: string) => string | null): ReadPlan {
  const value = jsonIn(text);
  if (value === undefined) return { ok: false, problem: 'it is not JSON' };
  const version = isObject(value) ? value['version'] : undefined;
  if (typeof version === 'number' && version !== planVersion) {
    const known = String(planVersion);
    return {
      ok: false,
      problem: `it has version ${String(version)}, this bhyvec knows ${known}: build it again from the XML`,
    };
  }
  const checked = check(planShape, value);
  if (!checked.ok) return { ok: false, problem: faultText(checked, 'the file') };
  const problem = disagreement(checked.value);
  if (problem !== null) return { ok: false, problem };
  return planOf(checked.value, passwordOf(checked.value.vmname));
}

function planOf(file: PlanFile, password: string | null): ReadPlan {
  const { version, source, demand, steps, loader, bhyve, settings, identities, limits, startAfter, ...rest } = file;
  const reading = new Reading(createPlaceReader(source), password);
  const command = reading.command(bhyve);
  const start: Span = { source: { name: source, text: '', part: 'domain' }, start: 0, end: 0 };
  const plan: Plan = {
    ...rest,
    startAfter: startAfter.map((value) => ({ value, at: start })),
    demand: { ...demand, vcpus: steps.find((step) => step.kind === 'vcpus')?.count ?? 1 },
    origins: [start],
    steps: steps.map((step) => reading.step(step)),
    loader: loader === null ? null : reading.loader(loader),
    bhyve: command,
    settings: reading.settings(settings, command),
    identities: identities.map((identity) => reading.identity(identity)),
    limits: limits.map(({ rule, from }) => ({ rule, origins: reading.place({ from }) })),
  };
  return { ok: true, plan, missing: reading.missing };
}

/** The parts that have places or secrets. */
class Reading {
  readonly place: PlaceReader;
  missing: 'words' | 'file' | null = null;
  private readonly password: string | null;
  constructor(place: PlaceReader, password: string | null) {
    this.place = place;
    this.password = password;
  }

  loader({ limit, ...command }: TypeOf<typeof loaderShape>): LoaderCommand {
    if (limit === null) return { ...this.command(command), limit };
    const { from, ...times } = limit;
    return { ...this.command(command), limit: { ...times, origins: this.place({ from }) } };
  }

  command({ program, words }: TypeOf<typeof commandShape>): Command {
    return { program: this.word(program), words: words.map((word) => this.word(word)) };
  }

  /** Each setting has the next words of the command. */
  settings(written: PlanFile['settings'], { words }: Command): readonly Setting[] {
    let next = 0;
    return written.map(({ words: own, entries, rule, from }) => {
      const start = next;
      next += own.length;
      return {
        words: words.slice(start, next),
        entries: entries.map((entry) => this.entry(entry)),
        origins: this.place({ from }),
        rule,
      };
    });
  }

  identity({ from, ...identity }: PlanFile['identities'][number]): Identity {
    return { ...identity, at: this.place({ from })[0] };
  }

  step({ from, ...step }: WrittenStep): HostStep {
    const origins = this.place({ from });
    const place = { origins, at: origins[0] };
    if (!('entries' in step)) return { ...step, ...place };
    if (this.password === null) this.missing ??= 'file';
    return { ...step, entries: step.entries.map((entry) => this.entry(entry)), ...place };
  }

  private word({ text, pieces, rule, from }: WrittenWord): Word {
    const read = pieces === undefined ? piecesOf(text) : pieces.map((piece) => this.piece(piece));
    return { pieces: read, origins: this.place({ from }), rule };
  }

  private piece({ from, ...piece }: WrittenPiece): Piece {
    const [at] = this.place({ from });
    if (piece.kind !== 'secret') return { ...piece, at };
    if (this.password === null) this.missing = 'words';
    return { kind: 'secret', text: this.password ?? hiddenSecret, at };
  }

  private entry(entry: ConfigEntry): ConfigEntry {
    return entry.secret === true && this.password !== null ? { ...entry, value: this.password } : entry;
  }
}
