/** `bhyvec explain`: the page of a diagnostic, or what `explain-file.ts` says of a document. */
import { existsSync } from 'node:fs';
import { codeOf, knownWords, pageOf, retiredPageOf } from '../../diagnostics/explain.ts';
import type { Palette } from '../../diagnostics/render.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { isPattern } from '../glob.ts';
import type { CompileFlags } from '../options.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** A page with its headings in bold. */
function paintedPage(page: string, palette: Palette): string {
  return page.replaceAll(/^#+ .*$/gm, (heading) => palette.bold(heading));
}

/** Runs `bhyvec explain`. */
export async function runExplain(what: string, flags: CompileFlags, terminal: Terminal): Promise<ExitStatus> {
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
  const near = nearest(what, knownWords()) ?? (/^bv\d*$/i.test(what) ? 'BV0101' : null);
  throw new UsageError(
    `there is no diagnostic and no file '${what}'${near === null ? '' : `; did you mean '${near}'?`}`,
  );
}
