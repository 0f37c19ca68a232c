/**
 * What bhyve is told, once, in a form that both spellings follow from: words of a command line, bhyve(8), and keys of a
 * configuration file, bhyve_config(5).
 */
import type { Origins } from '../diagnostics/source.ts';

/** One `KEY=VALUE` of bhyve_config(5). */
export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
  /** True where the value must be in no command line, log or world-readable file. */
  readonly secret?: true;
}

/** One thing that bhyve is told. */
export interface Setting {
  /** The words of the command line, an option and its value together; empty where only the file can say it. */
  readonly words: readonly string[];
  /** The entries of the configuration file that mean the same; empty where only the command line can say it. */
  readonly entries: readonly ConfigEntry[];
  readonly origins: Origins;
  /** The rule that made it, for `bhyvec explain`. */
  readonly rule: string;
  /** The part of the words that is a secret, where an old bhyve leaves no other way. */
  readonly secret: string | null;
}

/** One piece of a device's configuration: a comma-separated piece of the `-s` word, and keys below the device's node. */
export interface Piece {
  /** As in the `-s` word; null where the command line must not show it (a secret). */
  readonly word: string | null;
  /** Keys relative to the device's node. */
  readonly entries: readonly ConfigEntry[];
}

/** The parts of a setting that most settings leave empty. */
const plain = { secret: null } as const;

/** An option without argument and the key that it sets. */
export function optionSetting(option: string, entry: ConfigEntry, origins: Origins, rule: string): Setting {
  return { words: [option], entries: [entry], origins, rule, ...plain };
}

/** An option with its argument and the keys that it sets. */
export function argumentSetting(
  option: string,
  argument: string,
  entries: readonly ConfigEntry[],
  origins: Origins,
  rule: string,
): Setting {
  return { words: [option, argument], entries, origins, rule, ...plain };
}

/** `-o KEY=VALUE`. */
export function keySetting(key: string, value: string, origins: Origins, rule: string): Setting {
  return { words: ['-o', `${key}=${value}`], entries: [{ key, value }], origins, rule, ...plain };
}

/** A piece that is spelt the same in both forms: `name=value`. */
export function named(name: string, value: string | number): Piece {
  return { word: `${name}=${String(value)}`, entries: [{ key: name, value: String(value) }] };
}

/** A bare word that stands for `name=true`. */
export function flag(name: string): Piece {
  return { word: name, entries: [{ key: name, value: 'true' }] };
}

/** The first piece of a device, which has no name on the command line. */
export function positional(key: string, value: string): Piece {
  return { word: value, entries: [{ key, value }] };
}
