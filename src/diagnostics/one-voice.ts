/**
 * The schema and the readers look at the same places: one mistake is told once. An error counts more than a warning, a
 * placeholder more than the value that it stands for; otherwise the schema speaks, which knows what was probably meant.
 */
import { stageOf } from './catalogue/stages.ts';
import type { Diagnostic } from './reporter.ts';
import type { Span } from './source.ts';

/** The reader's finding of a missing part, and the names of the schema's. */
const missing = 'missing-part';
/** What the schema says where the reader says that the document is of another type. */
const ofTheRoot = ['wrong-root', 'missing-attribute', 'wrong-namespace'];

/** Leaves out the findings that repeat another. */
export function inOneVoice(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const schema = diagnostics.filter(({ code }) => stageOf(code) === 2);
  if (schema.length === 0) return diagnostics;
  const readers = diagnostics.filter(({ code, severity }) => stageOf(code) === 3 && severity === 'error');
  const silent = new Set<Diagnostic>();
  for (const theirs of readers) {
    for (const ours of schema) {
      if (!speakOfOne(theirs, ours)) continue;
      const readerSpeaks = theirs.name === 'placeholder-left' || ours.severity !== 'error';
      silent.add(readerSpeaks ? ours : theirs);
    }
  }
  return diagnostics.filter((diagnostic) => !silent.has(diagnostic));
}

/** A missing part is told at a tag, by both, or is there under a misspelt name; a value is told at its own place. */
function speakOfOne(theirs: Diagnostic, ours: Diagnostic): boolean {
  if (theirs.name === 'wrong-domain-type') {
    if (ours.edit?.text === 'type' && ours.message.startsWith('<domain>')) return true;
    if (ofTheRoot.includes(ours.name)) return ours.span.start <= theirs.span.start;
  }
  if (theirs.name === missing && isMisspelt(theirs, ours)) return true;
  if (!overlap(theirs.span, ours.span)) return false;
  // What goes with a word that cannot be carried out is not missing.
  if (theirs.name === missing && ours.help?.startsWith("libvirt has '") === true) return true;
  if (theirs.name !== missing) return !ours.name.startsWith('missing-');
  // The value of an attribute that nobody can read is as good as none.
  const [attribute] = /^[\w-]+(?= of <)/.exec(ours.message) ?? [];
  if (ours.name === 'bad-value' && attribute !== undefined) return theirs.message.split(/\W+/).includes(attribute);
  return ours.name.startsWith('missing-') || ours.edit !== null;
}

/** The part that is missing is there under a misspelt name, or in the tag around it, which the schema mends. */
function isMisspelt(theirs: Diagnostic, ours: Diagnostic): boolean {
  const meant = (/^[A-Za-z_]+/.exec(ours.edit?.text ?? '') ?? /(?<=^write <)[A-Za-z_]+/.exec(ours.help ?? ''))?.[0];
  if (meant === undefined || !ours.name.startsWith('unknown-')) return false;
  const words = theirs.message.split(/\W+/).slice(1);
  const [, element = ''] = /^<([\w-]+)> has no attribute/.exec(ours.message) ?? [];
  return ours.span.start >= theirs.span.start && (words.includes(meant) || words.slice(1).includes(element));
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
