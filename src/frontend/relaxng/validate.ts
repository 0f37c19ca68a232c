/**
 * The structure of a document against our grammar. Needs: a tree without syntax errors. Gives: whether it is that of a
 * domain, and the nodes that findings are about. Reports: BV0201 to BV0213.
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import table from '../schema/grammar.gen.json' with { type: 'json' };
import type { XmlAttribute, XmlElement } from '../xml/tree.ts';
import type { Finding } from './frame.ts';
import { createPatterns } from './create-patterns.ts';
import type { Patterns } from './patterns.ts';
import type { GrammarTable } from './table.ts';
import { walk } from './walk.ts';

/** What the validator makes of one document. */
export interface SchemaFindings {
  /** The verdict of the grammar, whatever was reported. */
  readonly valid: boolean;
  /** The nodes that a finding is about, with all that is inside elements that were passed over. */
  readonly flagged: ReadonlySet<XmlElement | XmlAttribute>;
  /** All findings, those that were not reported as well. */
  readonly findings: readonly Finding[];
}

/** How findings are reported. */
export interface ValidateOptions {
  /** Tells that a finding is not to be reported: one about a value that a template left open, for example. */
  readonly suppress?: (finding: Finding) => boolean;
}

/** A validator of one grammar. */
export interface Validator {
  (root: XmlElement): SchemaFindings;
  /** How much it keeps of what it has worked out. */
  size(): number;
}

/** Makes a validator of a grammar; it keeps what it has worked out, up to a limit. */
export function createValidator(grammar: GrammarTable): Validator {
  let patterns: Patterns | null = null;
  const validate = (root: XmlElement): SchemaFindings => {
    if (patterns === null || patterns.size > limit) patterns = createPatterns(grammar);
    const { findings, flagged } = walk(patterns, root);
    return { valid: findings.length === 0, flagged, findings };
  };
  return Object.assign(validate, { size: () => patterns?.size ?? 0 });
}

/** Patterns and results kept before all is worked out anew: a few megabytes. */
const limit = 20_000;

let domainValidator: Validator | null = null;

/** Validates a domain and reports what is wrong with its structure, as errors or as warnings. */
export function validateDomain(
  root: XmlElement,
  reporter: Reporter,
  severity: 'error' | 'warning',
  options: ValidateOptions = {},
): SchemaFindings {
  domainValidator ??= createValidator(table);
  const result = domainValidator(root);
  for (const finding of result.findings) if (options.suppress?.(finding) !== true) finding.report(reporter, severity);
  return result;
}
