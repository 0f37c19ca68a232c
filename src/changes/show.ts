/** What a build changes, for people, for a pull request, and for programs (schemas/changes.schema.json). */
import type { GuestChange } from './compare.ts';
import { degrees, type Degree } from './facts.ts';
import type { Fate } from './fate.ts';
import type { NetworkChange } from './networks.ts';
import type { VolumeChange } from './volumes.ts';

const words: Readonly<Record<Degree, string>> = {
  nothing: 'nothing to do',
  'host-only': 'host only',
  'needs-restart': 'needs restart',
  'guest-visible': 'guest-visible',
  'may-lose-data': 'may lose data',
};

/** Of a network it is the network that is restarted. */
const networkWords: typeof words = { ...words, 'needs-restart': 'needs restart of the network' };

/** How many there are of each degree, as a line; those that stay as they are come last. */
function counted(noun: string, all: readonly { readonly degree: Degree }[], terms: typeof words): string {
  const counts = degrees.toReversed().flatMap((degree) => {
    const count = all.filter((one) => one.degree === degree).length;
    return count === 0 ? [] : [`${String(count)} ${terms[degree]}`];
  });
  return `${String(all.length)} ${noun}${all.length === 1 ? '' : 's'}: ${counts.join(', ') || 'none'}`;
}

/** The guests, then the networks and volumes where there are some. */
function summariesOf({ guests, networks, volumes = [] }: Become): readonly string[] {
  const isOther = networks.length + volumes.length > 0;
  return [
    ...(guests.length === 0 && isOther ? [] : [counted('guest', guests, words)]),
    ...(networks.length === 0 ? [] : [counted('network', networks, networkWords)]),
    ...(volumes.length === 0 ? [] : [counted('volume', volumes, words)]),
  ];
}

/** What becomes of the guests, networks and volumes of one host. */
export interface HostChange {
  /** Its name in the project; null outside of one. */
  readonly host: string | null;
  readonly guests: readonly GuestChange[];
  readonly networks: readonly NetworkChange[];
  readonly volumes?: readonly VolumeChange[];
}

/** The same, of whichever host. */
export type Become = Omit<HostChange, 'host'>;

/** One of them that changes, with the words for it. */
interface Block extends Fate {
  readonly title: string;
  readonly terms: typeof words;
}

/** Networks and volumes first: guests are on them. */
function blocksOf({ guests, networks, volumes = [] }: Become): readonly Block[] {
  return [
    ...volumes.map((one) => ({ ...one, title: `volume ${one.volume}`, terms: words })),
    ...networks.map((one) => ({ ...one, title: `network ${one.network}`, terms: networkWords })),
    ...guests.map((one) => ({ ...one, title: one.guest, terms: words })),
  ].filter(({ kind }) => kind !== 'unchanged');
}

/** Lines for a terminal. What stays as it is is counted only, and so is what is beyond `most`. */
export function textOf(host: Become, most = Number.POSITIVE_INFINITY): string {
  const changed = blocksOf(host);
  const blocks = changed.slice(0, most).map(({ title, kind, changes, terms }) => {
    const sign = { added: '+', removed: '-', changed: '~', unchanged: ' ' }[kind];
    const lines = changes.map((change) => `    ${change.sign} ${change.text}  [${terms[change.degree]}]`);
    return [`${sign} ${title}`, ...lines].join('\n');
  });
  const more = changed.length - blocks.length;
  const others = more > 0 ? [`... and ${String(more)} more`] : [];
  return `${[...blocks, ...others, ...summariesOf(host)].join('\n')}\n`;
}

/** A comment for a pull request: a table for each guest and network that changes. */
export function markdownOf(hosts: readonly HostChange[]): string {
  const parts = hosts.map((one) => {
    const title = one.host === null || hosts.length === 1 ? '' : `## ${escaped(one.host)}\n\n`;
    return `${title}${hostMarkdown(one)}`;
  });
  return `${['## What bhyvec would change', ...parts].join('\n\n')}\n`;
}

function hostMarkdown(host: HostChange): string {
  const blocks = blocksOf(host).map(({ title, degree, changes, terms }) =>
    [
      `### ${escaped(title)}: ${terms[degree]}`,
      '',
      '| | What changes | What it means |',
      '| --- | --- | --- |',
      ...changes.map((change) => `| \`${change.sign}\` | ${escaped(change.text)} | ${terms[change.degree]} |`),
      '',
    ].join('\n'),
  );
  return [summariesOf(host).join('  \n'), '', ...blocks].join('\n').trimEnd();
}

/** Markdown takes none of it for its own. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~#]/g, (sign) => `\\${sign}`);
}

/** The same as an object. */
export function objectOf(hosts: readonly HostChange[]): object {
  const guests = hosts.flatMap(({ host, guests: all }) => all.map((one) => ({ host, ...one })));
  const networks = hosts.flatMap(({ host, networks: all }) => all.map((one) => ({ host, ...one })));
  const volumes = hosts.flatMap(({ host, volumes: all = [] }) => all.map((one) => ({ host, ...one })));
  const some = volumes.length === 0 ? {} : { volumes };
  return { version: 1, changed: hosts.some(isChanged), guests, networks, ...some };
}

/** Whether anything of a host changes. */
export function isChanged({ guests, networks, volumes = [] }: HostChange): boolean {
  return [...guests, ...networks, ...volumes].some(({ kind }) => kind !== 'unchanged');
}
