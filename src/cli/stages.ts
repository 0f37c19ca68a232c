/** From bytes to a compilation, and from a compilation to its commands. */
import { commandLines, type CommandLine } from '../backends/argv/emit.ts';
import { compile, type Compilation, type CompileOptions } from '../compile.ts';
import { createReporter, type Diagnostic } from '../diagnostics/reporter.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import { decodeSource } from '../frontend/xml/decode.ts';

/** A document that was read and compiled. */
export interface Compiled {
  readonly source: SourceFile;
  readonly diagnostics: readonly Diagnostic[];
  /** Null where the bytes were no text. */
  readonly compilation: Compilation | null;
}

/** Decodes and compiles one document. */
export function compileBytes(name: string, bytes: Uint8Array, options: CompileOptions): Compiled {
  const reporter = createReporter({ strict: options.strict });
  const source = decodeSource(name, bytes, reporter);
  if (source === null) return { source: { name, text: '' }, diagnostics: reporter.diagnostics, compilation: null };
  const compilation = compile(source, options);
  return { source, diagnostics: [...reporter.diagnostics, ...compilation.diagnostics], compilation };
}

/** The commands of a compilation; none after an error. */
export function commandsOf({ plan }: Compilation): readonly CommandLine[] {
  return plan === null ? [] : commandLines(plan);
}
