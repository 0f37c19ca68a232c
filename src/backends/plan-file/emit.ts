/**
 * The plan as a file with a version, for programs that run the guest: all that the plan holds, in its own words, but
 * secrets. `plan-shape.ts` has its shape, which `schemas/plan.schema.json` follows from.
 */
import { jsonLines } from '../../text/json-lines.ts';
import type { Backend } from '../backend.ts';
import { invariant } from '../../diagnostics/invariant.ts';
import type { Origins } from '../../diagnostics/source.ts';
import type { Command, HostStep, LoaderCommand, Plan } from '../../ir/plan.ts';
import { shownEntry, type Setting } from '../../ir/settings.ts';
import { shownText, type Piece, type Word } from '../../ir/words.ts';
import { baseName, origin } from '../text/place.ts';
import type { PlanFile } from './plan-shape.ts';
import type { WrittenPiece, WrittenWord } from './shapes.ts';
import type { WrittenStep } from './step-shapes.ts';

/** Version of the file's shape; a reader refuses one that it does not know. */
export const planVersion: PlanFile['version'] = 3;

export const planBackend: Backend = {
  name: 'plan',
  summary: 'the plan as JSON, for programs',
  emit(plan) {
    return [{ path: 'plan.json', mode: 0o644, text: jsonLines(planObject(plan)), secret: false }];
  },
};

/** Where something came from is written as `from`: the name of the part. */
function planObject({
  origins,
  demand,
  steps,
  loader,
  bhyve,
  settings,
  identities,
  limits,
  startAfter,
  ...rest
}: Plan): PlanFile {
  return {
    version: planVersion,
    ...rest,
    // A step says how many virtual CPUs there are.
    demand: { memoryMib: demand.memoryMib, wired: demand.wired },
    startAfter: startAfter.map(({ value }) => value),
    source: baseName(origins[0].source.name),
    steps: steps.map(stepObject),
    loader: loader === null ? null : loaderObject(loader),
    bhyve: commandObject(bhyve),
    settings: settings.map(settingObject),
    identities: identities.map(({ at, ...identity }) => ({ ...identity, from: origin([at]) })),
    limits: limits.map(({ rule, origins: own }) => ({ rule, from: origin(own) })),
  };
}

function commandObject({ program, words }: Command): PlanFile['bhyve'] {
  return { program: wordObject(program), words: words.map(wordObject) };
}

function loaderObject({ limit, ...command }: LoaderCommand): PlanFile['loader'] {
  if (limit === null) return { ...commandObject(command), limit };
  const { origins, ...times } = limit;
  return { ...commandObject(command), limit: { ...times, from: origin(origins) } };
}

/** A word is its text, secrets hidden; one that is more than text says of what pieces it is made. */
function wordObject({ pieces, origins, rule }: Word): WrittenWord {
  const isText = pieces.every(({ kind }) => kind === 'text');
  return {
    text: shownText(pieces),
    ...(isText ? {} : { pieces: pieces.map((piece) => pieceObject(piece, origins)) }),
    rule,
    from: origin(origins),
  };
}

function pieceObject({ at, ...piece }: Piece, origins: Origins): WrittenPiece {
  const from = origin([at ?? origins[0]]);
  invariant(piece.kind !== 'seconds', 'the time of a loader is a field of its command');
  return piece.kind === 'secret' ? { kind: 'secret', from } : { ...piece, from };
}

/** The words are those of bhyve's command, in its order. */
function settingObject({ words, entries, rule, origins }: Setting): PlanFile['settings'][number] {
  return {
    words: words.map(({ pieces }) => shownText(pieces)),
    entries: entries.map(shownEntry),
    rule,
    from: origin(origins),
  };
}

function stepObject({ origins, at, ...step }: HostStep): WrittenStep {
  const from = origin(origins);
  return 'entries' in step ? { ...step, entries: step.entries.map(shownEntry), from } : { ...step, from };
}
