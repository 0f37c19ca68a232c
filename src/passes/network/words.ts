/** Texts that stand in the lines of a dnsmasq.conf, where commas, quotes and ends of lines mean something. Reports: BV2506. */
import type { Located } from '../../diagnostics/source.ts';
import type { Context } from '../context.ts';

/** A name of the DNS. */
export function domainName({ value, at }: Located<string>, { reporter }: Context): string {
  const name = value.trim();
  if (
    !/^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$/.test(
      name,
    )
  ) {
    const accepted = 'write labels of letters, digits and hyphens with dots between them';
    reporter.report('BV2506', at, { what: 'a name of the DNS', value: shown(name), accepted });
  }
  return name;
}

/** A text without what would end the value. */
export function plainText({ value, at }: Located<string>, what: string, { reporter }: Context): string {
  const text = value.trim();
  if (text === '' || /[\p{Cc}",\\]/u.test(text)) {
    reporter.report('BV2506', at, {
      what,
      value: shown(text),
      accepted: 'write it without commas, quotes, backslashes and ends of lines',
    });
  }
  return text;
}

/** A text in quotes, as dnsmasq reads them. */
export function quotedText({ value, at }: Located<string>, { reporter }: Context): string {
  if (/\p{Cc}/u.test(value)) {
    reporter.report('BV2506', at, { what: 'a text record', value: shown(value), accepted: 'write it on one line' });
  }
  return `"${value.replace(/["\\]/g, String.raw`\$&`)}"`;
}

function shown(text: string): string {
  return JSON.stringify(text).slice(1, -1).slice(0, 40);
}
