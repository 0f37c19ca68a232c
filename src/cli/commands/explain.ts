/** `bhyvec explain`: the page of a diagnostic, or what `explain-file.ts` says of a document. */
import { existsSync } from 'node:fs';
import { codeOf, knownWords, pageOf, retiredPageOf } from '../../diagnostics/explain.ts';
import type { Palette } from '../../diagnostics/render.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { isPattern } from '../../documents/inputs.ts';
import type { ExplainFlags } from '../options.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** A page with its headings in bold. */
function paintedPage(page: string, palette: Palette): string {
  return page.replaceAll(/^#+ .*$/gm, (heading) => palette.bold(heading));
}

/** Runs `bhyvec explain`. */
export async function runExplain(
  what: string | undefined,
  flags: ExplainFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  if (flags.list === true) {
    const { listDiagnostics } = await import('./explain-list.ts');
    return await listDiagnostics(flags.format, terminal);
  }
  if (what === undefined)
    throw new UsageError("explain what? A code, the name of a diagnostic or a file; '--list' lists all");
  const code = codeOf(what);
  const page = code === null ? retiredPageOf(what) : pageOf(code);
  if (page !== null) {
    await terminal.out(`${paintedPage(page.trimEnd(), terminal.outPalette)}\n`);
    return exitStatus.done;
  }
  const looksLikeFile = what === '-' || /[./]/.test(what) || isPattern(what) || existsSync(what);
  if (looksLikeFile) {
    const { explainFile } = await import('./explain-file.ts');
    return await explainFile(what, flags, terminal);
  }
  const isCode = /^bv\d*$/i.test(what);
  const near = isCode ? null : nearest(what, knownWords());
  const hint = near === null ? "'bhyvec explain --list' lists all" : `did you mean '${near}'?`;
  throw new UsageError(`there is no diagnostic ${isCode ? '' : 'and no file '}'${what}'; ${hint}`);
}
