/** `bhyvec explain FILE`: each word of the command lines beside the XML line and the rule that made it. */
import { commandsOf } from '../../compile/compile.ts';
import type { Resources } from '../../compile/stages.ts';
import type { CommandLine } from '../../backends/argv/emit.ts';
import { clipTo, displayWidth, padEnd, printable } from '../../diagnostics/printable.ts';
import type { Palette } from '../../diagnostics/render.ts';
import { positionOf, type Span } from '../../diagnostics/source.ts';
import { ipText } from '../../ir/network/ip.ts';
import type { NetworkPlan } from '../../ir/network/network-plan.ts';
import { commandsOfVolume } from '../../ir/storage/making.ts';
import { poolFolder, type PoolPlan, type VolumePlan } from '../../ir/storage/storage-plan.ts';
import { textOf, type Word } from '../../ir/words.ts';
import type { CompileFlags } from '../../documents/flags.ts';
import type { ExitStatus, Terminal } from '../../system/terminal.ts';
import { showFile } from './one-file.ts';

/** Cells of the XML that are shown beside a word. */
const excerptWidth = 44;

/** The first line of a place, without the space around it, as far as it fits. */
function excerptOf({ source, start, end }: Span): string {
  const piece = source.text.slice(start, Math.min(end, start + 4 * excerptWidth)).trimStart();
  return clipTo(printable(/^[^\r\n]*/.exec(piece)?.[0] ?? ''), excerptWidth);
}

/** The word without its secret: an explanation may be shown to others. */
function shownWord({ pieces }: Word): string {
  return printable(pieces.map((piece) => (piece.kind === 'secret' ? '***' : textOf([piece]))).join(''));
}

/** Words that stand together: an option and its value, which come from the same places by the same rule. */
function grouped(words: readonly Word[]): readonly (readonly Word[])[] {
  const groups: Word[][] = [];
  for (const word of words) {
    const last = groups.at(-1);
    const [option] = last ?? [];
    const isValue = last?.length === 1 && option !== undefined && isOption(option) && !isOption(word);
    const isSame = isValue && option.rule === word.rule && samePlaces(option.origins, word.origins);
    if (isSame) last.push(word);
    else groups.push([word]);
  }
  return groups;
}

function isOption({ pieces }: Word): boolean {
  return textOf(pieces).startsWith('-');
}

function samePlaces(a: readonly Span[], b: readonly Span[]): boolean {
  return a.length === b.length && a.every(({ source, start }, i) => b[i]?.source === source && b[i].start === start);
}

/** One row for each place that the words come from; the words and the rule stand in the first. */
function rowsOf(words: readonly Word[]): readonly (readonly [string, string, string, string])[] {
  const [first] = words;
  if (first === undefined) return [];
  return first.origins.map((origin, i) => {
    const { line } = positionOf(origin.source, origin.start);
    const shown = i === 0 ? words.map(shownWord).join(' ') : '';
    return [shown, String(line), excerptOf(origin), i === 0 ? printable(first.rule) : ''];
  });
}

function tableOf(commands: readonly CommandLine[], palette: Palette): string {
  const rows = commands.flatMap(({ words }) => grouped(words).flatMap(rowsOf));
  const width = (column: 0 | 1 | 2): number => Math.max(0, ...rows.map((row) => displayWidth(row[column])));
  const wordWidth = Math.min(width(0), 60);
  const show = ([text, line, excerpt, rule]: readonly [string, string, string, string]): string => {
    const cells = [padEnd(text, wordWidth), line.padStart(width(1)), padEnd(excerpt, width(2)), palette.dim(rule)];
    return `  ${cells.join('  ').trimEnd()}\n`;
  };
  return commands
    .map(({ role, words }) => `${palette.bold(role)}\n${grouped(words).flatMap(rowsOf).map(show).join('')}`)
    .join('\n');
}

/** What is made of a network: the bridge, the rules of pf, the settings of dnsmasq. */
function networkText({ name, bridge, made }: NetworkPlan): string {
  if (made === null) return `network ${name}\n  guests are on the bridge ${bridge}, which is there already\n`;
  const addresses = made.addresses.map((one) => `address ${ipText(one.address)}/${String(one.prefix)}`);
  const member = made.member === null ? [] : [`member ${made.member.dev}`];
  const rows = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`;
  return [
    rows(`network ${name}: the bridge ${bridge}, made by the service ${made.service}`, [...member, ...addresses]),
    rows('the anchor of pf', made.firewall?.rules ?? []),
    rows(
      'dnsmasq',
      (made.dnsmasq ?? []).map(([key, value]) => (value === null ? key : `${key}=${value}`)),
    ),
  ].join('');
}

function poolText({ name, type, target }: PoolPlan): string {
  const what = type === 'zfs' ? `zvols of ${target}` : 'files';
  return `pool ${name}\n  its volumes are ${what}, in ${poolFolder({ name, type, target })}\n`;
}

/** What a volume is, and how it is made where it is not there. */
function volumeText(plan: VolumePlan): string {
  const { name, pool, path, capacity, isMade } = plan;
  const lines = isMade ? commandsOfVolume(plan) : ['nobody makes it: it is an image that is put there'];
  const title = `volume ${name} of the pool ${pool.name}: ${path}, ${String(capacity)} bytes`;
  return `${title}\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`;
}

/** What a document is made into that is no guest; null for a guest. */
function resourceText({ network, pool, volume }: Resources): string | null {
  if (network?.plan != null) return networkText(network.plan);
  if (pool?.plan != null) return poolText(pool.plan);
  return volume?.plan == null ? null : volumeText(volume.plan);
}

/** Explains one document. */
export async function explainFile(file: string, flags: CompileFlags, terminal: Terminal): Promise<ExitStatus> {
  return await showFile(file, flags, terminal, ({ compilation }) => {
    if (compilation === null) return null;
    return resourceText(compilation) ?? tableOf(commandsOf(compilation), terminal.outPalette);
  });
}
