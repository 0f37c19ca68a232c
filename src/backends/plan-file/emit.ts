/**
 * The plan as a file with a version, for programs that run the guest: all that the plan holds, in its own words, but
 * secrets. `schemas/plan.schema.json` describes it.
 */
import type { Backend } from '../backend.ts';
import type { Origins } from '../../diagnostics/source.ts';
import type { Command, HostStep, Plan, Word } from '../../ir/plan.ts';
import type { ConfigEntry, Setting } from '../../ir/settings.ts';
import { origin } from '../text/place.ts';
import { hiddenSecret, redactedWord } from '../text/secrets.ts';

/** Version of the file's shape; a reader refuses one that it does not know. */
export const planVersion = 1;

export const planBackend: Backend = {
  name: 'plan',
  summary: 'the plan as JSON, for programs',
  emit(plan) {
    return [{ path: 'plan.json', mode: 0o644, text: `${JSON.stringify(planObject(plan), null, 2)}\n`, secret: false }];
  },
};

/** Each place in the XML is written as `from`: file name and line. */
function planObject({ origins, steps, loader, bhyve, settings, limits, ...rest }: Plan): object {
  return {
    version: planVersion,
    ...rest,
    from: origin(origins),
    steps: steps.map(stepObject),
    loader: loader === null ? null : commandObject(loader),
    bhyve: commandObject(bhyve),
    settings: settings.map(settingObject),
    limits: limits.map(placed),
  };
}

function commandObject({ program, words }: Command): object {
  return { program: wordObject(program), words: words.map(wordObject) };
}

function wordObject({ text, secret, ...rest }: Word): object {
  return { text: redactedWord(text, secret), ...placed(rest), ...secretMark(secret !== null) };
}

function settingObject({ words, entries, secret, ...rest }: Setting): object {
  return {
    words: words.map((word) => redactedWord(word, secret)),
    entries: entries.map(entryObject),
    ...placed(rest),
    ...secretMark(secret !== null),
  };
}

function entryObject({ key, value, secret }: ConfigEntry): object {
  return secret === true ? { key, value: hiddenSecret, ...secretMark(true) } : { key, value };
}

function stepObject(step: HostStep): object {
  return step.kind === 'secrets' ? { ...placed(step), entries: step.entries.map(entryObject) } : placed(step);
}

/** With the place in the XML as text. */
function placed({ origins, ...rest }: { readonly origins: Origins }): object {
  return { ...rest, from: origin(origins) };
}

function secretMark(isSecret: boolean): object {
  return isSecret ? { secret: true } : {};
}
