/**
 * `<bhyve:arg>` words: passed on as they are, and read as bhyve reads them (getopt(3); bhyve(8)), so that their slots are
 * kept free, their keys stand in a configuration file, and what bhyve would refuse is told. Reports: BV0595, BV1540 to
 * BV1544, BV1546, BV1548.
 */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { Capability } from '../../host/capabilities.ts';
import { isRelease, isSince } from '../../host/releases.ts';
import { getopt, type Found } from '../../ir/command-line/getopt.ts';
import { bhyveSyntax, options, type Option } from '../../ir/command-line/options.ts';
import { readOption } from '../../ir/command-line/read-option.ts';
import type { Reading } from '../../ir/command-line/reading.ts';
import { readWord } from '../../ir/foreign-words.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { RawOption } from '../../ir/machine.ts';
import type { ConfigEntry } from '../../ir/settings.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';

type FoundOption = Found & { readonly kind: 'option' };

/** The user's words, taken apart into options; each word stands in exactly one of them, in order. */
export function lowerRaw({ domain, arch }: CompleteDomain, context: Context): readonly RawOption[] {
  const words = domain.commandline;
  const found = getopt(words, bhyveSyntax);
  const topLevelKeys = context.host.capabilities.has('bootrom-keys');
  const scsiTargets = context.host.capabilities.has('virtio-scsi-targets');
  const pins = new Map<string, string>();
  const read: RawOption[] = [];
  // bhyve ends at the first complaint of getopt: what follows is looked at for further mistakes alone.
  let isReadable = true;
  for (const item of found) {
    if (item.kind !== 'option') {
      reportUnreadable(item, context);
      isReadable = false;
      // What stands behind a word that is no option is not read as options either.
      if (item.kind === 'operand') break;
      continue;
    }
    const { letter, argument } = item;
    const meaning = readOption(letter, argument?.value ?? null, { arch, topLevelKeys, scsiTargets });
    reportOption(item, meaning, arch, context);
    if (!isReadable) continue;
    const option = rawOption(item, meaning, pins);
    const before = read.at(-1);
    // Several letters in one word are one option of ours: the word is printed once.
    if (before?.words.at(-1)?.origins[0] === option.words[0]?.origins[0] && before !== undefined) {
      read[read.length - 1] = joined(before, option);
    } else {
      read.push(option);
    }
  }
  // What nobody can read is printed all the same.
  const rest = words.slice(read.reduce((count, option) => count + option.words.length, 0));
  return [...read, ...rest.map((word) => unread(word))];
}

function rawWord({ value, at }: Located<string>): RawOption['words'][number] {
  return { pieces: readWord(value, at), origins: [at] };
}

function unread({ value, at }: Located<string>): RawOption {
  return { letter: null, words: [rawWord({ value, at })], entries: null, seat: null, requires: [] };
}

function joined(before: RawOption, option: RawOption): RawOption {
  const entries = before.entries === null || option.entries === null ? null : [...before.entries, ...option.entries];
  const words = [...before.words, ...option.words.slice(1)];
  return { ...option, words, entries, requires: [...before.requires, ...option.requires] };
}

function rawOption({ letter, words }: FoundOption, meaning: Reading, pins: Map<string, string>): RawOption {
  const read = meaning.kind === 'read' ? meaning : null;
  const entries = read?.entries ?? null;
  const own = options.get(letter)?.capability ?? null;
  return {
    letter,
    words: words.map(rawWord),
    entries: letter === 'p' && entries !== null ? entries.map((entry) => addedPin(entry, pins)) : entries,
    seat: read?.seat ?? null,
    requires: [own, read?.capability ?? null].filter((capability): capability is Capability => capability !== null),
  };
}

/** A further `-p` of a vCPU adds to its set, where a further key would replace it. */
function addedPin({ key, value }: ConfigEntry, pins: Map<string, string>): ConfigEntry {
  const before = pins.get(key);
  const all = before === undefined ? value : `${before},${value}`;
  pins.set(key, all);
  return { key, value: all };
}

/** The slots that the user's own words take; slot 0 is that of the host bridge, which the words may replace. */
export function lowerRawSlots(raw: readonly RawOption[], context: Context): readonly Device[] {
  if (!context.dialect.ours('raw-arguments')) return [];
  return raw.flatMap((option, ordinal): readonly Device[] => {
    const at = option.words.at(-1)?.origins[0];
    if (option.seat === null || at === undefined || isHostbridge(option)) return [];
    const owner = `<bhyve:arg> ${String(ordinal + 1)}`;
    const need = {
      kind: 'pci',
      id: `pci ${owner}`,
      owner,
      key: null,
      held: null,
      wanted: option.seat.address,
      origins: [at],
      at,
      cure: 'arg',
    } as const;
    return [{ kind: 'empty-slot', place: { kind: 'granted', need, printedFunction: null }, origins: [at] }];
  });
}

/** Whether the user's own words put a host bridge on slot 0: it is then there in the place of ours. */
export function isHostbridge({ seat }: RawOption): boolean {
  if (seat === null) return false;
  const { bus, slot, function: fn } = seat.address;
  return bus === 0 && slot === 0 && fn === 0 && (seat.device === 'hostbridge' || seat.device === 'amd_hostbridge');
}

function reportUnreadable(item: Exclude<Found, FoundOption>, { dialect, reporter }: Context): void {
  if (!dialect.ours('raw-arguments')) return;
  const { at, value } = item.word;
  switch (item.kind) {
    case 'operand':
      reporter.report('BV1542', at, { word: value });
      break;
    case 'lone':
      reporter.report('BV1541', at, { option: `-${item.letter}`, takes: options.get(item.letter)?.takes ?? '' });
      break;
    case 'unknown':
      if (/^\s$/.test(item.letter)) reporter.report('BV0595', at, { word: value });
      else reporter.report('BV1540', at, { letter: item.letter });
      break;
  }
}

function reportOption(found: FoundOption, meaning: Reading, arch: CompleteDomain['arch'], context: Context): void {
  const { dialect, host, reporter } = context;
  const { letter, argument, glued, words } = found;
  const option = options.get(letter);
  const at = words[0]?.at;
  if (!dialect.ours('raw-arguments') || option === undefined || at === undefined) return;
  if (!isThere(option, arch, host.release)) {
    reporter.report('BV1543', at, { option: `-${letter}`, host: host.name });
    return;
  }
  if (argument !== null && glued && /^\s/.test(argument.value) && !option.skipsBlanks) {
    reporter.report('BV0595', at, { word: words[0]?.value ?? '' });
    return;
  }
  reportMeaning(letter, argument, meaning, at, context);
}

function reportMeaning(
  letter: string,
  argument: Located<string> | null,
  meaning: Reading,
  at: Span,
  { reporter }: Context,
): void {
  const option = `-${letter}`;
  const place = argument?.at ?? at;
  if (meaning.kind === 'wrong') {
    reporter.report('BV1544', place, { option, argument: argument?.value ?? '', why: meaning.why });
  } else if (meaning.kind === 'ends') {
    reporter.report('BV1546', at, { words: argument === null ? option : `${option} ${argument.value}`.trimEnd() });
  } else if (!meaning.known) {
    reporter.report('BV1548', place, { device: meaning.seat?.device ?? '' });
  }
}

/** Whether the bhyve of a release has an option; a host without a release is asked for capabilities alone. */
function isThere({ archs, range }: Option, arch: CompleteDomain['arch'], release: string | null): boolean {
  if (!archs.includes(arch)) return false;
  if (release === null || !isRelease(release)) return true;
  return isSince(release, range.since) && (range.until === null || isSince(range.until, release));
}
