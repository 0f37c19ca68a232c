/**
 * What may stand in a word that bhyve cuts at commas, expands `%(` in, or that becomes a path (bhyve(8), option `-s`;
 * bhyve_config(5), "VARIABLE VALUES"). Reports: BV0501 to BV0504, BV0576, BV1581, BV1590.
 */
import type { Located } from '../../diagnostics/source.ts';
import { hasControl } from '../../ir/names.ts';
import type { Context } from '../context.ts';

// The first test of the code of FreeBSD 13.1 to main: any `%(` is expanded, and with any `%` backslashes are consumed.
const expanded = /%\(|%.*\\|\\.*%/s;

/** Reports a text that bhyve would not take as it stands. */
export function checkWord(found: Located<string>, what: string, context: Context): void {
  const { dialect, reporter } = context;
  if (dialect.ours('word-separators') && found.value.includes(',')) reporter.report('BV0501', found.at, { what });
  checkText(found, what, context);
}

/** The same for a text whose commas do no harm, or are looked at elsewhere. */
export function checkText(found: Located<string>, what: string, context: Context): void {
  const { dialect, reporter } = context;
  if (dialect.ours('word-separators') && expanded.test(found.value)) reporter.report('BV0502', found.at, { what });
  checkControl(found, what, context);
}

/** The same for a text that no key holds: bhyve expands nothing in it. */
export function checkControl({ value, at }: Located<string>, what: string, { dialect, reporter }: Context): void {
  if (dialect.ours('word-separators') && hasControl(value)) reporter.report('BV0503', at, { what });
}

/** Reports a path that is not absolute or that bhyve would not take as it stands. */
export function checkPath(found: Located<string>, what: string, context: Context): void {
  checkWord(found, what, context);
  reportRelative(found, what, context);
  checkStraight(found, what, context);
}

/** Reports a name that bhyve would end before its end: it is told name and path in one word, `NAME=PATH`. */
export function checkEquals({ value, at }: Located<string>, what: string, { dialect, reporter }: Context): void {
  if (dialect.ours('word-separators') && value.includes('=')) reporter.report('BV0576', at, { what });
}

/** The most bytes of a socket's path: sun_path of unix(4) has 104 with the NUL. */
export const longestSocket = 103;

/** Reports a path that is too long for a socket. */
export function checkSocket({ value, at }: Located<string>, { dialect, reporter }: Context): void {
  const length = new TextEncoder().encode(value).length;
  if (!dialect.ours('word-separators') || length <= longestSocket) return;
  reporter.report('BV1581', at, { what: 'the path of a unix socket', length, longest: longestSocket });
}

/** The same for a path whose commas are looked at elsewhere. */
export function checkAbsolute(found: Located<string>, what: string, context: Context): void {
  checkText(found, what, context);
  reportRelative(found, what, context);
  checkStraight(found, what, context);
}

function reportRelative({ value, at }: Located<string>, what: string, { dialect, reporter }: Context): void {
  if (!dialect.ours('word-separators') || value.startsWith('/')) return;
  reporter.report('BV0504', at, { what, path: value });
}

/**
 * Reports an absolute path that takes a detour: a part `..` leads elsewhere behind a link, and of two spellings of one file
 * nobody sees that they are one. A directory may have a slash at its end.
 */
export function checkStraight({ value, at }: Located<string>, what: string, { dialect, reporter }: Context): void {
  if (!dialect.ours('word-separators') || !value.startsWith('/') || value === '/') return;
  const parts = value.slice(1).split('/');
  const last = parts.pop() ?? '';
  const detours = [...parts, ...(last === '' && parts.length > 0 ? [] : [last])];
  const part = ['..', '.', ''].find((one) => detours.includes(one));
  const isFile = !what.startsWith('the directory');
  if (part !== undefined) reporter.report('BV1590', at, { what, part: part === '' ? 'an empty part' : `'${part}'` });
  else if (last === '' && isFile) reporter.report('BV1590', at, { what, part: 'a slash at its end' });
}

/** Four numbers below 256. */
export const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** True for an IPv4 or IPv6 address in numbers: bhyve resolves no names. */
export function isNumericAddress(text: string): boolean {
  const [address = '', ...zone] = text.split('%');
  const hasZone = zone.length === 1 && /^[A-Za-z0-9_.]+$/.test(zone[0] ?? '');
  if (zone.length > 0 && !hasZone) return false;
  if (!address.includes(':')) return zone.length === 0 && ipv4.test(address);
  return /^[0-9A-Fa-f:.]+$/.test(address) && URL.canParse(`http://[${address}]/`);
}
