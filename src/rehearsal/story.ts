/** A rehearsal as text for people: the commands of each script in order, and what of the host is not as it is to be. */
import { quoteWord } from '../text/sh.ts';
import type { Report } from './report.ts';
import { displayWidth, printable } from '../diagnostics/printable.ts';
import { volumesScript } from '../ir/names.ts';
import { readWord } from '../ir/foreign-words.ts';
import { shownText } from '../ir/words.ts';
import type { Command, Rehearsal, Run } from './rehearse-host.ts';

/** Columns of a line where the output is no terminal. */
export const defaultWidth = 110;
/** Columns that a line has at least: below them folding helps nobody. */
const leastWidth = 40;
/** A launcher that goes round in circles is not shown to its end. */
const mostCommands = 1000;

/** The rehearsal of one guest, one network, or of volumes, folded to a width in columns. */
export function rehearsalText(rehearsal: Rehearsal, width: number, limit: number): string {
  const { kind, name, release, arch, runs, changes } = rehearsal;
  const who = kind === 'network' ? `network ${name}` : name;
  const script = scripts[kind];
  const isFold = Math.max(width, leastWidth);
  const commands = runs.reduce((sum, run) => sum + run.commands.length, 0);
  const status = endOf(runs);
  return [
    `${who} on FreeBSD ${release} (${arch})\n`,
    ...runs.flatMap((run) => runLines(run, runs.length > 1 ? calledAs(script, run.verb) : null, isFold)),
    ...runs.flatMap(({ verb, isLate }) =>
      isLate
        ? [
            `  ${calledAs(script, verb)} did not end within ${String(limit)} seconds: killed, with all that it started\n`,
          ]
        : [],
    ),
    ...(changes.length === 0 ? [] : ['  what is not as it was:\n', ...changes.map((line) => `  ${printable(line)}\n`)]),
    `${who}: ${status}, ${String(commands)} commands, the host is ${changes.length === 0 ? '' : 'not '}as it was${kind === 'volumes' ? ' but for the volumes' : ''}\n\n`,
  ].join('');
}

const scripts = { guest: 'launch', network: 'net', volumes: volumesScript } as const;

/** How people would call it. */
function calledAs(script: string, verb: Run['verb']): string {
  if (verb === 'dry') return `${script} -n`;
  if (verb === 'make') return script;
  return verb === 'again' ? `${script}, again` : `${script} ${verb}`;
}

function endOf(runs: readonly Run[]): string {
  const bad = runs.find(({ status }) => status !== 0);
  return bad?.status === null ? 'was killed' : `exit status ${String(bad?.status ?? 0)}`;
}

function runLines({ commands, said }: Run, called: string | null, width: number): readonly string[] {
  const left = commands.length - mostCommands;
  return [
    ...(called === null ? [] : [`  # ${called}\n`]),
    ...commands.slice(0, mostCommands).map((command) => commandText(command, width)),
    ...(left > 0 ? [`  # and ${String(left)} commands more\n`] : []),
    ...said.map((line) => `  | ${printable(line)}\n`),
  ];
}

/** One command: a line, or an option on each line. What failed, or ended bhyve, is behind it. */
function commandText({ argv, status }: Command, width: number): string {
  const words = argv.map((word) => printable(quoteWord(withoutSecret(word))));
  const end = status === null || status === '0' ? '' : `   # ${endNote(argv[0] ?? '', status)}`;
  const line = `  ${words.join(' ')}`;
  return `${displayWidth(line) <= width ? line : folded(words, width)}${end}\n`;
}

/** What belongs to an option stays on its line. */
function folded([program = '', ...words]: readonly string[], width: number): string {
  const lines = [`  ${program}`];
  for (const [index, word] of words.entries()) {
    const isArgument = !word.startsWith('-') && words[index - 1]?.startsWith('-') === true;
    const last = lines.at(-1) ?? '';
    const follows = word.startsWith('-') && words[index + 1]?.startsWith('-') === false ? (words[index + 1] ?? '') : '';
    const needed = displayWidth(last) + 1 + displayWidth(word) + (follows === '' ? 0 : 1 + displayWidth(follows));
    // Two columns are for the backslash.
    if (isArgument || needed <= width - 2) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`      ${word}`);
  }
  return lines.join(' \\\n');
}

const endsOfBhyve = ['reset', 'powered off', 'halted', 'triple fault', 'error'];

function endNote(program: string, status: string): string {
  const meaning = program === 'bhyve' ? endsOfBhyve[Number(status)] : undefined;
  return `${status}${meaning === undefined ? '' : `: ${meaning}`}`;
}

function withoutSecret(word: string): string {
  return shownText(readWord(word, null));
}

/** Version of the JSON. */
export const reportVersion = 1;

/** The rehearsals as JSON, of the shape in `report.ts`; passwords are not in it. */
export function rehearsalsJson(rehearsals: readonly Rehearsal[], limit: number): string {
  const ofKind = (wanted: Rehearsal['kind']): readonly Rehearsal[] => rehearsals.filter(({ kind }) => kind === wanted);
  const report: Report = {
    version: reportVersion,
    limit,
    good: rehearsals.every(({ isGood }) => isGood),
    volumes: ofKind('volumes').map(partsOf),
    networks: ofKind('network').map((rehearsal) => ({ network: rehearsal.name, ...partsOf(rehearsal) })),
    guests: ofKind('guest').map((rehearsal) => ({ guest: rehearsal.name, ...partsOf(rehearsal) })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function partsOf({ release, arch, isGood, runs, changes }: Rehearsal): Omit<Report['guests'][number], 'guest'> {
  return {
    release,
    arch,
    good: isGood,
    runs: runs.map(({ verb, status, isLate, commands, said }) => ({
      verb,
      status,
      late: isLate,
      commands: commands.map((command) => ({ argv: command.argv.map(withoutSecret), status: command.status })),
      said: [...said],
    })),
    changes: [...changes],
  };
}
