/** The networks, pools and volumes of a host for a program that compiles its guests one by one. */
import { checkGuests } from '../compile/compile.ts';
import type { CompileOptions } from '../compile/stages.ts';
import { inSourceOrder, type Diagnostic } from '../diagnostics/reporter.ts';
import { expandOperands, readInput } from './inputs.ts';
import { kindOfText, lowerResources, type ReadInput, type ResourcesOf } from './resources.ts';

/** What is known of them, and what there is to say. */
export interface Shared {
  /** Ready to be options of the compiler. */
  readonly known: ResourcesOf['known'];
  readonly diagnostics: readonly Diagnostic[];
  /** What cannot be read, a line each. */
  readonly problems: readonly string[];
}

/**
 * Reads and compiles them, and holds them together. Guests among the documents are passed over.
 * @param operands files, folders, patterns
 */
export async function sharedIn(operands: readonly string[], options: CompileOptions): Promise<Shared> {
  const documents: ReadInput[] = [];
  const problems: string[] = [];
  for (const input of operands.length === 0 ? [] : await expandOperands(operands)) {
    const bytes = 'problem' in input ? input : await readInput(input);
    if ('problem' in input || 'problem' in bytes) problems.push('problem' in bytes ? bytes.problem : '');
    else if (kindOfText(bytes) !== null) documents.push({ input, bytes });
  }
  const { lowerings, known } = lowerResources(documents, options);
  const all = [...lowerings.values()];
  const together = checkGuests(
    [],
    options,
    all.flatMap(({ network }) => network?.plan ?? []),
    {
      pools: all.flatMap(({ pool }) => pool?.plan ?? []),
      volumes: all.flatMap(({ volume }) => volume?.plan ?? []),
    },
  );
  return {
    known,
    problems,
    diagnostics: inSourceOrder([...all.flatMap(({ diagnostics }) => diagnostics), ...together]),
  };
}
