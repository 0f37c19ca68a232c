/**
 * The plan as a file with a version, for programs that run the guest: all that the plan holds, in its own words, but
 * secrets. `schemas/plan.schema.json` describes it.
 */
import type { Backend } from '../backend.ts';
import type { Origins, Span } from '../../diagnostics/source.ts';
import type { Command, HostStep, LoaderCommand, Plan } from '../../ir/plan.ts';
import { shownEntry, type Setting } from '../../ir/settings.ts';
import { contractOf } from '../../ir/steps/index.ts';
import { shownText, type Piece, type Word } from '../../ir/words.ts';
import { baseName, origin } from '../text/place.ts';

/** Version of the file's shape; a reader refuses one that it does not know. */
export const planVersion = 3;

export const planBackend: Backend = {
  name: 'plan',
  summary: 'the plan as JSON, for programs',
  emit(plan) {
    return [{ path: 'plan.json', mode: 0o644, text: `${JSON.stringify(planObject(plan), null, 2)}\n`, secret: false }];
  },
};

/** Where something came from is written as `from`: the name of the part. */
function planObject({ origins, steps, loader, bhyve, settings, identities, limits, ...rest }: Plan): object {
  return {
    version: planVersion,
    ...rest,
    source: baseName(origins[0].source.name),
    steps: steps.map(stepObject),
    loader: loader === null ? null : loaderObject(loader),
    bhyve: commandObject(bhyve),
    settings: settings.map(settingObject),
    identities: identities.map(({ at, ...identity }) => ({ ...identity, from: origin([at]) })),
    limits: limits.map(placed),
  };
}

function commandObject({ program, words }: Command): object {
  return { program: wordObject(program), words: words.map(wordObject) };
}

function loaderObject({ limit, ...command }: LoaderCommand): object {
  return { ...commandObject(command), limit: limit === null ? null : placed(limit) };
}

/** A word is its text, secrets hidden; one that is more than text says of what pieces it is made. */
function wordObject({ pieces, ...rest }: Word): object {
  const isText = pieces.every(({ kind }) => kind === 'text');
  return {
    text: shownText(pieces),
    ...(isText ? {} : { pieces: piecesObject(pieces, rest.origins) }),
    ...placed(rest),
  };
}

function piecesObject(pieces: readonly Piece[], origins: Origins): readonly object[] {
  return pieces.map((piece) => {
    const { at, ...rest } = piece;
    const place = origin([at ?? origins[0]]);
    return piece.kind === 'secret' ? { kind: 'secret', from: place } : { ...rest, from: place };
  });
}

/** The words are those of bhyve's command, in its order. */
function settingObject({ words, entries, ...rest }: Setting): object {
  return { words: words.map(({ pieces }) => shownText(pieces)), entries: entries.map(shownEntry), ...placed(rest) };
}

function stepObject(step: HostStep): object {
  return placed({ ...step, ...contractOf(step).written(step) });
}

/** With the place in the XML as text; JSON has nothing for what is not defined. */
function placed({ origins, ...rest }: { readonly origins: Origins; readonly at?: Span }): object {
  return { ...rest, at: undefined, from: origin(origins) };
}
