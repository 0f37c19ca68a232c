/** The verdict of libxml2's RELAX NG validator beside ours, by the same grammar. */
import { readFile } from 'node:fs/promises';
import type { Compilation, CompileOptions } from '../compile/stages.ts';
import { createReporter, type Diagnostic } from '../diagnostics/reporter.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import grammar from '../frontend/schema/domain.flat.gen.rng';
import { filledText } from '../frontend/variables.ts';
import { createXmllint } from '../frontend/xmllint/xmllint.ts';

const xmllint = createXmllint({ grammar, readWasm: () => readFile(new URL(XMLLINT_WASM, import.meta.url)) });

function word(isValid: boolean): string {
  return isValid ? 'valid' : 'invalid';
}

/** The finding that the two validators do not agree about a document. */
function disagreement(source: SourceFile, ours: boolean, schema: CompileOptions['schema']): readonly Diagnostic[] {
  const reporter = createReporter({ strict: false });
  const severity = schema === 'warn' ? 'warning' : 'error';
  const start = Math.max(0, source.text.search(/<[^!?]/));
  const at = { source, start, end: Math.min(start + 1, source.text.length) };
  reporter.report('BV0214', at, { ours: word(ours), theirs: word(!ours) }, { severity });
  return reporter.diagnostics;
}

/** What of a compilation the verdict is about. */
export type Judged = Pick<Compilation, 'source' | 'diagnostics' | 'schemaValid'>;

/** The documents with what there is to say of libxml2's verdict; those that our validator has not looked at as they are. */
export async function withSecondOpinion<One extends Judged>(
  batch: readonly One[],
  schema: CompileOptions['schema'],
): Promise<readonly One[]> {
  const asked = batch.filter(({ schemaValid }) => schemaValid !== null);
  const verdicts = asked.length === 0 ? [] : await xmllint.verdicts(asked.map(({ source }) => filledText(source)));
  const theirs = new Map(asked.map((compiled, i) => [compiled, verdicts[i]]));
  return batch.map((compiled) => {
    const verdict = theirs.get(compiled);
    const ours = compiled.schemaValid;
    if (verdict === undefined || ours === null || ours === verdict) return compiled;
    return { ...compiled, diagnostics: [...compiled.diagnostics, ...disagreement(compiled.source, ours, schema)] };
  });
}
