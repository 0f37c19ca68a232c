/**
 * What may stand in a word that bhyve cuts at commas, expands `%(` in, or that becomes a path (bhyve(8), option `-s`;
 * bhyve_config(5), "VARIABLE SUBSTITUTION"). Reports: BV0501 to BV0503.
 */
import type { Located } from '../../diagnostics/source.ts';
import type { Context } from '../context.ts';

// The first test of the code of FreeBSD 13.1 to main: any `%(` is expanded, and with any `%` backslashes are consumed.
const expanded = /%\(|%.*\\|\\.*%/s;
const control = /\p{Cc}/u;

/** Reports a text that bhyve would not take as it stands. */
export function checkWord(found: Located<string>, what: string, { dialect, reporter }: Context): void {
  if (!dialect.ours('word-separators')) return;
  const { value, at } = found;
  if (value.includes(',')) reporter.report('BV0501', at, { what });
  if (expanded.test(value)) reporter.report('BV0502', at, { what });
  if (control.test(value)) reporter.report('BV0503', at, { what });
}

/** Reports a path that is not absolute or that bhyve would not take as it stands. */
export function checkPath(found: Located<string>, what: string, context: Context): void {
  checkWord(found, what, context);
  if (context.dialect.ours('word-separators') && !found.value.startsWith('/')) {
    context.reporter.report('BV0504', found.at, { what, path: found.value });
  }
}
