/**
 * What bhyve is told, once, in a form that both spellings follow from: words of a command line, bhyve(8), and keys of a
 * configuration file, bhyve_config(5).
 */
import type { Origins } from '../diagnostics/source.ts';
import { hiddenSecret, piecesOf, textOf, type Piece, type Value, type Word } from './words.ts';

/** One `KEY=VALUE` of bhyve_config(5). */
export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
  /** True where the value must be in no command line, log or world-readable file. */
  readonly secret?: true;
}

/** The entry as it may be shown. */
export function shownEntry({ key, value, secret }: ConfigEntry): ConfigEntry {
  return secret === true ? { key, value: hiddenSecret, secret } : { key, value };
}

/** One thing that bhyve is told. */
export interface Setting {
  /** The words of the command line, an option and its value together; empty where only the file can say it. */
  readonly words: readonly Word[];
  /** The entries of the configuration file that mean the same; empty where only the command line can say it. */
  readonly entries: readonly ConfigEntry[];
  readonly origins: Origins;
  /** The rule that made it, for `bhyvec explain`. */
  readonly rule: string;
}

/** One part of a device's configuration: between two commas of the `-s` word, and as keys below the device's node. */
export interface Conf {
  /** As in the `-s` word; null where the command line must not show it (a secret). */
  readonly word: readonly Piece[] | null;
  /** Keys relative to the device's node. */
  readonly entries: readonly ConfigEntry[];
}

/** A setting that has both spellings. */
export function setting(
  words: readonly Value[],
  entries: readonly ConfigEntry[],
  origins: Origins,
  rule: string,
): Setting {
  return { words: words.map((word) => ({ pieces: piecesOf(word), origins, rule })), entries, origins, rule };
}

/** An option without argument and the key that it sets. */
export function optionSetting(option: string, entry: ConfigEntry, origins: Origins, rule: string): Setting {
  return setting([option], [entry], origins, rule);
}

/** An option with its argument and the keys that it sets. */
export function argumentSetting(
  option: string,
  argument: Value,
  entries: readonly ConfigEntry[],
  origins: Origins,
  rule: string,
): Setting {
  return setting([option, argument], entries, origins, rule);
}

/** `-o KEY=VALUE`. */
export function keySetting(key: string, value: Value, origins: Origins, rule: string): Setting {
  return setting(['-o', piecesOf(`${key}=`, value)], [configEntry(key, value)], origins, rule);
}

/** A key and its value as text. */
export function configEntry(key: string, value: Value): ConfigEntry {
  return { key, value: textOf(piecesOf(value)) };
}

/** A part that is spelt the same in both forms: `name=value`. */
export function named(name: string, value: Value): Conf {
  return { word: piecesOf(`${name}=`, value), entries: [configEntry(name, value)] };
}

/** A bare word that stands for `name=true`. */
export function flag(name: string): Conf {
  return { word: piecesOf(name), entries: [{ key: name, value: 'true' }] };
}

/** The first part of a device, which has no name on the command line. */
export function positional(key: string, value: Value): Conf {
  return { word: piecesOf(value), entries: [configEntry(key, value)] };
}
