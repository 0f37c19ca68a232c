/** What a build changes, for people, for a pull request, and for programs (schemas/changes.schema.json). */
import type { Change, GuestChange } from './compare.ts';
import { degrees, type Degree } from './facts.ts';

const words: Readonly<Record<Degree, string>> = {
  nothing: 'nothing to do',
  'host-only': 'host only',
  'needs-restart': 'needs restart',
  'guest-visible': 'guest-visible',
  'may-lose-data': 'may lose data',
};

/** How many guests there are of each degree, as a line; guests that stay as they are come last. */
export function summaryOf(guests: readonly GuestChange[]): string {
  const counts = degrees.toReversed().flatMap((degree) => {
    const count = guests.filter((guest) => guest.degree === degree).length;
    return count === 0 ? [] : [`${String(count)} ${words[degree]}`];
  });
  return `${String(guests.length)} ${guests.length === 1 ? 'guest' : 'guests'}: ${counts.join(', ') || 'none'}`;
}

/** What becomes of the guests of one host. */
export interface HostChange {
  /** Its name in the project; null outside of one. */
  readonly host: string | null;
  readonly guests: readonly GuestChange[];
}

/** Lines for a terminal. Guests that stay as they are are counted only, and so are those beyond `most`. */
export function textOf(guests: readonly GuestChange[], most = Number.POSITIVE_INFINITY): string {
  const changed = guests.filter(({ kind }) => kind !== 'unchanged');
  const blocks = changed.slice(0, most).map(({ guest, kind, changes }) => {
    const sign = { added: '+', removed: '-', changed: '~', unchanged: ' ' }[kind];
    return [`${sign} ${guest}`, ...changes.map(lineOf)].join('\n');
  });
  const more = changed.length - blocks.length;
  const others = more > 0 ? [`... and ${String(more)} more`] : [];
  return `${[...blocks, ...others, summaryOf(guests)].join('\n')}\n`;
}

function lineOf({ sign, degree, text }: Change): string {
  return `    ${sign} ${text}  [${words[degree]}]`;
}

/** A comment for a pull request: a table for each guest that changes. */
export function markdownOf(hosts: readonly HostChange[]): string {
  const parts = hosts.map(({ host, guests }) => {
    const title = host === null || hosts.length === 1 ? '' : `## ${escaped(host)}\n\n`;
    return `${title}${hostMarkdown(guests)}`;
  });
  return `${['## What bhyvec would change', ...parts].join('\n\n')}\n`;
}

function hostMarkdown(guests: readonly GuestChange[]): string {
  const changed = guests.filter(({ kind }) => kind !== 'unchanged');
  const blocks = changed.map(({ guest, degree, changes }) =>
    [
      `### ${escaped(guest)}: ${words[degree]}`,
      '',
      '| | What changes | What it means |',
      '| --- | --- | --- |',
      ...changes.map((change) => `| \`${change.sign}\` | ${escaped(change.text)} | ${words[change.degree]} |`),
      '',
    ].join('\n'),
  );
  return [summaryOf(guests), '', ...blocks].join('\n').trimEnd();
}

/** Markdown takes none of it for its own. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~#]/g, (sign) => `\\${sign}`);
}

/** The same as an object. */
export function objectOf(hosts: readonly HostChange[]): object {
  const guests = hosts.flatMap(({ host, guests: all }) => all.map((one) => ({ host, ...one })));
  return { version: 1, changed: guests.some(({ kind }) => kind !== 'unchanged'), guests };
}
